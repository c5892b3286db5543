package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One parameter of a merge method, as a recipe spells it.
 *
 * @param name the word in the recipe, for example {@code density}
 * @param scope whether each model has its own value or the whole merge has one
 * @param range what values make sense
 * @param standard the value where the recipe gives none; empty: the recipe must give one
 * @param meaning one sentence for a person choosing a value
 */
public record Parameter(
    String name, Scope scope, Range range, Optional<Object> standard, String meaning) {

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
    if (standard.isPresent() && range.problemWith(standard.get()).isPresent()) {
      throw new IllegalArgumentException(
          "default %s of %s is not %s".formatted(standard.get(), name, range));
    }
  }

  public boolean isRequired() {
    return standard.isEmpty();
  }

  public static Parameter required(String name, Scope scope, Range range, String meaning) {
    return new Parameter(name, scope, range, Optional.empty(), meaning);
  }

  public static Parameter optional(
      String name, Scope scope, Range range, Object standard, String meaning) {
    return new Parameter(name, scope, range, Optional.of(standard), meaning);
  }
}
