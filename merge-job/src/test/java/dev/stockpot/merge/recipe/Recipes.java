package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Arity.Base;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.Range.Numbers;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;

/** Recipes for tests, parsed with methods that have the usual parameters and merge nothing. */
final class Recipes {
  private static final Parameter<Double> WEIGHT = required("weight", Scope.MODEL, Numbers.ANY);
  private static final Parameter<Double> DENSITY =
      optional("density", Scope.MODEL, Numbers.FRACTION, 1.0);
  private static final Parameter<Boolean> NORMALIZE = flag("normalize", true);
  private static final List<Parameter<?>> OF_TASK_VECTORS =
      List.of(
          WEIGHT,
          DENSITY,
          NORMALIZE,
          flag("rescale", false),
          optional("lambda", Scope.MERGE, Numbers.ANY, 1.0),
          flag("int8_mask", false));
  private static final Arity BESIDE_BASE = new Arity(Base.ORIGIN, 1, Arity.ANY);

  static final List<MergeMethod> METHODS =
      List.of(
          new Named("linear", List.of(WEIGHT, NORMALIZE), new Arity(Base.DONOR, 1, Arity.ANY)),
          new Named(
              "slerp",
              List.of(required("t", Scope.MERGE, Numbers.FRACTION)),
              new Arity(Base.ONE_OF_THEM, 2, 2)),
          new Named("task_arithmetic", OF_TASK_VECTORS, BESIDE_BASE),
          new Named("ties", OF_TASK_VECTORS, BESIDE_BASE),
          new Named("dare_linear", OF_TASK_VECTORS, BESIDE_BASE),
          new Named("dare_ties", OF_TASK_VECTORS, BESIDE_BASE),
          new Named(
              "passthrough",
              List.of(optional("scale", Scope.MODEL, Numbers.ANY, 1.0)),
              new Arity(Base.DONOR, 1, 1)),
          new Named("model_stock", List.of(), new Arity(Base.ORIGIN, 2, 9)));

  private Recipes() {}

  /** Takes no words without effect. */
  static Recipe parse(String yaml) {
    return parse(yaml, UnknownKeys.ERROR);
  }

  static Recipe parse(String yaml, UnknownKeys policy) {
    return new RecipeParser(METHODS, List.of(), policy).parse("recipe.yml", yaml);
  }

  /** Every problem of the recipe, and no other, in order; words without effect among them. */
  static void assertProblems(String yaml, String... expected) {
    assertThatThrownBy(() -> parse(yaml))
        .isInstanceOf(RecipeException.class)
        .hasMessage(String.join("\n", expected));
  }

  private static <T> Parameter<T> required(String name, Scope scope, Range<T> range) {
    return Parameter.required(name, scope, range, "For tests.");
  }

  private static <T> Parameter<T> optional(String name, Scope scope, Range<T> range, T standard) {
    return Parameter.optional(name, scope, range, standard, "For tests.");
  }

  private static Parameter<Boolean> flag(String name, boolean standard) {
    return optional(name, Scope.MERGE, new Range.Flag(), standard);
  }

  private record Named(String name, List<Parameter<?>> parameters, Arity arity)
      implements MergeMethod {
    @Override
    public MethodCard card() {
      return new MethodCard("For tests", "-", "-", "-", Cost.LOOK);
    }

    @Override
    public MergeProgram program(TensorTerms terms) {
      throw new UnsupportedOperationException("parsing merges nothing");
    }
  }
}
