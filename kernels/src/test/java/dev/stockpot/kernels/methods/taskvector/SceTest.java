package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.methods.Formulas;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.random.RandomStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SceTest {
  private static final RandomStream DRAWS = Terms.of("sce", 1).draws();

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  static Stream<Arguments> onCpuBySize() {
    return Merging.onCpu()
        .flatMap(
            merging ->
                Sizes.AROUND_BLOCKS_AND_LANES.stream().map(size -> Arguments.of(merging, size)));
  }

  private static Terms terms(int n, int models, double topk) {
    Terms terms = Terms.of("sce", n).base().merge("select_topk", topk);
    for (int i = 0; i < models; i++) {
      terms.model();
    }
    return terms;
  }

  /** The formula, with a sort to select. */
  private static double[] sce(double topk, float[] base, float[]... models) {
    int n = base.length;
    double[][] deltas = new double[models.length][n];
    double[] variance = new double[n];
    for (int e = 0; e < n; e++) {
      double mean = 0;
      for (int m = 0; m < models.length; m++) {
        deltas[m][e] = models[m][e] - base[e]; // a float32, as everywhere
        mean += deltas[m][e] / models.length;
      }
      for (double[] delta : deltas) {
        variance[e] += Math.pow(delta[e] - mean, 2) / models.length;
      }
    }
    if (topk < 1) {
      long nonzero = Arrays.stream(variance).filter(v -> v > 1e-20).count();
      boolean[] selected = Formulas.largest(variance, (long) (nonzero * topk), DRAWS);
      IntStream.range(0, n)
          .filter(e -> !selected[e])
          .forEach(e -> Arrays.stream(deltas).forEach(delta -> delta[e] = 0));
    }
    double[] energies =
        Arrays.stream(deltas)
            .mapToDouble(d -> Arrays.stream(d).map(v -> v * v).sum() / n)
            .toArray();
    double total = Arrays.stream(energies).sum();
    double[] merged = new double[n];
    for (int e = 0; e < n; e++) {
      int element = e;
      double vote = Arrays.stream(deltas).mapToDouble(delta -> delta[element]).sum();
      double sum = 0;
      double weights = 0;
      for (int m = 0; m < models.length; m++) {
        double v = deltas[m][e];
        double weight = total < 1e-6 ? 1.0 / models.length : energies[m] / total;
        if (vote >= 0 ? v > 0 : v < 0) {
          sum += weight * v;
          weights += weight;
        }
      }
      merged[e] = base[e] + (weights == 0 ? 0 : sum / weights);
    }
    return merged;
  }

  @ParameterizedTest
  @MethodSource("onCpuBySize")
  void theFormulaHolds(Merging merging, int n) {
    float[] base = Samples.normal(n, 0.05, 1);
    float[] a = Samples.normal(n, 0.05, 2);
    float[] b = Samples.normal(n, 0.1, 3);
    float[] c = Samples.normal(n, 0.02, 4);
    for (double topk : new double[] {0, 0.1, 0.4, 0.99, 1}) {
      assertClose(merging.merge(terms(n, 3, topk), base, a, b, c), sce(topk, base, a, b, c));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpuBySize")
  void ofEqualVariancesSomeAreDrawn(Merging merging, int n) {
    float[] base = new float[n];
    float[] a = Samples.tied(n, 2);
    float[] b = Samples.tied(n, 3);
    for (double topk : new double[] {0.1, 0.5, 0.9}) {
      assertClose(merging.merge(terms(n, 2, topk), base, a, b), sce(topk, base, a, b));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void faintTaskVectorsWeighAllTheSame(Merging merging) {
    float[] base = new float[3_000];
    float[] a = Samples.normal(3_000, 1e-4, 2);
    float[] b = Samples.normal(3_000, 5e-4, 3);

    assertThat(sce(1, base, a, b)).isEqualTo(sceOfEqualWeights(a, b));
    assertClose(merging.merge(terms(3_000, 2, 1), base, a, b), sceOfEqualWeights(a, b));
  }

  private static double[] sceOfEqualWeights(float[] a, float[] b) {
    return IntStream.range(0, a.length)
        .mapToDouble(
            e -> {
              boolean agree = a[e] * (double) b[e] > 0;
              double sum = 0.5 * a[e] + 0.5 * b[e];
              return agree ? sum : a[e] + (double) b[e] >= 0 == a[e] > 0 ? a[e] : b[e];
            })
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void oneModelIsTheResultWhereAllIsSelected(Merging merging) {
    float[] model = Samples.normal(2_100, 1, 2);

    assertSameBits(merging.merge(terms(2_100, 1, 1), new float[2_100], model), model);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void equalModelsAreTheResultWhereAllIsSelected(Merging merging) {
    float[] model = Samples.normal(2_100, 1, 2);

    assertSameBits(
        merging.merge(terms(2_100, 4, 1), new float[2_100], model, model, model, model), model);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void ofEqualModelsNothingIsSelectedAndTheBaseStays(Merging merging) {
    float[] base = Samples.normal(2_100, 1, 1);
    float[] model = Samples.normal(2_100, 1, 2);
    for (int models : new int[] {2, 3, 5, 7}) { // 1/7 of seven times x is not always x
      float[][] inputs = new float[models + 1][];
      Arrays.fill(inputs, model);
      inputs[0] = base;

      assertSameBits(merging.merge(terms(2_100, models, 0.5), inputs), base);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theShareIsOfElementsThatDiffer(Merging merging) {
    float[] a = new float[1_000];
    float[] b = new float[1_000];
    for (int e = 0; e < 100; e++) {
      a[10 * e] = e + 1;
    }
    float[] merged = merging.merge(terms(1_000, 2, 0.3), new float[1_000], a, b);

    assertThat(IntStream.range(0, 1_000).filter(e -> merged[e] != 0).toArray())
        .containsExactly(IntStream.range(70, 100).map(e -> 10 * e).toArray());
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aNanStaysVisible(Merging merging) {
    float[] a = Samples.normal(1_000, 1, 1);
    a[17] = Float.NaN;
    for (double topk : new double[] {0.1, 1}) {
      float[] merged =
          merging.merge(terms(1_000, 2, topk), new float[1_000], a, Samples.normal(1_000, 1, 2));

      assertThat(merged[17]).isNaN();
    }
  }

  @Test
  void aSelectionByTheVarianceOfOneModelIsAProblem() {
    MergeMethod sce = MergeMethods.named("sce").orElseThrow();

    assertThat(sce.problemWith(terms(1, 1, 0.5).build()))
        .hasValue(
            "select_topk below 1 selects by the variance between models, and one model has none;"
                + " add a model, or set select_topk: 1");
    assertThat(sce.problemWith(terms(1, 1, 1).build())).isEmpty();
    assertThat(sce.problemWith(terms(1, 2, 0.5).build())).isEmpty();
  }
}
