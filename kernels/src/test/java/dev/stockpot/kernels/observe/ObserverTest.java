package dev.stockpot.kernels.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.observe.Figures.Magnitudes;
import dev.stockpot.kernels.observe.Observer.Viewpoint;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.KeptTally;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObserverTest {
  private static final KernelProvider LANES = new VectorProvider();
  private static final double ROUNDING = 1e-6; // differences are float32

  private final Operands operands = new Operands();

  @AfterEach
  void close() {
    operands.close();
  }

  @Test
  void geometryIsThatOfPlainCode() {
    double[][] inputs = random(3, 5_001); // base and two models
    double[] result = random(1, 5_001)[0];
    Figures figures = figures(new Viewpoint(3, 0, true), inputs, result);
    double[] first = difference(inputs[1], inputs[0]);
    double[] second = difference(inputs[2], inputs[0]);
    double[] merged = difference(result, inputs[0]);
    assertClose(figures.norm(0), norm(first));
    assertClose(figures.norm(1), norm(second));
    assertClose(figures.norm(2), norm(merged));
    assertClose(figures.baseNorm().orElseThrow(), norm(inputs[0]));
    assertClose(
        figures.cosine(0, 1).orElseThrow(), dot(first, second) / norm(first) / norm(second));
    assertClose(
        figures.cosine(2, 0).orElseThrow(), dot(first, merged) / norm(first) / norm(merged));
    assertClose(figures.distance(0).orElseThrow(), norm(difference(inputs[1], result)));
    assertClose(figures.distance(1).orElseThrow(), norm(difference(inputs[2], result)));
    assertThat(figures.sampled()).isEqualTo(5_001);
  }

  @Test
  void withoutABaseTheModelsThemselvesAreCompared() {
    double[][] inputs = random(2, 700);
    double[] result = random(1, 700)[0];
    Figures figures = figures(new Viewpoint(2, Viewpoint.NO_BASE, true), inputs, result);
    assertClose(figures.norm(0), norm(inputs[0]));
    assertClose(
        figures.cosine(0, 1).orElseThrow(),
        dot(inputs[0], inputs[1]) / norm(inputs[0]) / norm(inputs[1]));
    assertClose(figures.distance(1).orElseThrow(), norm(difference(inputs[1], result)));
    assertThat(figures.baseNorm()).isEmpty();
    assertThat(figures.conflicts()).isEmpty();
  }

  @Test
  void conflictsAreElementsThatTwoModelsChangeInOppositeDirections() {
    // the base in the middle, so that places of inputs and of models differ
    double[][] inputs = {
      {1, 1, 1, 1, 1, 2, 1, 1},
      {1, 1, 1, 1, 1, 1, 1, 1},
      {2, 0, 1, 2, 0, 2, 1, 0},
      {2, 2, 2, 1, 0, 0, 1, 2}
    };
    Figures figures = figures(new Viewpoint(4, 1, false), inputs, null);
    assertThat(figures.conflicts()).hasValue(3.0 / 8); // the second, the sixth and the last
  }

  @Test
  void oneModelHasNoConflicts() {
    Figures figures = figures(new Viewpoint(2, 0, true), random(2, 10), random(1, 10)[0]);
    assertThat(figures.conflicts()).isEmpty();
  }

  @Test
  void magnitudesAreCountedByPowersOfTwo() {
    double[] values = {0, 1, -1.5, 2, 3.99, 1e-40, 0.25, Double.POSITIVE_INFINITY};
    Figures figures =
        figures(new Viewpoint(1, Viewpoint.NO_BASE, false), new double[][] {values}, null);
    Magnitudes magnitudes = figures.magnitudes().get(0);
    assertThat(magnitudes.zeros()).isEqualTo(2); // and what is next to nothing
    assertThat(magnitudes.first()).isEqualTo(-2);
    long[] expected = new long[131];
    expected[0] = 1;
    expected[2] = 2;
    expected[3] = 2;
    expected[130] = 1;
    assertThat(magnitudes.counts()).containsExactly(expected);
  }

  @Test
  void aSampleTellsAboutTheSameAsAllElements() {
    double[][] inputs = random(3, 1 << 21);
    double[] result = random(1, 1 << 21)[0];
    Viewpoint view = new Viewpoint(3, 0, true);
    Figures sampled = observe(view, Sampling.of(1 << 21, 0, 3), inputs, result, 1 << 18).figures();
    Figures all = observe(view, Sampling.all(0), inputs, result, 1 << 18).figures();
    assertThat(sampled.sampled()).isEqualTo(1 << 14);
    assertThat(sampled.norm(0)).isCloseTo(all.norm(0), within(0.02 * all.norm(0)));
    assertThat(sampled.cosine(0, 1).orElseThrow())
        .isCloseTo(all.cosine(0, 1).orElseThrow(), within(0.02));
    assertThat(sampled.conflicts().orElseThrow())
        .isCloseTo(all.conflicts().orElseThrow(), within(0.01));
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 3 * 4096, 1 << 20})
  void chunksAndProvidersChangeNoBit(int chunk) {
    double[][] inputs = random(3, (1 << 20) + 70_001);
    double[] result = random(1, (1 << 20) + 70_001)[0];
    Viewpoint view = new Viewpoint(3, 2, true);
    Sampling sampling = Sampling.of((1 << 20) + 70_001, 0, 3);
    Observation whole = observe(view, sampling, inputs, result, 1 << 21);
    Observation cut = observe(view, sampling, inputs, result, chunk);
    Observation scalar = observe(new ScalarProvider(), view, sampling, inputs, result, 0, chunk);
    assertThat(cut.partials()).containsExactly(whole.partials());
    assertThat(scalar.partials()).containsExactly(whole.partials());
    assertThat(cut.sampled()).isEqualTo(whole.sampled());
  }

  @Test
  void slicesAddUpToTheTensor() {
    int cut = 1 << 20; // slices begin at reduction blocks
    double[][] inputs = random(3, cut + 90_000);
    double[] result = random(1, cut + 90_000)[0];
    Viewpoint view = new Viewpoint(3, 0, true);
    Sampling sampling = Sampling.of(cut + 90_000, 0, 3);
    Figures whole = observe(view, sampling, inputs, result, 1 << 18).figures();
    Observation first =
        observe(view, sampling, range(inputs, 0, cut), Arrays.copyOf(result, cut), 1 << 18);
    Observation second =
        observe(
            LANES,
            view,
            sampling,
            range(inputs, cut, cut + 90_000),
            Arrays.copyOfRange(result, cut, cut + 90_000),
            cut,
            1 << 18);
    Figures sum = first.plus(second).figures();
    assertThat(sum.sums()).containsExactly(whole.sums());
    assertThat(sum.magnitudes().get(0).counts())
        .containsExactly(whole.magnitudes().get(0).counts());
  }

  private Figures figures(Viewpoint view, double[][] inputs, double[] result) {
    return observe(view, Sampling.all(0), inputs, result, 1 << 18).figures();
  }

  private Observation observe(
      Viewpoint view, Sampling sampling, double[][] inputs, double[] result, int chunk) {
    return observe(LANES, view, sampling, inputs, result, 0, chunk);
  }

  private Observation observe(
      KernelProvider provider,
      Viewpoint view,
      Sampling sampling,
      double[][] inputs,
      double[] result,
      long firstElement,
      int chunk) {
    try (Kernels<?> kernels = provider.open()) {
      Observer<?> observer = new Observer<>(kernels, view, sampling);
      for (int first = 0; first < inputs[0].length; first += chunk) {
        int end = Math.min(inputs[0].length, first + chunk);
        List<Operand> loaded = new ArrayList<>();
        for (double[] input : inputs) {
          loaded.add(operands.of(DType.F32, floats(input, first, end)));
        }
        Optional<Operand> merged =
            view.hasResult()
                ? Optional.of(operands.of(DType.F32, floats(result, first, end)))
                : Optional.empty();
        observer.observe(new Block(firstElement + first, 0, end - first), loaded, merged);
      }
      return observer.found(new KeptTally(inputs.length));
    }
  }

  private static float[] floats(double[] values, int begin, int end) {
    float[] floats = new float[end - begin];
    for (int i = begin; i < end; i++) {
      floats[i - begin] = (float) values[i];
    }
    return floats;
  }

  private static double[][] range(double[][] inputs, int begin, int end) {
    return Arrays.stream(inputs)
        .map(input -> Arrays.copyOfRange(input, begin, end))
        .toArray(double[][]::new);
  }

  /** Vectors that are not independent of each other. */
  private static double[][] random(int vectors, int elements) {
    Random random = new Random(31L * vectors + elements);
    double[][] values = new double[vectors][elements];
    for (int i = 0; i < elements; i++) {
      double common = random.nextGaussian();
      for (int v = 0; v < vectors; v++) {
        values[v][i] = (float) (0.3 * common + random.nextGaussian());
      }
    }
    return values;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  private static double dot(double[] a, double[] b) {
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
    }
    return dot;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static void assertClose(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(ROUNDING * Math.max(1, Math.abs(expected))));
  }
}
