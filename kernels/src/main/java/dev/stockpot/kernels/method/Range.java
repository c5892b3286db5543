package dev.stockpot.kernels.method;

import java.util.List;
import java.util.Optional;

/**
 * The values that a parameter can take. Numbers are {@link Double}, flags {@link Boolean}, words
 * {@link String}.
 */
public sealed interface Range {

  /**
   * What is wrong with a value, in words that follow its name: {@code "is 1.5, must be 0 to 1"}.
   */
  Optional<String> problemWith(Object value);

  /** For people: {@code "a number from 0 to 1"}. */
  @Override
  String toString();

  /** Finite numbers from {@code least} to {@code most}, both included. */
  record Numbers(double least, double most) implements Range {
    public static final Numbers ANY =
        new Numbers(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    public static final Numbers FRACTION = new Numbers(0, 1);
    public static final Numbers NOT_NEGATIVE = new Numbers(0, Double.POSITIVE_INFINITY);

    @Override
    public Optional<String> problemWith(Object value) {
      if (value instanceof Double number
          && Double.isFinite(number)
          && number >= least
          && number <= most) {
        return Optional.empty();
      }
      return Optional.of("is %s, must be %s".formatted(value, this));
    }

    @Override
    public String toString() {
      if (least == Double.NEGATIVE_INFINITY && most == Double.POSITIVE_INFINITY) {
        return "a number";
      }
      if (most == Double.POSITIVE_INFINITY) {
        return "a number from %s up".formatted(plain(least));
      }
      return "a number from %s to %s".formatted(plain(least), plain(most));
    }

    private static String plain(double number) {
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? String.valueOf((long) number)
          : String.valueOf(number);
    }
  }

  /** Whole numbers from {@code least} up, each the same for all layers. */
  record Whole(long least) implements Range {
    @Override
    public Optional<String> problemWith(Object value) {
      if (value instanceof Double number
          && Double.isFinite(number)
          && number == Math.rint(number)
          && number >= least) {
        return Optional.empty();
      }
      return Optional.of("is %s, must be %s".formatted(value, this));
    }

    @Override
    public String toString() {
      return "a whole number from %s up".formatted(least);
    }
  }

  /** True or false. */
  record Flag() implements Range {
    @Override
    public Optional<String> problemWith(Object value) {
      return value instanceof Boolean
          ? Optional.empty()
          : Optional.of("is %s, must be %s".formatted(value, this));
    }

    @Override
    public String toString() {
      return "true or false";
    }
  }

  /** One of a few words. */
  record Words(List<String> words) implements Range {
    public Words {
      words = List.copyOf(words);
    }

    @Override
    public Optional<String> problemWith(Object value) {
      return value instanceof String word && words.contains(word)
          ? Optional.empty()
          : Optional.of("is %s, must be %s".formatted(value, this));
    }

    @Override
    public String toString() {
      return "one of " + String.join(", ", words);
    }
  }

  /** True or false, or one of a few words that say how. */
  record FlagOrWords(List<String> words) implements Range {
    public FlagOrWords {
      words = List.copyOf(words);
    }

    @Override
    public Optional<String> problemWith(Object value) {
      boolean fits = value instanceof Boolean || (value instanceof String && words.contains(value));
      return fits ? Optional.empty() : Optional.of("is %s, must be %s".formatted(value, this));
    }

    @Override
    public String toString() {
      return "true, false or one of " + String.join(", ", words);
    }
  }
}
