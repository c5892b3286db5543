package dev.stockpot.kernels.methods.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Solutions beside float64 elimination, and what must hold exactly. */
class RegMeanTest {
  private static final int OUTPUTS = 7;
  private static final int INPUTS = 11;

  private final double[][] first = MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 1);
  private final double[][] second = MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 2);
  private final double[][] base = MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 3);

  static double[][] gram(int samples, long seed) {
    return Tensor.of(Normal.gram(MatrixMerging.random(samples, INPUTS, 1, seed))).rows();
  }

  static SideInput.Given side(SideInput input, int model, Shape shape, double count) {
    return SideInput.Given.of(input, model).with(new SideInput.Facts(shape, count, false, false));
  }

  static Terms terms(Object... merge) {
    return Terms.of("regmean", OUTPUTS * INPUTS)
        .shape(OUTPUTS, INPUTS)
        .model("weight", 1.0)
        .model("weight", 2.0)
        .side(side(RegMeanParameters.GRAM, 0, Shape.of(INPUTS, INPUTS), 300))
        .side(side(RegMeanParameters.GRAM, 1, Shape.of(INPUTS, INPUTS), 500))
        .merge(merge);
  }

  static void assertClose(double[][] made, double[][] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[0].length; j++) {
        assertThat(made[i][j]).as("%s, %s", i, j).isCloseTo(expected[i][j], within(tolerance));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.5, 0.9, 1})
  void solvesTheNormalEquations(double alpha) {
    double[][] g = gram(300, 4);
    double[][] h = gram(500, 5);

    double[][] made =
        MatrixMerging.merge(
            terms("alpha", alpha, "ridge", 0.0),
            Tensor.of(first),
            Tensor.of(second),
            Tensor.of(g),
            Tensor.of(h));

    double[][][] grams = {Normal.shrunk(g, alpha), Normal.shrunk(h, alpha)};
    assertClose(made, Normal.regmean(new double[][][] {first, second}, grams, 1, 2), 1e-13);
  }

  @Test
  void theUpperTriangleIsTheWholeMatrix() {
    Tensor g = Tensor.of(gram(30, 4));
    Tensor h = Tensor.of(gram(50, 5));
    double[][] whole = MatrixMerging.merge(terms(), Tensor.of(first), Tensor.of(second), g, h);
    double[][] packed =
        MatrixMerging.merge(terms(), Tensor.of(first), Tensor.of(second), upper(g), upper(h));

    assertThat(packed).isDeepEqualTo(whole);
  }

  private static Tensor upper(Tensor gram) {
    List<Double> upper = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      for (int j = i; j < INPUTS; j++) {
        upper.add(gram.rows()[i][j]);
      }
    }
    return Tensor.vector(upper.stream().mapToDouble(x -> x).toArray());
  }

  @Test
  void whatIsStoredAsInputsByOutputsIsSolvedAlike() {
    double[][] g = gram(300, 4);
    double[][] h = gram(500, 5);
    double[][] usual =
        MatrixMerging.merge(
            terms(), Tensor.of(first), Tensor.of(second), Tensor.of(g), Tensor.of(h));

    SideInput.Facts facts = new SideInput.Facts(Shape.of(INPUTS, INPUTS), 300, false, true);
    double[][] conv =
        MatrixMerging.merge(
            Terms.of("regmean", OUTPUTS * INPUTS)
                .shape(INPUTS, OUTPUTS)
                .model("weight", 1.0)
                .model("weight", 2.0)
                .side(SideInput.Given.of(RegMeanParameters.GRAM, 0).with(facts))
                .side(SideInput.Given.of(RegMeanParameters.GRAM, 1).with(facts)),
            Tensor.of(transposed(first)),
            Tensor.of(transposed(second)),
            Tensor.of(g),
            Tensor.of(h));

    assertClose(transposed(conv), usual, 1e-14);
  }

  private static double[][] transposed(double[][] rows) {
    double[][] made = new double[rows[0].length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[0].length; j++) {
        made[j][i] = rows[i][j];
      }
    }
    return made;
  }

  @Test
  void matricesOfSeveralPanelsAreWhole() {
    int inputs = 1_100;
    double[][] one = MatrixMerging.random(3, inputs, 1, 1);
    double[][] two = MatrixMerging.random(3, inputs, 1, 2);
    double[][] g = Normal.gram(MatrixMerging.random(10, inputs, 1, 3));
    Terms terms = Terms.of("regmean", 3 * inputs).shape(3, inputs).model().model();
    for (int model = 0; model < 2; model++) {
      terms.side(side(RegMeanParameters.GRAM, model, Shape.of(inputs, inputs), 10));
    }
    double[][] made =
        MatrixMerging.merge(terms, Tensor.of(one), Tensor.of(two), Tensor.of(g), Tensor.of(g));

    for (int j = 0; j < inputs; j += 97) { // equal matrices: the mean, though they are singular
      assertThat(made[2][j]).isCloseTo((one[2][j] + two[2][j]) / 2, within(1e-9));
    }
  }

  @Test
  void oneModelIsItself() {
    Terms terms =
        Terms.of("regmean", OUTPUTS * INPUTS)
            .shape(OUTPUTS, INPUTS)
            .model()
            .side(side(RegMeanParameters.GRAM, 0, Shape.of(INPUTS, INPUTS), 3));

    assertThat(MatrixMerging.merge(terms, Tensor.of(first), Tensor.of(gram(3, 4))))
        .isDeepEqualTo(first);
  }

  @Test
  void equalModelsAreThemselvesWhateverTheirInputs() {
    double[][] made =
        MatrixMerging.merge(
            terms(),
            Tensor.of(first),
            Tensor.of(first),
            Tensor.of(gram(3, 4)),
            Tensor.of(gram(500, 5)));
    assertClose(made, first, 1e-17);
  }

  @Test
  void directionsWithoutInputsAreTheMeansOrTheBases() {
    double[][] g = gram(300, 4);
    double[][] h = gram(500, 5);
    for (int i = 0; i < INPUTS; i++) { // nobody has the third input
      g[2][i] = g[i][2] = h[2][i] = h[i][2] = 0;
    }
    double[][] mean =
        MatrixMerging.merge(
            terms(), Tensor.of(first), Tensor.of(second), Tensor.of(g), Tensor.of(h));
    double[][] lot =
        MatrixMerging.merge(
            lot(),
            Tensor.of(base),
            Tensor.of(first),
            Tensor.of(second),
            Tensor.of(g),
            Tensor.of(h));
    for (int o = 0; o < OUTPUTS; o++) {
      assertThat(mean[o][2]).isCloseTo((first[o][2] + 2 * second[o][2]) / 3, within(1e-12));
      assertThat(lot[o][2]).isCloseTo(base[o][2], within(1e-12));
    }
  }

  /** Of a base, and two models with statistics of them. */
  private static Terms lot() {
    return Terms.of("regmean", OUTPUTS * INPUTS)
        .shape(OUTPUTS, INPUTS)
        .base()
        .model("weight", 1.0)
        .model("weight", 2.0)
        .side(side(RegMeanParameters.GRAM, 1, Shape.of(INPUTS, INPUTS), 300))
        .side(side(RegMeanParameters.GRAM, 2, Shape.of(INPUTS, INPUTS), 500))
        .merge("null_space", "base", "alpha", 1.0);
  }

  @Test
  void aroundTheBaseIsTheSameWhereAllDirectionsHaveInputs() {
    Tensor g = Tensor.of(gram(300, 4));
    Tensor h = Tensor.of(gram(500, 5));
    double[][] lot =
        MatrixMerging.merge(lot(), Tensor.of(base), Tensor.of(first), Tensor.of(second), g, h);
    double[][] usual =
        MatrixMerging.merge(terms("alpha", 1.0), Tensor.of(first), Tensor.of(second), g, h);

    assertClose(lot, usual, 1e-6);
  }

  @Test
  void noInputsAtAllGiveTheReference() {
    Tensor none = Tensor.of(new double[INPUTS][INPUTS]);
    double[][] made =
        MatrixMerging.merge(
            lot(), Tensor.of(base), Tensor.of(first), Tensor.of(second), none, none);
    assertThat(made).isDeepEqualTo(base);
  }

  @Test
  void aModelWithMuchLargerInputsIsTaken() {
    double[][] g = gram(300, 4);
    double[][] large = new double[INPUTS][INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        large[i][j] = 1e8 * g[i][j];
      }
    }
    double[][] made =
        MatrixMerging.merge(
            terms("ridge", 0.0),
            Tensor.of(first),
            Tensor.of(second),
            Tensor.of(gram(500, 5)),
            Tensor.of(large));
    assertClose(made, second, 1e-7);
  }
}
