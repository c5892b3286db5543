package dev.stockpot.kernels.methods.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.PostSteps;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps behind merges beside NumPy's, and what must hold of them exactly. */
class SpectralStepsTest {
  private static PostStep step(String name) {
    return PostSteps.named(name).orElseThrow();
  }

  /** The step's values; those that are not given are its defaults. */
  private static ParameterValues values(PostStep step, Object... given) {
    Map<String, Object> values = new HashMap<>();
    for (Parameter<?> parameter : step.parameters()) {
      parameter.plainStandard().ifPresent(standard -> values.put(parameter.name(), standard));
    }
    for (int i = 0; i < given.length; i += 2) {
      values.put((String) given[i], given[i + 1]);
    }
    return new ParameterValues(values);
  }

  private static TensorTerms terms(Shape shape, int models) {
    Terms terms =
        Terms.of("task_arithmetic", Math.toIntExact(shape.elements()))
            .shape(shape.dimensions().stream().mapToLong(length -> length).toArray())
            .base();
    for (int i = 0; i < models; i++) {
      terms.model("weight", 1.0);
    }
    return terms.build();
  }

  /** What a step makes of a merge, which stands behind base and models. */
  private static double[][] made(PostStep step, ParameterValues values, Tensor... inputs) {
    TensorTerms terms = terms(inputs[0].shape(), inputs.length - 2).with(values);
    return MatrixMerging.change(terms, step.program(terms).orElseThrow(), inputs);
  }

