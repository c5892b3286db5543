package dev.stockpot.kernels.methods.robust;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Geometric median and multi-ClosestModels, beside plain float64 code on the vectors themselves.
 */
class RobustMethodsTest {
  private static final int N = 3_000;
  private static final int MODELS = 6;

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms models(String method, int models, int n) {
    Terms terms = Terms.of(method, n);
    for (int m = 0; m < models; m++) {
      terms.model();
    }
    return terms;
  }

  /** Fine-tunes of one base, of which the third was turned round and blown up. */
  private static float[][] withOneOpposite() {
    float[][] inputs = FineTunes.withBase(MODELS - 1, N);
    for (int e = 0; e < N; e++) {
      inputs[2][e] *= -10;
    }
    return inputs;
  }

  private static float[][] reversed(float[]... inputs) {
    float[][] reversed = new float[inputs.length][];
    Arrays.setAll(reversed, i -> inputs[inputs.length - 1 - i]);
    return reversed;
  }

  private static double distance(double[] a, double[] b) {
    return Vectors.norm(Vectors.sum(1, a, -1, b));
  }

  private static double[] median(float[]... inputs) {
    double[] median = Vectors.of(inputs[0]);
    for (int step = 0; step < 2_000; step++) {
      double[] sum = new double[median.length];
      double total = 0;
      for (float[] input : inputs) {
        double weight = 1 / Math.max(1e-6, distance(median, Vectors.of(input)));
        sum = Vectors.sum(1, sum, weight, Vectors.of(input));
        total += weight;
      }
      median = Vectors.scaled(1 / total, sum);
    }
    return median;
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void medianEqualsTheStepsOnTheVectors(Merging merging) {
    float[][] inputs = withOneOpposite();

    assertClose(merging.merge(models("geometric_median", MODELS, N), inputs), median(inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void medianOfAnOddNumberOnALineIsTheMiddle(Merging merging) {
    float[][] inputs = {{0, 0}, {30, 40}, {3, 4}, {6, 8}, {-300, -400}};

    assertClose(merging.merge(models("geometric_median", 5, 2), inputs), Vectors.of(inputs[2]));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theOrderOfModelsDoesNotShowButForRounding(Merging merging) {
    float[][] inputs = withOneOpposite();
    for (String method : new String[] {"geometric_median", "multi_krum"}) {
      Terms terms = models(method, MODELS, N);
      assertClose(merging.merge(terms, reversed(inputs)), Vectors.of(merging.merge(terms, inputs)));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void krumTakesTheModelWithTheNearestNeighbours(Merging merging) {
    float[][] inputs = {
      Samples.filled(N, 9),
      Samples.filled(N, 1.02f),
      Samples.filled(N, 1),
      Samples.filled(N, 0.97f),
      Samples.filled(N, -5)
    };
    Terms krum = models("multi_krum", 5, N).merge("f", 1.0, "m", 1.0);

    assertSameBits(merging.merge(krum, inputs), inputs[2]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void multiKrumAveragesAllButTheOpposite(Merging merging) {
    float[][] inputs = withOneOpposite();
    float[][] honest = {inputs[0], inputs[1], inputs[3], inputs[4], inputs[5]};

    assertSameBits(
        merging.merge(models("multi_krum", MODELS, N), inputs),
        merging.merge(models("uniform_soup", 5, N), honest));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanStaysVisible(Merging merging) {
    float[][] inputs = FineTunes.withBase(MODELS - 1, N);
    inputs[1][1_234] = Float.NaN;
    for (String method : new String[] {"geometric_median", "multi_krum"}) {
      assertThat(merging.merge(models(method, MODELS, N), inputs)[1_234]).isNaN();
    }
  }
}
