package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.random.RandomDrop;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What dare keeps of a task vector: with one model on a base of zeros the output shows it. */
class DareTest {
  private static final String TENSOR = "lm_head.weight";

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms terms(int n, double density, long seed) {
    return Terms.of("dare_linear", n)
        .base()
        .model("weight", 1.0, "density", density)
        .merge("normalize", false, "rescale", false, "lambda", 1.0)
        .tensor(TENSOR)
        .seed(seed);
  }

  private static float[] thinned(Merging merging, Terms terms, float... taskVector) {
    return merging.merge(terms, new float[taskVector.length], taskVector);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void whatIsKeptIsWhatTheDrawKeeps(Merging merging) {
    float[] taskVector = Samples.normal(10_000, 1, 1);
    RandomDrop drop = RandomDrop.of(5, 0, TENSOR, 0.3);
    float[] thinned = thinned(merging, terms(10_000, 0.3, 5), taskVector);

    for (int e = 0; e < taskVector.length; e++) {
      assertThat(thinned[e]).isEqualTo(drop.keeps(e) ? taskVector[e] : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.1, 0.5, 0.9})
  void theShareKeptIsTheDensity(double density) {
    int n = 1 << 20;
    for (long first : new long[] {0, 1L << 31, 1L << 32, 5L << 40}) {
      RandomDrop drop = RandomDrop.of(3, 1, TENSOR, density);
      long kept = IntStream.range(0, n).filter(i -> drop.keeps(first + i)).count();
      double deviation = Math.sqrt(n * density * (1 - density));

      assertThat((double) kept).isCloseTo(n * density, within(5 * deviation));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void neighboursAreDrawnIndependently(Merging merging) {
    int n = 1 << 18;
    float[] kept = thinned(merging, terms(n, 0.5, 9), Samples.filled(n, 1));
    for (int distance : new int[] {1, 2, 16, 64, 2_048, 65_536}) {
      int pairs = n - distance;
      long both = IntStream.range(0, pairs).filter(e -> kept[e] + kept[e + distance] == 2).count();

      assertThat((double) both).isCloseTo(pairs / 4.0, within(5 * Math.sqrt(pairs * 3 / 16.0)));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theMeanOverSeedsIsTheTaskVector(Merging merging) {
    int seeds = 200;
    double density = 0.5;
    float[] taskVector = Samples.normal(2_000, 1, 1);
    double[] mean = new double[taskVector.length];
    for (int seed = 0; seed < seeds; seed++) {
      Terms terms =
          terms(taskVector.length, density, seed)
              .merge("normalize", false, "rescale", true, "lambda", 1.0);
      float[] thinned = thinned(merging, terms, taskVector);
      for (int e = 0; e < mean.length; e++) {
        mean[e] += thinned[e] / seeds;
      }
    }
    double deviation = Math.sqrt((1 - density) / density / seeds); // of a mean, relative
    for (int e = 0; e < mean.length; e++) {
      assertThat(mean[e]).isCloseTo(taskVector[e], within(5 * deviation * Math.abs(taskVector[e])));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theNormIsRestored(Merging merging) {
    float[] taskVector = Samples.normal(3_000, 1, 1);
    Terms terms = terms(3_000, 0.2, 1).merge("normalize", false, "rescale", true, "lambda", 1.0);

    assertThat(norm(thinned(merging, terms, taskVector)))
        .isCloseTo(norm(taskVector), within(1e-5 * norm(taskVector)));
  }

  private static double norm(float... values) {
    return IntStream.range(0, values.length).mapToDouble(e -> Math.abs(values[e])).sum();
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void seedsTensorsAndModelsDrawDifferently(Merging merging) {
    float[] ones = Samples.filled(1_000, 1);
    float[] kept = thinned(merging, terms(1_000, 0.5, 1), ones);
    float[] otherSeed = thinned(merging, terms(1_000, 0.5, 2), ones);
    float[] otherTensor = thinned(merging, terms(1_000, 0.5, 1).tensor("model.norm.weight"), ones);
    float[] asSecondModel =
        merging.merge(
            Terms.of("dare_linear", 1_000)
                .base()
                .model("weight", 0.0, "density", 0.5)
                .model("weight", 1.0, "density", 0.5)
                .merge("normalize", false, "rescale", false, "lambda", 1.0)
                .tensor(TENSOR)
                .seed(1),
            new float[1_000],
            ones,
            ones);

    for (float[] other : new float[][] {otherSeed, otherTensor, asSecondModel}) {
      long differing = IntStream.range(0, 1_000).filter(e -> kept[e] != other[e]).count();

      assertThat((double) differing).isCloseTo(500, within(80.0)); // 5 deviations of 15.8
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void densityOneKeepsAllAndDensityZeroNothing(Merging merging) {
    float[] taskVector = Samples.normal(2_100, 1, 1);

    assertSameBits(thinned(merging, terms(2_100, 1, 1), taskVector), taskVector);
    assertSameBits(thinned(merging, terms(2_100, 0, 1), taskVector), new float[2_100]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void oneElementIsKeptOrNot(Merging merging) {
    int kept = 0;
    for (int seed = 0; seed < 200; seed++) {
      float[] thinned = thinned(merging, terms(1, 0.5, seed), 3);
      assertThat(thinned[0]).isIn(0f, 3f);
      kept += thinned[0] == 3 ? 1 : 0;
    }

    assertThat(kept).isBetween(65, 135); // 5 deviations of 7.1
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aTaskVectorOfZerosIsNotRescaled(Merging merging) {
    Terms terms = terms(100, 0.5, 1).merge("normalize", false, "rescale", true, "lambda", 1.0);

    assertSameBits(thinned(merging, terms, new float[100]), new float[100]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aKeptNanStaysVisible(Merging merging) {
    float[] taskVector = Samples.normal(1_000, 1, 1);
    int place =
        IntStream.range(0, 1_000)
            .filter(RandomDrop.of(1, 0, TENSOR, 0.5)::keeps)
            .findFirst()
            .orElseThrow();
    taskVector[place] = Float.NaN;

    assertThat(thinned(merging, terms(1_000, 0.5, 1), taskVector)[place]).isNaN();
  }
}
