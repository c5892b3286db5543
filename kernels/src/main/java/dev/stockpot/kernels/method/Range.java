package dev.stockpot.kernels.method;

import java.util.List;
import java.util.Optional;

/**
 * The values that a parameter can take. As a recipe writes them and a manifest holds them they are
 * plain: numbers {@link Double}, flags {@link Boolean}, words {@link String}. A method sees them
 * typed.
 *
 * @param <T> what a method sees
 */
public sealed interface Range<T>
    permits Range.Numbers, Range.Whole, Range.Flag, Range.Words, Range.OneOf, Range.FlagOrOneOf {
  /** What a recipe may write where such a value is wanted; what is not that is a word. */
  enum Notation {
    NUMBER,
    FLAG,
    WORD
  }

  /** How a recipe writes a value. */
  Notation notation();

  /** Whether layers may have values of their own, on a line between those of a gradient. */
  default boolean takesGradient() {
    return false;
  }

  /**
   * What is wrong with a plain value, in words that follow its name: {@code "is 1.5, must be 0 to
   * 1"}.
   */
  Optional<String> problemWith(Object plain);

  /** A plain value that has no problem, as a method sees it. */
  T typed(Object plain);

  /** A typed value as a recipe would write it. */
  default Object plain(T typed) {
    return typed;
  }

  /** For people: {@code "a number from 0 to 1"}. */
  @Override
  String toString();

  private static Optional<String> problemUnless(boolean fits, Object plain, Range<?> range) {
    return fits ? Optional.empty() : Optional.of("is %s, must be %s".formatted(plain, range));
  }

  private static List<String> words(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  private static <E> E spelled(Object word, List<E> values) {
    return values.stream()
        .filter(value -> value.toString().equals(word))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("%s is not one of %s".formatted(word, values)));
  }

  /** Finite numbers from {@code least} to {@code most}, both included. */
  record Numbers(double least, double most) implements Range<Double> {
    public static final Numbers ANY =
        new Numbers(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    public static final Numbers FRACTION = new Numbers(0, 1);
    public static final Numbers NOT_NEGATIVE = new Numbers(0, Double.POSITIVE_INFINITY);

    @Override
    public Notation notation() {
      return Notation.NUMBER;
    }

    @Override
    public boolean takesGradient() {
      return true;
    }

    @Override
    public Optional<String> problemWith(Object plain) {
      boolean fits =
          plain instanceof Double number
              && Double.isFinite(number)
              && number >= least
              && number <= most;
      return problemUnless(fits, plain, this);
    }

    @Override
    public Double typed(Object plain) {
      return (Double) plain;
    }

    @Override
    public String toString() {
      if (least == Double.NEGATIVE_INFINITY && most == Double.POSITIVE_INFINITY) {
        return "a number";
      }
      if (most == Double.POSITIVE_INFINITY) {
        return "a number from %s up".formatted(shown(least));
      }
      return "a number from %s to %s".formatted(shown(least), shown(most));
    }

    private static String shown(double number) {
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? String.valueOf((long) number)
          : String.valueOf(number);
    }
  }

  /** Whole numbers from {@code least} up, each the same for all layers. */
  record Whole(int least) implements Range<Integer> {
    @Override
    public Notation notation() {
      return Notation.NUMBER;
    }

    @Override
    public Optional<String> problemWith(Object plain) {
      boolean fits =
          plain instanceof Double number
              && Double.isFinite(number)
              && number == Math.rint(number)
              && number >= least;
      return problemUnless(fits, plain, this);
    }

    /** The largest {@code int} stands for all larger numbers. */
    @Override
    public Integer typed(Object plain) {
      return ((Double) plain).intValue();
    }

    @Override
    public Object plain(Integer typed) {
      return typed.doubleValue();
    }

    @Override
    public String toString() {
      return "a whole number from %s up".formatted(least);
    }
  }

  /** True or false. */
  record Flag() implements Range<Boolean> {
    @Override
    public Notation notation() {
      return Notation.FLAG;
    }

    @Override
    public Optional<String> problemWith(Object plain) {
      return problemUnless(plain instanceof Boolean, plain, this);
    }

    @Override
    public Boolean typed(Object plain) {
      return (Boolean) plain;
    }

    @Override
    public String toString() {
      return "true or false";
    }
  }

  /** One of a few words, as it is. */
  record Words(List<String> words) implements Range<String> {
    public Words {
      words = List.copyOf(words);
    }

    @Override
    public Notation notation() {
      return Notation.WORD;
    }

    @Override
    public Optional<String> problemWith(Object plain) {
      return problemUnless(plain instanceof String word && words.contains(word), plain, this);
    }

    @Override
    public String typed(Object plain) {
      return (String) plain;
    }

    @Override
    public String toString() {
      return "one of " + String.join(", ", words);
    }
  }

  /**
   * One of a few choices.
   *
   * @param values whose {@code toString} is the word in a recipe
   */
  record OneOf<E>(List<E> values) implements Range<E> {
    public OneOf {
      values = List.copyOf(values);
    }

    @Override
    public Notation notation() {
      return Notation.WORD;
    }

    @Override
    public Optional<String> problemWith(Object plain) {
      boolean fits = plain instanceof String word && words(values).contains(word);
      return problemUnless(fits, plain, this);
    }

    @Override
    public E typed(Object plain) {
      return spelled(plain, values);
    }

    @Override
    public Object plain(E typed) {
      return typed.toString();
    }

    @Override
    public String toString() {
      return "one of " + String.join(", ", words(values));
    }
  }

  /**
   * True or false, or one of a few choices that say how.
   *
   * @param whenFalse what false stands for
   * @param whenTrue what true stands for, which may be one of the choices
   * @param values whose {@code toString} is the word in a recipe
   */
  record FlagOrOneOf<E>(E whenFalse, E whenTrue, List<E> values) implements Range<E> {
    public FlagOrOneOf {
      values = List.copyOf(values);
    }

    @Override
    public Notation notation() {
      return Notation.FLAG;
    }

    @Override
    public Optional<String> problemWith(Object plain) {
      boolean fits =
          plain instanceof Boolean
              || (plain instanceof String word && words(values).contains(word));
      return problemUnless(fits, plain, this);
    }

    @Override
    public E typed(Object plain) {
      if (plain instanceof Boolean flag) {
        return flag ? whenTrue : whenFalse;
      }
      return spelled(plain, values);
    }

    @Override
    public Object plain(E typed) {
      if (typed.equals(whenFalse)) {
        return false;
      }
      return typed.equals(whenTrue) ? (Object) true : typed.toString();
    }

    @Override
    public String toString() {
      return "true, false or one of " + String.join(", ", words(values));
    }
  }
}
