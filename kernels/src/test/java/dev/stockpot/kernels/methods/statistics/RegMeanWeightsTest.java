package dev.stockpot.kernels.methods.statistics;

import static dev.stockpot.kernels.methods.statistics.RegMeanTest.assertClose;
import static dev.stockpot.kernels.methods.statistics.RegMeanTest.gram;
import static dev.stockpot.kernels.methods.statistics.RegMeanTest.side;
import static dev.stockpot.kernels.methods.statistics.RegMeanTest.terms;

import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models count by their weights, and by their samples where that is asked for. */
class RegMeanWeightsTest {
  private static final int OUTPUTS = 7;
  private static final int INPUTS = 11;

  private final double[][] first = MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 1);
  private final double[][] second = MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 2);
  private final double[][] third = MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 3);

  @ParameterizedTest
  @CsvSource({"1, 2, 0.5", "3, 1, 1", "0.2, 0, 1", "2, -1, 0.5"})
  void threeModelsWeighAsTheyAreTold(double one, double two, double three) {
    double[] weights = {one, two, three};
    double[][][] models = {first, second, third};
    double[][][] grams = {gram(300, 4), gram(200, 5), gram(700, 6)};
    Terms terms = Terms.of("regmean", OUTPUTS * INPUTS).shape(OUTPUTS, INPUTS);
    for (int model = 0; model < 3; model++) {
      terms
          .model("weight", weights[model])
          .side(side(RegMeanParameters.GRAM, model, Shape.of(INPUTS, INPUTS), 300));
    }
    Tensor[] tensors =
        Stream.concat(Arrays.stream(models), Arrays.stream(grams))
            .map(Tensor::of)
            .toArray(Tensor[]::new);

    double[][] made = MatrixMerging.merge(terms.merge("alpha", 1.0, "ridge", 0.0), tensors);

    assertClose(made, Normal.regmean(models, grams, weights), 1e-12);
  }

  @Test
  void tokensWeighByTheSamplesOfStatistics() {
    double[][] g = gram(300, 4);
    double[][] h = gram(500, 5);

    double[][] made =
        MatrixMerging.merge(
            terms("alpha", 1.0, "ridge", 0.0, "weighting", "tokens"),
            Tensor.of(first),
            Tensor.of(second),
            Tensor.of(g),
            Tensor.of(h));

    double[][][] models = {first, second};
    assertClose(made, Normal.regmean(models, new double[][][] {g, h}, 300, 2 * 500), 1e-13);
  }

  @ParameterizedTest
  @CsvSource({"equal, 0.0016666666666666668, 0.002", "tokens, 1, 1"})
  void sumsAreDividedByTheirSamplesUnlessTheseCount(String weighting, double one, double two) {
    double[][] g = gram(300, 4);
    double[][] h = gram(500, 5);
    Terms terms = Terms.of("regmean", OUTPUTS * INPUTS).shape(OUTPUTS, INPUTS).model().model();
    SideInput.Facts facts = new SideInput.Facts(Shape.of(INPUTS, INPUTS), 600, true, false);
    terms.side(SideInput.Given.of(RegMeanParameters.GRAM, 0).with(facts));
    terms.side(
        SideInput.Given.of(RegMeanParameters.GRAM, 1)
            .with(new SideInput.Facts(facts.shape(), 500, true, false)));

    double[][] made =
        MatrixMerging.merge(
            terms.merge("alpha", 1.0, "ridge", 0.0, "weighting", weighting),
            Tensor.of(first),
            Tensor.of(second),
            Tensor.of(g),
            Tensor.of(h));

    double[][][] models = {first, second};
    assertClose(made, Normal.regmean(models, new double[][][] {g, h}, one, two), 1e-13);
  }
}
