package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.Formulas;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.kernels.random.RankedDrop;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DellaTest {
  private static final String TENSOR = "lm_head.weight";

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  static Stream<Arguments> onCpuByRowLength() {
    return Merging.onCpu()
        .flatMap(merging -> Sizes.rows().mapToObj(length -> Arguments.of(merging, length)));
  }

  private static Terms bare(int rows, int columns, double density, double epsilon, long seed) {
    return Terms.of("della_linear", rows * columns)
        .shape(rows, columns)
        .base()
        .model("weight", 1.0, "density", density, "epsilon", epsilon)
        .merge("rescale", false)
        .tensor(TENSOR)
        .seed(seed);
  }

  private static float[] thinned(Merging merging, Terms terms, float... taskVector) {
    return merging.merge(terms, new float[taskVector.length], taskVector);
  }

  /** By a sort of each row and the probabilities of the paper. */
  private static boolean[] kept(float[] base, float[] values, int columns, int model, Terms terms) {
    ParameterValues parameters = terms.build().models().get(model + 1);
    double density = parameters.get(TaskVectorParameters.DENSITY);
    double epsilon = parameters.get(TaskVectorParameters.EPSILON);
    RandomStream draws = RandomDrop.of(terms.build().seed(), model, TENSOR, density).draws();
    boolean[] kept = new boolean[base.length];
    for (int row = 0; row < base.length; row += columns) {
      int first = row;
      List<Integer> ascending =
          IntStream.range(row, row + columns)
              .boxed()
              .sorted(Comparator.comparingDouble(e -> Math.abs(values[e] - base[e])))
              .toList();
      for (int rank = 0; rank < columns; rank++) {
        double share = columns == 1 ? 0.5 : (double) rank / (columns - 1);
        double probability = density - epsilon + 2 * epsilon * share;
        int e = ascending.get(rank);
        int draw = RandomStream.draw(e, draws.firstKey(first), draws.secondKey(first));
        kept[e] = Integer.toUnsignedLong(draw) < probability * 0x1p32;
      }
    }
    return kept;
  }

  @ParameterizedTest
  @MethodSource("onCpuByRowLength")
  void theFormulaHolds(Merging merging, int columns) {
    int rows = 3;
    int n = rows * columns;
    float[] base = Samples.normal(n, 1, 1);
    float[] a = Samples.normal(n, 1, 2);
    float[] b = Samples.tied(n, 3);
    for (String method : List.of("della", "della_linear")) {
      boolean elects = method.equals("della");
      Terms terms =
          Terms.of(method, n)
              .shape(rows, columns)
              .base()
              .model("weight", 0.7, "density", 0.4, "epsilon", 0.15)
              .model("weight", 1.2, "density", 0.7, "epsilon", 0.29)
              .merge("lambda", 0.9)
              .tensor(TENSOR);
      List<Formulas.Model> models =
          List.of(
              new Formulas.Model(a, 0.7, kept(base, a, columns, 0, terms)),
              new Formulas.Model(b, 1.2, kept(base, b, columns, 1, terms)));

      assertClose(
          merging.merge(terms, base, a, b),
          Formulas.taskArithmetic(base, models, elects, elects, true, 0.9));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void withoutEpsilonItIsDare(Merging merging) {
    float[] base = Samples.normal(5_000, 1, 1);
    float[] model = Samples.normal(5_000, 1, 2);
    Terms dare = Terms.of("dare_linear", 5_000).base().model("weight", 1.0, "density", 0.4);
    Terms della =
        Terms.of("della_linear", 5_000)
            .shape(5, 1_000)
            .base()
            .model("weight", 1.0, "density", 0.4, "epsilon", 0.0);

    assertSameBits(merging.merge(della, base, model), merging.merge(dare, base, model));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aTinyEpsilonKeepsTheShareThatDareKeeps(Merging merging) {
    int n = 1 << 18;
    float[] kept = thinned(merging, bare(64, n / 64, 0.3, 1e-9, 5), Samples.filled(n, 1));
    RandomDrop dare = RandomDrop.of(5, 0, TENSOR, 0.3);

    long differing = IntStream.range(0, n).filter(e -> (kept[e] == 1) != dare.keeps(e)).count();
    assertThat(differing).isLessThanOrEqualTo(2); // 2⁻³² is a quarter of a billionth
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theShareKeptRisesWithTheRank(Merging merging) {
    int columns = 1_000;
    int rows = 2_000;
    float[] taskVector = new float[rows * columns];
    for (int e = 0; e < taskVector.length; e++) {
      taskVector[e] = (e % columns + 1) * (e % 2 == 0 ? 1 : -1); // the rank is the column
    }
    float[] thinned = thinned(merging, bare(rows, columns, 0.5, 0.3, 7), taskVector);

    for (int tenth = 0; tenth < 10; tenth++) {
      int from = tenth * 100;
      long kept =
          IntStream.range(0, taskVector.length)
              .filter(e -> e % columns / 100 * 100 == from && thinned[e] != 0)
              .count();
      double expected = 0.2 + 0.6 * (from + 49.5) / 999;
      double deviation = Math.sqrt(expected * (1 - expected) / (100 * rows));
      assertThat(kept / (100.0 * rows)).isCloseTo(expected, within(5 * deviation));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void ofEqualMagnitudesTheFirstHasTheLowerRank(Merging merging) {
    int columns = 4_000; // sorted by counting
    float[] ties = Samples.filled(columns, -2);
    float[] ascending = new float[columns];
    for (int e = 0; e < columns; e++) {
      ascending[e] = e + 1;
    }
    Terms terms = bare(1, columns, 0.5, 0.4, 3);
    float[] ofTies = thinned(merging, terms, ties);
    float[] ofAscending = thinned(merging, terms, ascending);

    for (int e = 0; e < columns; e++) {
      assertThat(ofTies[e] != 0).isEqualTo(ofAscending[e] != 0);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aRowOfOneElementIsKeptWithTheDensity(Merging merging) {
    float[] ones = Samples.filled(10_000, 1);
    float[] thinned = thinned(merging, bare(10_000, 1, 0.4, 0.3, 1), ones);

    long kept = IntStream.range(0, thinned.length).filter(e -> thinned[e] == 1).count();
    assertThat(kept / 1e4).isCloseTo(0.4, within(5 * 0.0049));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void densityOneKeepsAllAndDensityZeroNothing(Merging merging) {
    float[] taskVector = Samples.normal(2_100, 1, 1);

    assertSameBits(thinned(merging, bare(21, 100, 1, 0.15, 1), taskVector), taskVector);
    assertSameBits(thinned(merging, bare(21, 100, 0, 0.15, 1), taskVector), new float[2_100]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aNanRanksAboveAllAndStaysVisibleWhereItIsKept(Merging merging) {
    float[] taskVector = Samples.normal(1_000, 1, 1);
    taskVector[17] = Float.NaN;
    int kept = 0;
    for (int seed = 0; seed < 100; seed++) {
      kept +=
          Float.isNaN(thinned(merging, bare(1, 1_000, 0.5, 0.49, seed), taskVector)[17]) ? 1 : 0;
    }
    assertThat(kept).isGreaterThan(93); // 99 % of the time
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.15", "0.1, 0.15", "0.5, 0.5", "0.85, 0.15"})
  void probabilitiesBeyondZeroAndOneAreAProblem(double density, double epsilon) {
    TensorTerms terms = bare(2, 2, density, epsilon, 1).build();

    assertThat(MergeMethods.named("della").orElseThrow().problemWith(terms))
        .hasValue(
            "density %s with epsilon %s leaves no room:".formatted(density, epsilon)
                + " density - epsilon must be above 0 and density + epsilon below 1");
    assertThatThrownBy(() -> RankedDrop.of(1, 0, TENSOR, density, epsilon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("density is %s ± %s, must be between 0 and 1".formatted(density, epsilon));
  }

  @Test
  void probabilitiesBetweenZeroAndOneAreNoProblem() {
    for (double density : new double[] {0, 0.5, 1}) {
      assertThat(
              MergeMethods.named("della")
                  .orElseThrow()
                  .problemWith(bare(2, 2, density, 0.15, 1).build()))
          .isEmpty();
    }
  }
}
