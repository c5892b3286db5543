package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArceeFusionTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  static Stream<Arguments> onCpuByRowLength() {
    return Merging.onCpu()
        .flatMap(merging -> Sizes.rows().mapToObj(length -> Arguments.of(merging, length)));
  }

  private static Terms terms(int rows, int columns) {
    return Terms.of("arcee_fusion", rows * columns).shape(rows, columns).base().model();
  }

  /** The importance of every change, by the library's functions. */
  private static double[] importances(float[] base, float[] other, int columns) {
    double[] importances = new double[base.length];
    for (int row = 0; row < base.length; row += columns) {
      double[] p = softmax(other, row, columns);
      double[] q = softmax(base, row, columns);
      double divergence =
          IntStream.range(0, columns).mapToDouble(i -> p[i] * Math.log(p[i] / q[i])).sum();
      for (int e = row; e < row + columns; e++) {
        importances[e] = Math.abs(other[e] - base[e]) * Math.max(0, divergence);
      }
    }
    return importances;
  }

  private static double[] softmax(float[] values, int from, int count) {
    double[] powers =
        IntStream.range(from, from + count).mapToDouble(e -> Math.exp(values[e])).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / sum + 1e-8).toArray();
  }

  private static double threshold(double[] importances) {
    double[] sorted = importances.clone();
    Arrays.sort(sorted);
    double last = sorted.length - 1;
    double first = sorted[(int) (0.25 * last)];
    double third = sorted[(int) (0.75 * last)];
    return sorted[(int) (0.5 * last)] + 1.5 * (third - first);
  }

  @ParameterizedTest
  @MethodSource("onCpuByRowLength")
  void theFormulaHolds(Merging merging, int columns) {
    for (int rows : new int[] {1, 2, 9}) {
      int n = rows * columns;
      float[] base = Samples.normal(n, 1, 1);
      float[] other = Samples.normal(n, 1, 2);
      double[] importances = importances(base, other, columns);
      double threshold = columns == 1 ? 0 : threshold(importances);
      float[] merged = merging.merge(terms(rows, columns), base, other);

      int kept = 0;
      for (int e = 0; e < n; e++) {
        float change = other[e] - base[e];
        if (Math.abs(importances[e] - threshold) > 2e-7 * threshold || threshold == 0) {
          boolean keep = importances[e] >= threshold;
          kept += keep ? 1 : 0;
          assertThat(merged[e]).as("element %s", e).isEqualTo(keep ? base[e] + change : base[e]);
        }
      }
      if (n > 1_000) {
        assertThat(kept / (double) n).isBetween(0.001, 0.5);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void whatStandsOutIsTakenAndTheRestIsNot(Merging merging) {
    float[] base = Samples.normal(3_000, 0.05, 1);
    float[] other = Samples.normal(3_000, 1e-4, 2);
    for (int e = 0; e < base.length; e++) {
      other[e] += base[e];
    }
    other[1_234] = base[1_234] + 0.5f;
    float[] merged = merging.merge(terms(3, 1_000), base, other);

    assertThat(merged[1_234]).isEqualTo(other[1_234], within(1e-6f));
    assertThat(IntStream.range(0, 1_000).filter(e -> merged[e] == base[e]).count())
        .isEqualTo(1_000); // next to nothing beside the row of the large change
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void equalModelsStayAsTheyAre(Merging merging) {
    float[] model = Samples.normal(2_100, 1, 1);

    assertSameBits(merging.merge(terms(21, 100), model, model), model);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void rowsOfOneElementDivergeNowhereSoThatAllIsTaken(Merging merging) {
    float[] other = Samples.normal(3_000, 1, 1);

    assertSameBits(merging.merge(terms(3_000, 1), new float[3_000], other), other);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aTensorOfOneDimensionIsOneRow(Merging merging) {
    float[] base = Samples.normal(3_000, 1, 1);
    float[] other = Samples.normal(3_000, 1, 2);

    assertSameBits(
        merging.merge(Terms.of("arcee_fusion", 3_000).base().model(), base, other),
        merging.merge(terms(1, 3_000), base, other));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theBaseMayBeTheSecondInput(Merging merging) {
    float[] base = Samples.normal(3_000, 1, 1);
    float[] other = Samples.normal(3_000, 1, 2);
    Terms baseLast = Terms.of("arcee_fusion", 3_000).shape(3, 1_000).model().base();

    assertSameBits(
        merging.merge(baseLast, other, base), merging.merge(terms(3, 1_000), base, other));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void largeAndInfinitelySmallElementsHaveASoftmaxToo(Merging merging) {
    float[] base = Samples.normal(4_000, 1e4, 1);
    float[] other = Samples.normal(4_000, 1e4, 2);
    base[5] = Float.NEGATIVE_INFINITY;

    float[] merged = merging.merge(terms(4, 1_000), base, other);
    assertThat(IntStream.range(0, 4_000).filter(e -> Float.isNaN(merged[e])).toArray())
        .containsExactly(5); // nothing can be added to the infinite
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aNanOfEitherModelStaysVisible(Merging merging) {
    for (boolean inBase : new boolean[] {true, false}) {
      float[] base = Samples.normal(4_000, 1, 1);
      float[] other = Samples.normal(4_000, 1, 2);
      (inBase ? base : other)[1_234] = Float.NaN;

      assertThat(merging.merge(terms(4, 1_000), base, other)[1_234]).isNaN();
    }
  }
}
