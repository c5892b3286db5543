package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NearswapTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms nearswap(int n, double t) {
    return Terms.of("nearswap", n).base().model().merge("t", t);
  }

  /** The published formula, by weights. */
  private static double[] formula(double t, float[] base, float[] other) {
    double[] merged = new double[base.length];
    for (int e = 0; e < merged.length; e++) {
      double distance = Math.max(Math.abs((double) base[e] - other[e]), 1e-6);
      double weight = Math.max(0, Math.min(1, t / distance));
      merged[e] = weight * other[e] + (1 - weight) * base[e];
    }
    return merged;
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void followsItsFormula(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(1, n);
      for (double t : new double[] {1e-4, 0.003, 1}) {
        assertClose(merging.merge(nearswap(n, t), inputs), formula(t, inputs[0], inputs[1]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void noElementMovesFartherThanAsked(Merging merging) {
    float[] base = {1, 1, 1, 1, 1};
    float[] other = {1.25f, 0.75f, 3, -3, 1};

    assertSameBits(
        merging.merge(nearswap(5, 0.5), base, other), new float[] {1.25f, 0.75f, 1.5f, 0.5f, 1});
    assertSameBits(merging.merge(nearswap(5, 0), base, other), base);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanStaysVisible(Merging merging) {
    float[][] inputs = FineTunes.withBase(1, 100);
    inputs[0][3] = Float.NaN;
    inputs[1][40] = Float.NaN;
    float[] merged = merging.merge(nearswap(100, 0.001), inputs);

    assertThat(merged[3]).isNaN();
    assertThat(merged[40]).isNaN();
    assertThat(merged[4]).isFinite();
  }
}
