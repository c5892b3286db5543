package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;

import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinesTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms lines(int n, double alpha, double beta, double depth) {
    return Terms.of("lines", n)
        .base()
        .model("weight", 0.5)
        .model("weight", 0.7)
        .depth(depth)
        .merge("alpha", alpha, "beta", beta);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theFactorGrowsWithDepth(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(2, n);
      double[] change =
          Vectors.sum(
              0.5, Vectors.minus(inputs[1], inputs[0]), 0.7, Vectors.minus(inputs[2], inputs[0]));
      for (double depth : new double[] {0, 0.5, 1}) {
        assertClose(
            merging.merge(lines(n, 0.2, 0.6, depth), inputs),
            Vectors.sum(1, Vectors.of(inputs[0]), 0.2 + 0.6 * depth, change));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void withoutGrowthItIsTaskArithmetic(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    Terms taskArithmetic =
        Terms.of("task_arithmetic", 3_000)
            .base()
            .model("weight", 0.5)
            .model("weight", 0.7)
            .merge("normalize", false, "rescale", false, "lambda", 0.3);

    assertSameBits(
        merging.merge(lines(3_000, 0.3, 0, 0.77), inputs), merging.merge(taskArithmetic, inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void factorZeroGivesTheBase(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);

    assertSameBits(merging.merge(lines(3_000, 0, 1, 0), inputs), inputs[0]);
  }
}
