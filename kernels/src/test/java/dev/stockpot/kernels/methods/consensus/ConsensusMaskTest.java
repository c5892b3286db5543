package dev.stockpot.kernels.methods.consensus;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConsensusMaskTest {
  private static final double[] THRESHOLDS = {0.4, 0.3, 0.6};

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms consensus(int n, int k, double lambda) {
    Terms terms = Terms.of("consensus", n).base();
    for (double threshold : THRESHOLDS) {
      terms.model("lambda_t", threshold);
    }
    return terms.merge("k", (double) k, "lambda", lambda);
  }

  private static double[] formula(int k, double lambda, float[]... inputs) {
    double[] merged = new double[inputs[0].length];
    for (int e = 0; e < merged.length; e++) {
      float sum = 0; // as the merge rounds: it decides whether a change matters
      for (int m = 1; m < inputs.length; m++) {
        sum += inputs[m][e] - inputs[0][e];
      }
      int votes = 0;
      for (int m = 1; m < inputs.length; m++) {
        float change = inputs[m][e] - inputs[0][e];
        float bound = (float) THRESHOLDS[m - 1] * (sum - change);
        votes += Math.abs(change) >= Math.abs(bound) ? 1 : 0;
      }
      merged[e] = inputs[0][e] + (votes >= k ? lambda * sum : 0);
    }
    return merged;
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void followsItsFormula(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(3, n);
      for (int k = 0; k <= 3; k++) {
        assertClose(merging.merge(consensus(n, k, 0.7), inputs), formula(k, 0.7, inputs));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void askingNoModelIsTaskArithmetic(Merging merging) {
    float[][] inputs = FineTunes.withBase(3, 3_000);
    Terms taskArithmetic =
        Terms.of("task_arithmetic", 3_000)
            .base()
            .model("weight", 1.0)
            .model("weight", 1.0)
            .model("weight", 1.0)
            .merge("normalize", false, "rescale", false, "lambda", 0.3);

    assertSameBits(
        merging.merge(consensus(3_000, 0, 0.3), inputs), merging.merge(taskArithmetic, inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void whatMattersToOneModelAloneStaysWithTheBase(Merging merging) {
    float[] base = {10, 10, 10, 10};
    float[][] inputs = {base, {11, 11, 10, 11}, {10, 11, 10, 9}, {10, 10, 10, 11}};

    assertSameBits(merging.merge(consensus(4, 2, 1), inputs), new float[] {10, 12, 10, 11});
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void modelsEqualToTheBaseGiveTheBase(Merging merging) {
    float[] base = Samples.normal(3_000, 0.05, 1);

    assertSameBits(merging.merge(consensus(3_000, 2, 1), base, base, base, base), base);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanStaysVisibleThoughItMattersToOneModelAlone(Merging merging) {
    float[][] inputs = FineTunes.withBase(3, 100);
    inputs[2][7] = Float.NaN;
    inputs[0][30] = Float.NaN;
    float[] merged = merging.merge(consensus(100, 2, 1), inputs);

    assertThat(merged[7]).isNaN();
    assertThat(merged[30]).isNaN();
    assertThat(merged[8]).isFinite();
  }

  @Test
  void refusesToAskMoreModelsThanThereAre() {
    assertThat(new ConsensusMask().problemWith(consensus(4, 4, 1).build()))
        .hasValue("k is 4 of 3 models, so nothing would be kept; lower it");
    assertThat(new ConsensusMask().problemWith(consensus(4, 3, 1).build())).isEmpty();
  }
}
