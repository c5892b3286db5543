package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PerpendicularTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms terms(int n, double... weights) {
    Terms terms = Terms.of("perpendicular", n).base();
    for (double weight : weights) {
      terms.model("weight", weight);
    }
    return terms;
  }

  private static double inner(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void addsWhatIsPerpendicularToTheFirst(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(3, n);
      double[] first = Vectors.minus(inputs[1], inputs[0]);
      double[] expected = Vectors.sum(1, Vectors.of(inputs[0]), 0.9, first);
      double[] weights = {0.5, 2};
      for (int i = 2; i < 4; i++) {
        double[] other = Vectors.minus(inputs[i], inputs[0]);
        double square = inner(first, first);
        double along = square == 0 ? 0 : inner(first, other) / square;
        double[] across = Vectors.sum(1, other, -along, first);
        expected = Vectors.sum(1, expected, weights[i - 2], across);
      }

      assertClose(merging.merge(terms(n, 0.9, 0.5, 2), inputs), expected);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void whatTheFirstHasAlreadyIsNotDoubled(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    inputs[2] = inputs[1].clone();
    float[] merged = merging.merge(terms(3_000, 1, 1), inputs);

    assertClose(merged, Vectors.of(inputs[1]));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theMergeGoesAsFarAlongTheFirstAsTheFirst(Merging merging) {
    float[][] inputs = FineTunes.withBase(3, 5_000);
    double[] first = Vectors.minus(inputs[1], inputs[0]);
    float[] merged = merging.merge(terms(5_000, 1, 3, -2), inputs);

    assertThat(inner(first, Vectors.minus(merged, inputs[0])) / inner(first, first))
        .isCloseTo(1, within(1e-4));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aFirstModelThatChangesNothingLeavesTheOthersWhole(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    inputs[1] = inputs[0].clone();
    Terms sum = Terms.of("task_arithmetic", 3_000).base().model("weight", 1.0).model("weight", 0.5);

    assertSameBits(merging.merge(terms(3_000, 1, 0.5), inputs), merging.merge(sum, inputs));
  }
}