  private static Tensor plus(Tensor base, double[][] change, double factor) {
    double[][] rows = base.rows();
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[0].length; j++) {
        rows[i][j] += factor * change[i][j];
      }
    }
    return Tensor.of(rows);
  }

  private static void assertClose(double[][] made, double[][] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[0].length; j++) {
        assertThat(made[i][j]).as("%s, %s", i, j).isCloseTo(expected[i][j], within(tolerance));
      }
    }
  }

  static List<References.Case> references() {
    return References.of("steps.txt");
  }

  @ParameterizedTest
  @MethodSource("references")
  void areWhatNumPyMakesOfThem(References.Case reference) {
    PostStep step = step(reference.method());
    boolean isWide = reference.base().shape().equals(Shape.of(5, 12));
    boolean isLow = reference.base().shape().equals(Shape.of(7, 4));
    ParameterValues values =
        reference.method().equals("svc")
            ? values(step, "alpha", isLow ? 0.25 : 1.0)
            : values(step, "beta", isWide ? 0.9 : 0.3);

    assertClose(made(step, values, reference.inputs()), reference.merged(), 1e-11);
  }

  @Test
  void theSumOfEqualModelsIsCalibratedToOneOfThem() {
    Tensor base = Tensor.of(MatrixMerging.random(6, 5, 1, 1));
    double[][] change = MatrixMerging.random(6, 5, 0.25, 2);
    Tensor model = plus(base, change, 1);
    Tensor sum = plus(base, change, 3);
    PostStep svc = step("svc");

    assertClose(made(svc, values(svc), base, model, model, model, sum), model.rows(), 1e-6);
  }

  @Test
  void directionsThatNoModelsShareAreNotScaled() {
    double[][] first = new double[4][6];
    double[][] second = new double[4][6];
    first[0][1] = 0.5;
    first[1][0] = -0.25;
    second[2][4] = 0.75;
    second[3][2] = 0.125;
    Tensor base = Tensor.of(new double[4][6]);
    Tensor a = plus(base, first, 1);
    Tensor b = plus(base, second, 1);
    Tensor sum = plus(a, second, 1);
    PostStep svc = step("svc");

    assertThat(made(svc, values(svc), base, a, b, sum)).isDeepEqualTo(sum.rows());
  }

  @Test
  void calibrationShrinksAndNeverGrowsByDefault() {
    Tensor base = Tensor.of(MatrixMerging.random(7, 7, 1, 3));
    List<Tensor> inputs = new ArrayList<>(List.of(base));
    double[][] sum = new double[7][7];
    for (int i = 0; i < 4; i++) {
      double[][] change = MatrixMerging.random(7, 7, 0.1, 10 + i);
      inputs.add(plus(base, change, 1));
      for (int row = 0; row < 7; row++) {
        for (int column = 0; column < 7; column++) {
          sum[row][column] += change[row][column];
        }
      }
    }
    inputs.add(plus(base, sum, 1));
    PostStep svc = step("svc");
    double[][] made = made(svc, values(svc), inputs.toArray(Tensor[]::new));

    assertThat(norm(made, base)).isLessThan(norm(inputs.get(5).rows(), base));
  }

  private static double norm(double[][] made, Tensor base) {
    double squares = 0;
    double[][] rows = base.rows();
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[0].length; j++) {
        squares += (made[i][j] - rows[i][j]) * (made[i][j] - rows[i][j]);
      }
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @ValueSource(strings = {"svc", "subspace_boosting"})
  void aMergeThatIsTheBaseStaysTheBase(String name) {
    Tensor base = Tensor.of(MatrixMerging.random(5, 8, 1, 1));
    Tensor model = plus(base, MatrixMerging.random(5, 8, 0.1, 2), 1);
    PostStep step = step(name);

    assertThat(made(step, values(step), base, model, model, base)).isDeepEqualTo(base.rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {"svc", "subspace_boosting"})
  void theOrderOfModelsDoesNotCount(String name) {
    Tensor base = Tensor.of(MatrixMerging.random(6, 6, 1, 1));
    Tensor a = plus(base, MatrixMerging.random(6, 6, 0.1, 2), 1);
    Tensor b = plus(base, MatrixMerging.random(6, 6, 0.2, 3), 1);
    Tensor merged = plus(a, MatrixMerging.random(6, 6, 0.2, 3), 1);
    PostStep step = step(name);
    ParameterValues values = name.equals("svc") ? values(step) : values(step, "beta", 0.4);

    assertClose(
        made(step, values, base, a, b, merged), made(step, values, base, b, a, merged), 1e-10);
  }

  @Test
  void modelsThatChangeNothingCountLikeAlpha() {
    Tensor base = Tensor.of(MatrixMerging.random(4, 4, 1, 1));
    Tensor a = plus(base, MatrixMerging.random(4, 4, 0.1, 2), 1);
    PostStep svc = step("svc");

    assertClose(made(svc, values(svc), base, a, base, a), a.rows(), 1e-12);
  }

  @Test
  void boostingFromNothingMakesAllValuesTheLargest() {
    double[][] change = new double[3][3];
    change[0][0] = 4;
    change[1][1] = 2;
    change[2][2] = -1;
    Tensor base = Tensor.of(new double[3][3]);
    Tensor merged = plus(base, change, 1);
    PostStep boosting = step("subspace_boosting");
    double[][] expected = {{4, 0, 0}, {0, 4, 0}, {0, 0, -4}};

    assertClose(
        made(boosting, values(boosting, "beta", 0.0), base, merged, merged), expected, 1e-12);
  }

  @Test
  void boostingFromTheWholeSumChangesNothing() {
    PostStep boosting = step("subspace_boosting");
    TensorTerms terms = terms(Shape.of(4, 4), 2);
    assertThat(boosting.program(terms.with(values(boosting, "beta", 1.0)))).isEmpty();
  }

  @Test
  void eachExpertOfAStackIsAMatrix() {
    double[][] stack = MatrixMerging.random(6, 5, 0.1, 4);
    float[] elements = Tensor.of(stack).elements();
    Shape shape = Shape.of(2, 3, 5);
    Tensor base = new Tensor(shape, new float[30]);
    Tensor merged = new Tensor(shape, elements);
    PostStep boosting = step("subspace_boosting");
    ParameterValues values = values(boosting, "beta", 0.5);
    TensorTerms terms =
        Terms.of("task_arithmetic", 30)
            .shape(2, 3, 5)
            .tensor("model.layers.0.mlp.experts.down_proj")
            .base()
            .model("weight", 1.0)
            .build()
            .with(values);
    double[][] made =
        MatrixMerging.change(terms, boosting.program(terms).orElseThrow(), base, merged, merged);
    for (int expert = 0; expert < 2; expert++) {
      Tensor one =
          Tensor.of(
              new double[][] {stack[3 * expert], stack[3 * expert + 1], stack[3 * expert + 2]});
      Tensor zero = Tensor.of(new double[3][5]);
      double[][] alone = made(boosting, values, zero, one, one);
      for (int element = 0; element < 15; element++) {
        assertThat(made[expert][element]).isEqualTo(alone[element / 5][element % 5]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"svc", "subspace_boosting"})
  void onlyMatricesOfLayersAreChanged(String name) {
    PostStep step = step(name);
    TensorTerms vector = terms(Shape.of(8), 2).with(values(step));
    TensorTerms skipped = terms(Shape.of(4, 4), 2).with(values(step, "skip", true));
    TensorTerms head =
        Terms.of("task_arithmetic", 16)
            .shape(4, 4)
            .role(TensorRole.HEAD)
            .base()
            .model("weight", 1.0)
            .build()
            .with(values(step));

    assertThat(step.program(vector)).isEmpty();
    assertThat(step.program(skipped)).isEmpty();
    assertThat(step.program(head)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"svc", "subspace_boosting"})
  void cardsSayWhatSpeaksAgainstThem(String name) {
    MethodCard card = step(name).card();
    assertThat(card.use()).contains("arXiv:2511.21437");
    assertThat(card.formula()).contains("tensors that are no matrices of layers stay");
  }
}
