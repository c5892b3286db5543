package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.recipe.ParameterLookup;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.ResolvedParameters;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The parameters of one output tensor.
 *
 * @param models of each source of the slice, in its order
 * @param base which of them is the base model
 */
record RouteValues(
    Route route, ResolvedParameters merge, List<ResolvedParameters> models, OptionalInt base) {
  RouteValues {
    models = List.copyOf(models);
  }

  static RouteValues of(Recipe recipe, ParameterLookup lookup, Route route) {
    Slice slice = route.slice();
    List<ResolvedParameters> models = new ArrayList<>();
    OptionalInt base = OptionalInt.empty();
    for (int i = 0; i < slice.sources().size(); i++) {
      Source source = slice.sources().get(i);
      models.add(lookup.modelValues(slice, source, route.inputs().get(i), route.depth()));
      if (recipe.method().arity().base() != Arity.Base.DONOR && recipe.isBase(slice, source)) {
        base = OptionalInt.of(i);
      }
    }
    return new RouteValues(
        route, lookup.mergeValues(slice, route.output(), route.depth()), models, base);
  }

  boolean isComplete() {
    return merge.missing().isEmpty()
        && models.stream().allMatch(model -> model.missing().isEmpty());
  }

  /** Adds what no filter gives a value. */
  void report(Faults faults) {
    report(merge, route.slice().line(), "", faults);
    for (int i = 0; i < models.size(); i++) {
      Source source = route.slice().sources().get(i);
      report(models.get(i), source.line(), " of " + source.model(), faults);
    }
  }

  private void report(ResolvedParameters resolved, int line, String whose, Faults faults) {
    for (String parameter : resolved.missing()) {
      faults.add(
          line,
          "no filter gives `%s`%s; add a last entry without a filter".formatted(parameter, whose),
          route.output());
    }
  }

  /** What the method is told. */
  TensorTerms terms(Shape shape, long seed, List<SideInput.Given> sides, TensorRole role) {
    return new TensorTerms(
        route.output(),
        shape,
        route.depth(),
        models.stream().map(ResolvedParameters::values).toList(),
        base,
        merge.values(),
        seed,
        sides,
        role);
  }

  /** The values of each model, by its path. */
  List<Map.Entry<String, ParameterValues>> named() {
    List<Map.Entry<String, ParameterValues>> named = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      String path = route.slice().sources().get(i).model().path();
      named.add(Map.entry(path, models.get(i).values()));
    }
    return named;
  }
}
