package dev.stockpot.kernels.method;

import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Builds {@link TensorTerms} as a recipe would, with the method's defaults. */
final class Terms {
  private final MergeMethod method;
  private Shape shape;
  private final List<ParameterValues> models = new ArrayList<>();
  private OptionalInt base = OptionalInt.empty();
  private ParameterValues merge;
  private String tensor = "model.layers.0.mlp.down_proj.weight";
  private double depth;
  private long seed = 42;

  private Terms(MergeMethod method, int elements) {
    this.method = method;
    this.shape = Shape.of(elements);
    merge = values(Parameter.Scope.MERGE);
  }

  static Terms of(String method, int elements) {
    return new Terms(MergeMethods.named(method).orElseThrow(), elements);
  }

  /** The next input is the base model. */
  Terms base() {
    base = OptionalInt.of(models.size());
    models.add(ParameterValues.NONE);
    return this;
  }

  /** The next input is a model with these parameters. */
  Terms model(Object... namesAndValues) {
    models.add(values(Parameter.Scope.MODEL, namesAndValues));
    return this;
  }

  Terms merge(Object... namesAndValues) {
    merge = values(Parameter.Scope.MERGE, namesAndValues);
    return this;
  }

  /** The tensor has these dimensions rather than one. */
  Terms shape(long... dimensions) {
    shape = Shape.of(dimensions);
    return this;
  }

  Terms tensor(String name) {
    tensor = name;
    return this;
  }

  Terms depth(double value) {
    depth = value;
    return this;
  }

  Terms seed(long value) {
    seed = value;
    return this;
  }

  TensorTerms build() {
    return new TensorTerms(tensor, shape, depth, models, base, merge, seed);
  }

  MergeProgram program() {
    return method.program(build());
  }

  private ParameterValues values(Parameter.Scope scope, Object... namesAndValues) {
    Map<String, Object> values = new HashMap<>();
    for (Parameter parameter : method.parameters()) {
      if (parameter.scope() == scope) {
        parameter.standard().ifPresent(standard -> values.put(parameter.name(), standard));
      }
    }
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return new ParameterValues(values);
  }
}
