package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;

/**
 * How a tensor is carried to another width or vocabulary.
 *
 * @param through the tensor that it is multiplied with from the right: what it reads is mapped
 *     first
 * @param onto the tensor that it is multiplied with from the left: what it gives is mapped then
 * @param tokens whose rows it gets
 */
public record Carry(Optional<String> through, Optional<String> onto, Optional<Tokens> tokens) {
  /** Nowhere. */
  public static final Carry NONE = new Carry(Optional.empty(), Optional.empty(), Optional.empty());

  public Carry {
    requireNonNull(through, "through is null");
    requireNonNull(onto, "onto is null");
    requireNonNull(tokens, "tokens is null");
  }

  /** How rows are found of tokens that a model does not know. */
  public enum Method {
    /** Sums of few rows, by orthogonal matching pursuit. */
    OMP,
    /** The nearest rows, weighed by distance. */
    INTERPOLATION,
    /** The mean of the rows that spell it. */
    SUBWORD,
    /** The mean of all rows. */
    MEAN;

    /** As a recipe has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The tokens of another model.
   *
   * @param of whose
   * @param most rows of a sum
   */
  public record Tokens(ModelReference of, Method method, int most) {
    public Tokens {
      requireNonNull(of, "of is null");
      requireNonNull(method, "method is null");
      if (most < 1) {
        throw new IllegalArgumentException("sums of %s rows".formatted(most));
      }
    }
  }
}
