package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One parameter of a merge method, as a recipe spells it. A method holds it as a constant, lists it
 * and asks {@link ParameterValues#get} for its value.
 *
 * @param <T> what the method sees, for example {@link Double}
 * @param name the word in the recipe, for example {@code density}
 * @param scope whether each model has its own value or the whole merge has one
 * @param range what values make sense
 * @param standard the value where the recipe gives none; empty: the recipe must give one
 * @param meaning one sentence for a person choosing a value
 */
public record Parameter<T>(
    String name, Scope scope, Range<T> range, Optional<T> standard, String meaning) {
  /** Who has a value of their own. */
  public enum Scope {
    /** Every model that takes part; the base model needs none. */
    MODEL,
    /** The merge as a whole. */
    MERGE
  }

  public Parameter {
    requireNonNull(name, "name is null");
    requireNonNull(scope, "scope is null");
    requireNonNull(range, "range is null");
    requireNonNull(standard, "standard is null");
    requireNonNull(meaning, "meaning is null");
    if (standard.isPresent() && range.problemWith(range.plain(standard.get())).isPresent()) {
      throw new IllegalArgumentException(
          "default %s of %s is not %s".formatted(standard.get(), name, range));
    }
  }

  public static <T> Parameter<T> required(
      String name, Scope scope, Range<T> range, String meaning) {
    return new Parameter<>(name, scope, range, Optional.empty(), meaning);
  }

  public static <T> Parameter<T> optional(
      String name, Scope scope, Range<T> range, T standard, String meaning) {
    return new Parameter<>(name, scope, range, Optional.of(standard), meaning);
  }

  public boolean isRequired() {
    return standard.isEmpty();
  }

  /** The default as a recipe would write it. */
  public Optional<Object> plainStandard() {
    return standard.map(range::plain);
  }

  /** The same parameter of another method, which has another default. */
  public Parameter<T> withStandard(T other) {
    return new Parameter<>(name, scope, range, Optional.of(other), meaning);
  }

  /** The same parameter of another method, where it means something else. */
  public Parameter<T> withMeaning(String other) {
    return new Parameter<>(name, scope, range, standard, other);
  }
}
