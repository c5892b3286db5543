package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LocalizeAndStitchTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms terms(int n, double... densities) {
    Terms terms = Terms.of("localize_and_stitch", n).base();
    for (double density : densities) {
      terms.model("density", density);
    }
    return terms;
  }

  /** The formula of the paper, of one tensor that is the whole model. */
  private static double[] stitched(float[][] inputs, double... densities) {
    int n = inputs[0].length;
    double[] sum = new double[n];
    int[] kept = new int[n];
    for (int model = 0; model < densities.length; model++) {
      float[] change = new float[n];
      for (int i = 0; i < n; i++) {
        change[i] = inputs[model + 1][i] - inputs[0][i];
      }
      float[] sizes = new float[n];
      for (int i = 0; i < n; i++) {
        sizes[i] = Math.abs(change[i]);
      }
      Arrays.sort(sizes);
      int keep = (int) (densities[model] * n);
      for (int i = 0; i < n && keep > 0; i++) {
        boolean isKept = Math.abs(change[i]) >= sizes[n - keep] && change[i] != 0;
        sum[i] += isKept ? change[i] : 0;
        kept[i] += isKept ? 1 : 0;
      }
    }
    for (int i = 0; i < n; i++) {
      sum[i] = inputs[0][i] + sum[i] / Math.max(1, kept[i]);
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void averagesTheLargestOverThoseThatHaveThem(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(3, n);
      double[] expected = stitched(inputs, 0.1, 0.3, 0.5);
      assertClose(merging.merge(terms(n, 0.1, 0.3, 0.5), inputs), expected);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void oneModelThatKeepsAllIsItself(Merging merging) {
    float[][] inputs = FineTunes.withBase(1, 3_000);
    assertClose(merging.merge(terms(3_000, 1), inputs), Vectors.of(inputs[1]));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nothingKeptIsTheBase(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    assertSameBits(merging.merge(terms(3_000, 0, 0), inputs), inputs[0]);
  }

  @Test
  void theThresholdIsThatOfTheWholeModel() {
    assertThat(terms(100, 0.1).program().scanScope()).isEqualTo(ScanScope.MODEL);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void embeddingsAreTheBasesUnlessAsked(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 1_000);
    Terms embeddings = terms(1_000, 0.5, 0.5).role(TensorRole.EMBEDDING);

    assertSameBits(merging.merge(embeddings, inputs), inputs[0]);
    assertThat(embeddings.method().treatment(embeddings.build()))
        .hasValue("are taken from the base model");
    Terms asked = terms(1_000, 0.5, 0.5).role(TensorRole.EMBEDDING).merge("embeddings", "stitch");
    assertClose(merging.merge(asked, inputs), stitched(inputs, 0.5, 0.5));
    assertThat(asked.method().treatment(asked.build())).isEmpty();
  }
}
