package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A checkpoint of statistics that a method reads beside the models. Its tensors have the models'
 * names and shapes, and a type of their own.
 *
 * @param name the word in the recipe, for example {@code fisher_diag}
 * @param scope whether each model but the base has one of its own, or the whole merge has one
 * @param need whether a recipe may leave it out
 * @param types those that its tensors may be stored in
 * @param meaning one sentence for a person who has to bring it
 */
public record SideInput(
    String name, Parameter.Scope scope, Need need, Set<DType> types, String meaning) {
  /** Every type that kernels can read. */
  public static final Set<DType> READABLE =
      Arrays.stream(DType.values())
          .filter(DType::isReadable)
          .collect(Collectors.collectingAndThen(Collectors.toSet(), Set::copyOf));

  /** Whether a merge can do without. */
  public enum Need {
    REQUIRED,
    OPTIONAL
  }

  public SideInput {
    requireNonNull(name, "name is null");
    requireNonNull(scope, "scope is null");
    requireNonNull(need, "need is null");
    requireNonNull(meaning, "meaning is null");
    if (types.isEmpty() || !READABLE.containsAll(types)) {
      throw new IllegalArgumentException(
          "side input %s may be of %s, must be some of %s".formatted(name, types, READABLE));
    }
    types = Set.copyOf(types);
  }

  public static SideInput required(
      String name, Parameter.Scope scope, Set<DType> types, String meaning) {
    return new SideInput(name, scope, Need.REQUIRED, types, meaning);
  }

  public static SideInput optional(
      String name, Parameter.Scope scope, Set<DType> types, String meaning) {
    return new SideInput(name, scope, Need.OPTIONAL, types, meaning);
  }

  public boolean isRequired() {
    return need == Need.REQUIRED;
  }

  /** What is wrong with a stored type, in words that follow a tensor's name. */
  public Optional<String> problemWith(DType stored) {
    return types.contains(stored)
        ? Optional.empty()
        : Optional.of(
            "is %s, but %s must be one of %s".formatted(stored, name, new TreeSet<>(types)));
  }

  /**
   * A side input that is there: one operand behind those of the models.
   *
   * @param name of the {@link SideInput}
   * @param model place of the model that it belongs to; empty if it belongs to the merge
   */
  public record Given(String name, OptionalInt model) {
    public Given {
      requireNonNull(name, "name is null");
      requireNonNull(model, "model is null");
    }

    /** That of one model. */
    public static Given of(SideInput input, int model) {
      return new Given(input.name(), OptionalInt.of(model));
    }

    /** That of the whole merge. */
    public static Given of(SideInput input) {
      return new Given(input.name(), OptionalInt.empty());
    }
  }
}
