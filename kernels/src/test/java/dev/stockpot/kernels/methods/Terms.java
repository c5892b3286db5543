package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.RandomStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Builds {@link TensorTerms} as a recipe would, with the method's defaults. */
public final class Terms {
  private final MergeMethod method;
  private Shape shape;
  private final List<ParameterValues> models = new ArrayList<>();
  private OptionalInt base = OptionalInt.empty();
  private ParameterValues merge;
  private String tensor = "model.layers.0.mlp.down_proj.weight";
  private double depth;
  private long seed = 42;
  private final List<SideInput.Given> sides = new ArrayList<>();
  private TensorRole role = TensorRole.INNER;

  private Terms(MergeMethod method, int elements) {
    this.method = method;
    this.shape = Shape.of(elements);
    merge = values(Parameter.Scope.MERGE);
  }

  public static Terms of(String method, int elements) {
    return new Terms(MergeMethods.named(method).orElseThrow(), elements);
  }

  /** The next input is the base model. */
  public Terms base() {
    base = OptionalInt.of(models.size());
    models.add(ParameterValues.NONE);
    return this;
  }

  /** The next input is a model with these parameters. */
  public Terms model(Object... namesAndValues) {
    models.add(values(Parameter.Scope.MODEL, namesAndValues));
    return this;
  }

  public Terms merge(Object... namesAndValues) {
    merge = values(Parameter.Scope.MERGE, namesAndValues);
    return this;
  }

  /** The tensor has these dimensions rather than one. */
  public Terms shape(long... dimensions) {
    shape = Shape.of(dimensions);
    return this;
  }

  public Terms tensor(String name) {
    tensor = name;
    return this;
  }

  public Terms depth(double value) {
    depth = value;
    return this;
  }

  public Terms seed(long value) {
    seed = value;
    return this;
  }

  /** The next operand behind the models is a statistic. */
  public Terms side(SideInput.Given given) {
    sides.add(given);
    return this;
  }

  public Terms role(TensorRole value) {
    role = value;
    return this;
  }

  public TensorTerms build() {
    return new TensorTerms(tensor, shape, depth, models, base, merge, seed, sides, role);
  }

  /** What decides between equal elements. */
  public RandomStream draws() {
    return RandomStream.betweenEquals(seed, tensor);
  }

  public MergeProgram program() {
    return method.program(build());
  }

  /** What makes it whole. */
  public MatrixProgram matrixProgram() {
    return method.matrixProgram(build()).orElseThrow();
  }

  public MergeMethod method() {
    return method;
  }

  private ParameterValues values(Parameter.Scope scope, Object... namesAndValues) {
    Map<String, Object> values = new HashMap<>();
    for (Parameter<?> parameter : method.parameters()) {
      if (parameter.scope() == scope) {
        parameter.plainStandard().ifPresent(standard -> values.put(parameter.name(), standard));
      }
    }
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return new ParameterValues(values);
  }
}
