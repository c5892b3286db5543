package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A checkpoint of statistics that a method reads beside the models. Its tensors have names and
 * shapes that follow from the models', and a type of their own.
 *
 * @param name the word in the recipe, for example {@code fisher_diag}
 * @param scope whether each model but the base has one of its own, or the whole merge has one
 * @param need whether a recipe may leave it out
 * @param types those that its tensors may be stored in
 * @param layout its names and shapes
 * @param meaning one sentence for a person who has to bring it
 */
public record SideInput(
    String name,
    Parameter.Scope scope,
    Need need,
    Set<DType> types,
    StatisticLayout layout,
    String meaning) {
  /** Every type that kernels can read. */
  public static final Set<DType> READABLE =
      Arrays.stream(DType.values())
          .filter(DType::isReadable)
          .collect(Collectors.collectingAndThen(Collectors.toSet(), Set::copyOf));

  /** Whether a merge can do without. */
  public enum Need {
    REQUIRED,
    OPTIONAL,
    /** One of those with this need. */
    ALTERNATIVE
  }

  public SideInput {
    requireNonNull(name, "name is null");
    requireNonNull(scope, "scope is null");
    requireNonNull(need, "need is null");
    requireNonNull(layout, "layout is null");
    requireNonNull(meaning, "meaning is null");
    if (types.isEmpty() || !READABLE.containsAll(types)) {
      throw new IllegalArgumentException(
          "side input %s may be of %s, must be some of %s".formatted(name, types, READABLE));
    }
    types = Set.copyOf(types);
  }

  public static SideInput required(
      String name, Parameter.Scope scope, Set<DType> types, String meaning) {
    return new SideInput(name, scope, Need.REQUIRED, types, StatisticLayout.ELEMENTS, meaning);
  }

  public static SideInput optional(
      String name, Parameter.Scope scope, Set<DType> types, String meaning) {
    return new SideInput(name, scope, Need.OPTIONAL, types, StatisticLayout.ELEMENTS, meaning);
  }

  /** One of several of each model, of which a merge needs at least one. */
  public static SideInput alternative(
      String name, Set<DType> types, StatisticLayout layout, String meaning) {
    return new SideInput(name, Parameter.Scope.MODEL, Need.ALTERNATIVE, types, layout, meaning);
  }

  public boolean isRequired() {
    return need == Need.REQUIRED;
  }

  /** Whether a file that says that it is of some kind can be this one. */
  public boolean isKind(String kind) {
    boolean isOfAdam = kind.equals("adam_v") || kind.equals("exp_avg_sq");
    return kind.equals(name) || (isOfAdam && layout.isOfEveryTensor());
  }

  /** What is wrong with a stored type, in words that follow a tensor's name. */
  public Optional<String> problemWith(DType stored) {
    return types.contains(stored)
        ? Optional.empty()
        : Optional.of(
            "is %s, but %s must be one of %s".formatted(stored, name, new TreeSet<>(types)));
  }

  /**
   * What is known of a side input of one tensor but its elements.
   *
   * @param shape that it has
   * @param count of the samples, such as tokens, that it was summed over; 0 if nobody says
   * @param isSum whether it is their sum, rather than their mean
   * @param isTransposed whether it is of a matrix that is stored as inputs x outputs
   */
  public record Facts(Shape shape, double count, boolean isSum, boolean isTransposed)
      implements Serializable {
    public Facts {
      requireNonNull(shape, "shape is null");
      if (!(count >= 0 && count < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a statistic of %s samples".formatted(count));
      }
    }

    /** Of elements, which nobody counts. */
    public static Facts of(Shape shape) {
      return new Facts(shape, 0, false, false);
    }
  }

  /**
   * A side input that is there: one operand behind those of the models.
   *
   * @param name of the {@link SideInput}
   * @param model place of the model that it belongs to; empty if it belongs to the merge
   * @param facts of the tensor
   */
  public record Given(String name, OptionalInt model, Facts facts) {
    /** In the place of one that is of no interest. */
    public static final Given OF_ANOTHER = new Given("", OptionalInt.empty(), Facts.of(Shape.of()));

    public Given {
      requireNonNull(name, "name is null");
      requireNonNull(model, "model is null");
      requireNonNull(facts, "facts is null");
    }

    /** One with other facts. */
    public Given with(Facts others) {
      return new Given(name, model, others);
    }

    boolean isOf(SideInput input, OptionalInt of) {
      return name.equals(input.name()) && model.equals(of);
    }

    /** That of one model. */
    public static Given of(SideInput input, int model) {
      return new Given(input.name(), OptionalInt.of(model), Facts.of(Shape.of()));
    }

    /** That of the whole merge. */
    public static Given of(SideInput input) {
      return new Given(input.name(), OptionalInt.empty(), Facts.of(Shape.of()));
    }
  }
}
