package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * How many singular triplets of a change an adapter keeps of it.
 *
 * @param value what the kind counts; without a meaning where the number is given
 * @param most the number, or the most that another kind may give
 */
public record RankRule(Kind kind, double value, int most) implements Serializable {
  /** Where no number is given and another kind says how many. */
  public static final int ANY = Integer.MAX_VALUE;

  /** What says how many there are. */
  public enum Kind {
    /** The number itself. */
    NUMBER,
    /** As few as have that share of the sum of squares of all singular values. */
    ENERGY,
    /** Those whose singular value is larger. */
    THRESHOLD,
    /** As few as leave no larger share of the change's length. */
    ERROR;

    /** Its key in a recipe. */
    String key() {
      return this == NUMBER ? "rank" : name().toLowerCase(Locale.ROOT);
    }
  }

  public RankRule {
    requireNonNull(kind, "kind is null");
    boolean isShare = kind == Kind.ENERGY || kind == Kind.ERROR;
    if (most < 1 || !(value >= 0) || (isShare && value > 1)) {
      throw new IllegalArgumentException("%s %s, at most %s".formatted(kind, value, most));
    }
  }

  /** As many as that. */
  public static RankRule number(int rank) {
    return new RankRule(Kind.NUMBER, 0, rank);
  }

  /** Whether it hangs on singular values. */
  public boolean looksAtValues() {
    return kind != Kind.NUMBER;
  }

  /** The most that it can give for a matrix. */
  public int most(long rows, long columns) {
    return (int) Math.min(most, Math.min(rows, columns));
  }

  /**
   * How many are kept; empty if more values must be known to tell.
   *
   * @param values the largest, in descending order
   * @param squares sum of the squares of all
   * @param limit the most that may be kept
   */
  public OptionalInt rank(double[] values, double squares, int limit) {
    int rank = kind == Kind.NUMBER ? limit : count(values, squares);
    if (rank <= values.length || values.length >= limit) {
      return OptionalInt.of(Math.min(rank, limit));
    }
    return OptionalInt.empty();
  }

  /** One more than there are where these are not enough. */
  private int count(double[] values, double squares) {
    double wanted = kind == Kind.ENERGY ? value * squares : (1 - value * value) * squares;
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      boolean isEnough = kind == Kind.THRESHOLD ? values[i] <= value : sum >= wanted;
      if (isEnough) {
        return i;
      }
      sum += values[i] * values[i];
    }
    return kind != Kind.THRESHOLD && sum >= wanted ? values.length : values.length + 1;
  }

  /** As a recipe has it. */
  @Override
  public String toString() {
    String number = most == ANY ? "" : "rank: %s".formatted(most);
    return kind == Kind.NUMBER
        ? number
        : "%s: %s%s".formatted(kind.key(), value, number.isEmpty() ? "" : ", " + number);
  }
}
