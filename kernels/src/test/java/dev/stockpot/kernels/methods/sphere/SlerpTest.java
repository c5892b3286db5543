package dev.stockpot.kernels.methods.sphere;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.methods.Formulas;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SlerpTest {
  private static final double[] PLACES = {0, 0.1, 0.5, 0.77, 1};

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms baseFirst(int n, double t) {
    return Terms.of("slerp", n).base().model().merge("t", t);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void followsTheArc(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[] base = Samples.normal(n, 0.05, 1);
      float[] other = Samples.normal(n, 0.02, 2);
      for (double t : PLACES) {
        assertClose(merging.merge(baseFirst(n, t), base, other), Formulas.slerp(t, base, other));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void takesALineBetweenAlmostParallelModels(Merging merging) {
    float[] base = Samples.normal(3_000, 0.05, 1);
    float[] other = sum(base, Samples.normal(3_000, 0.001, 2));
    double[] line = Formulas.linear(new double[] {0.7, 0.3}, false, base, other);

    assertClose(merging.merge(baseFirst(3_000, 0.3), base, other), line);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void takesALineBetweenOppositeModels(Merging merging) {
    float[] merged = merging.merge(baseFirst(2, 0.25), new float[] {1, 2}, new float[] {-1, -2});

    assertSameBits(merged, new float[] {0.5f, 1f});
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aZeroVectorCountsAsOrthogonal(Merging merging) {
    float[] merged = merging.merge(baseFirst(2, 0.5), new float[2], new float[] {1, 2});

    assertClose(merged, new double[] {Math.sqrt(0.5), 2 * Math.sqrt(0.5)});
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void endsAtTheModels(Merging merging) {
    Merging halves = merging.in(DType.BF16);
    float[] base = halves.merge(Terms.of("passthrough", 3_000).model(), normal(1));
    float[] other = halves.merge(Terms.of("passthrough", 3_000).model(), normal(2));

    assertSameBits(halves.merge(baseFirst(3_000, 0), base, other), base);
    assertSameBits(halves.merge(baseFirst(3_000, 1), base, other), other);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theBaseMayBeTheSecondInput(Merging merging) {
    Terms baseSecond = Terms.of("slerp", 3_000).model().base().merge("t", 0.3);

    assertClose(
        merging.merge(baseSecond, normal(2), normal(1)), Formulas.slerp(0.3, normal(1), normal(2)));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanStaysVisible(Merging merging) {
    float[] other = normal(2);
    other[1_234] = Float.NaN;
    float[] merged = merging.merge(baseFirst(3_000, 0.5), normal(1), other);

    assertThat(merged[1_234]).isNaN();
  }

  @Test
  void refusesToMergeBeforeTheAngleIsKnown() {
    try (Kernels<?> kernels = new ScalarProvider().open()) {
      MergeProgram program = baseFirst(2, 0.5).program();

      assertThatThrownBy(() -> program.open(kernels))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith("opened before its scan");
    }
  }

  private static float[] normal(long seed) {
    return Samples.normal(3_000, 0.05, seed);
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }
}
