package dev.stockpot.kernels.methods.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import org.junit.jupiter.api.Test;

/** What RegMean takes, what it leaves to others, and what it refuses. */
class RegMeanTermsTest {
  private static final int OUTPUTS = 7;
  private static final int INPUTS = 11;

  private final double[][] first = MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 1);
  private final double[][] second = MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 2);

  private static double[][] gram(int samples, long seed) {
    return Tensor.of(Normal.gram(MatrixMerging.random(samples, INPUTS, 1, seed))).rows();
  }

  private static SideInput.Given side(SideInput input, int model, Shape shape, double count) {
    return SideInput.Given.of(input, model).with(new SideInput.Facts(shape, count, false, false));
  }

  private static Terms terms(Object... merge) {
    return Terms.of("regmean", OUTPUTS * INPUTS)
        .shape(OUTPUTS, INPUTS)
        .model()
        .model()
        .side(side(RegMeanParameters.GRAM, 0, Shape.of(INPUTS, INPUTS), 300))
        .side(side(RegMeanParameters.GRAM, 1, Shape.of(INPUTS, INPUTS), 500))
        .merge(merge);
  }

  @Test
  void brokenStatisticsAreRefusedWithTheirPlace() {
    double[][] g = gram(300, 4);
    g[1][1] = -1;
    assertRefused(g, "a Gram matrix has -1.0 at row 1, column 1; compute it again");
    g[1][1] = 1;
    g[3][2] = Double.NaN;
    assertRefused(g, "a Gram matrix has NaN at row 3, column 2; compute it again");
  }

  private void assertRefused(double[][] gram, String message) {
    assertThatThrownBy(
            () ->
                MatrixMerging.merge(
                    terms(),
                    Tensor.of(first),
                    Tensor.of(second),
                    Tensor.of(gram),
                    Tensor.of(gram(500, 5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void whatHasNoMatrixIsAveragedOrTheBases() {
    Terms mean = Terms.of("regmean", 4).model("weight", 1.0).model("weight", 3.0);
    assertThat(mean.method().matrixProgram(mean.build())).isEmpty();
    float[] a = Samples.normal(4, 1, 1);
    float[] b = Samples.normal(4, 1, 2);
    float[] merged = Merging.by(new ScalarProvider()).merge(mean, a, b);
    assertThat(merged[1]).isCloseTo((a[1] + 3 * b[1]) / 4, within(1e-6f));

    Terms embedding =
        Terms.of("regmean", 4)
            .shape(2, 2)
            .role(TensorRole.EMBEDDING)
            .base()
            .model()
            .merge("embeddings", "base");
    assertThat(Merging.by(new ScalarProvider()).merge(embedding, a, b)).containsExactly(a);
    assertThat(embedding.method().treatment(embedding.build()))
        .contains("are taken from the base model");
  }

  @Test
  void aHeadIsSolvedUnlessTheRecipeSaysOtherwise() {
    Terms terms = terms().role(TensorRole.HEAD);
    assertThat(terms.method().matrixProgram(terms.build())).isPresent();
    assertThat(terms.method().treatment(terms.build()))
        .contains("are solved for, with the Gram matrices of their inputs (`gram`)");
    terms.merge("head", "mean");
    assertThat(terms.method().matrixProgram(terms.build())).isEmpty();
    assertThat(terms.method().treatment(terms.build())).contains("are averaged");
  }

  @Test
  void whatMakesNoSenseIsAProblem() {
    assertProblem(
        Terms.of("regmean", 4).shape(2, 2).model().model(),
        "no model's statistics have a Gram matrix; compute it, or average such with lacking: mean");
    assertProblem(
        Terms.of("regmean", 4)
            .shape(2, 2)
            .model()
            .model()
            .side(side(RegMeanParameters.GRAM, 1, Shape.of(2, 2), 1)),
        "only 1 of 2 models have `gram`; give it for all of them, or for none");
    assertProblem(
        Terms.of("regmean", 4).model("weight", 0.0).model("weight", 0.0),
        "weights sum to zero; change one");
    assertProblem(
        terms("null_space", "base"),
        "null_space, embeddings, head or lacking is base, but there is no base_model; name one");
    assertProblem(
        Terms.of("regmean", 4)
            .shape(2, 2)
            .model()
            .side(side(RegMeanParameters.GRAM, 0, Shape.of(2, 2), 0))
            .merge("weighting", "tokens"),
        "`gram` has no count of its samples, which weighting: tokens needs;"
            + " write it beside as MODULE.count");
    assertThat(terms().method().problemWith(terms().build())).isEmpty();
  }

  private static void assertProblem(Terms terms, String problem) {
    assertThat(terms.method().problemWith(terms.build())).contains(problem);
  }

  @Test
  void fewerSamplesThanInputsAreTold() {
    Terms few =
        Terms.of("regmean", OUTPUTS * INPUTS)
            .shape(OUTPUTS, INPUTS)
            .model()
            .side(side(RegMeanParameters.GRAM, 0, Shape.of(INPUTS, INPUTS), INPUTS - 1));
    assertThat(few.method().notice(few.build()).orElseThrow())
        .contains("fewer samples than they have rows")
        .contains("stay at the mean");
    assertThat(terms().method().notice(terms().build())).isEmpty();
  }
}
