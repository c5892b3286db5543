package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Formulas;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BreadcrumbsTest {
  private static final RandomStream DRAWS = Terms.of("breadcrumbs", 1).draws();

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  static Stream<Arguments> methodsOnCpu() {
    return Stream.of("breadcrumbs", "breadcrumbs_ties")
        .flatMap(method -> onCpu().map(merging -> Arguments.of(method, merging)));
  }

  /** What is kept of a task vector: with one model on a base of zeros the output shows it. */
  private static float[] band(Merging merging, double density, double gamma, float... taskVector) {
    Terms terms =
        Terms.of("breadcrumbs", taskVector.length)
            .base()
            .model("weight", 1.0, "density", density, "gamma", gamma);
    return merging.merge(terms, new float[taskVector.length], taskVector);
  }

  /** The kept ones of the largest by a sort, but for the largest of them; equal ones by lot. */
  private static boolean[] kept(
      float[] base, float[] values, double density, double gamma, RandomStream draws) {
    int n = base.length;
    int keep = (int) (density * n);
    int outliers = Math.min((int) (gamma * n), n - keep);
    boolean[] largest = Formulas.largest(base, values, outliers + keep, draws);
    boolean[] dropped = Formulas.largest(base, values, outliers, draws);
    for (int e = 0; e < n; e++) {
      largest[e] &= !dropped[e];
    }
    return largest;
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void followsItsFormula(String method, Merging merging) {
    double[] weights = {0.5, 0.6};
    double[] densities = {0.7, 0.9};
    double[] gammas = {0.05, 0.04};
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(2, n);
      Terms terms = Terms.of(method, n).base();
      List<Formulas.Model> models = new ArrayList<>();
      for (int m = 0; m < 2; m++) {
        terms.model("weight", weights[m], "density", densities[m], "gamma", gammas[m]);
        boolean[] kept = kept(inputs[0], inputs[m + 1], densities[m], gammas[m], terms.draws());
        models.add(new Formulas.Model(inputs[m + 1], weights[m], kept));
      }
      boolean elect = method.endsWith("ties");

      assertClose(
          merging.merge(terms, inputs),
          Formulas.taskArithmetic(inputs[0], models, elect, false, false, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void asManyAreKeptAsASortKeeps(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      for (double density : new double[] {0.1, 0.5, 0.85}) {
        for (double gamma : new double[] {0, 0.01, 0.3, 0.9}) {
          for (float[] taskVector : new float[][] {Samples.tied(n, n), Samples.normal(n, 1, n)}) {
            boolean[] kept = kept(new float[n], taskVector, density, gamma, DRAWS);
            float[] expected = new float[n];
            for (int e = 0; e < n; e++) {
              expected[e] = kept[e] ? taskVector[e] + 0f : 0; // on a base of zero
            }

            assertSameBits(band(merging, density, gamma, taskVector), expected);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theLargestAndTheSmallestAreDropped(Merging merging) {
    assertThat(band(merging, 0.5, 0.25, 1, -4, 3, -2)).containsExactly(0, 0, 3, -2);
  }

  /** One draw decides both, so that nothing is an outlier that is not among the largest. */
  @ParameterizedTest
  @MethodSource("onCpu")
  void ofEqualMagnitudesOutliersAndSmallOnesAreDrawn(Merging merging) {
    float[] equal = Samples.filled(40_000, -1);
    float[] band = band(merging, 0.5, 0.3, equal);
    int kept = 0;
    for (float value : band) {
      assertThat(value).isIn(0f, -1f);
      kept += value == -1 ? 1 : 0;
    }

    assertThat(kept).isBetween(20_000 - 400, 20_000 + 400); // four standard deviations
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aTensorTooSmallForAnOutlierLosesNone(Merging merging) {
    float[] taskVector = Samples.normal(64, 1, 1);
    boolean[] kept = Formulas.largest(new float[64], taskVector, 32, DRAWS);
    float[] merged = band(merging, 0.5, 0.01, taskVector);

    for (int e = 0; e < 64; e++) {
      assertThat(merged[e]).isEqualTo(kept[e] ? taskVector[e] : 0);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void outliersAreAtMostWhatTheDensityLeavesOut(Merging merging) {
    assertThat(band(merging, 0.5, 0.9, 1, -4, 3, -2)).containsExactly(1, 0, 0, -2);
    assertThat(band(merging, 1, 0.25, 1, -4, 3, -2)).containsExactly(1, -4, 3, -2);
    assertThat(band(merging, 0, 0.25, 1, -4, 3, -2)).containsExactly(0, 0, 0, 0);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void withoutOutliersAndDropsItIsTaskArithmetic(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    Terms breadcrumbs =
        Terms.of("breadcrumbs", 3_000)
            .base()
            .model("weight", 0.5, "density", 1.0, "gamma", 0.0)
            .model("weight", 0.7, "density", 1.0, "gamma", 0.0);
    Terms taskArithmetic =
        Terms.of("task_arithmetic", 3_000).base().model("weight", 0.5).model("weight", 0.7);

    assertSameBits(merging.merge(breadcrumbs, inputs), merging.merge(taskArithmetic, inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void noOutlierHidesANanOrAnInfinity(Merging merging) {
    float[] taskVector = Samples.normal(100, 1, 1);
    taskVector[50] = Float.NEGATIVE_INFINITY;
    taskVector[70] = Float.NaN;
    float[] merged = band(merging, 0.5, 0.02, taskVector);

    assertThat(merged[50]).isNaN();
    assertThat(merged[70]).isNaN();
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void whereFewDifferMoreZerosAreKept(Merging merging) {
    float[] taskVector = new float[3_000];
    taskVector[17] = -0.5f;
    taskVector[2_000] = 0.25f;
    float[] merged = band(merging, 0.5, 1 / 3_000.0, taskVector);

    assertThat(merged[17]).isZero();
    assertThat(merged[2_000]).isEqualTo(0.25f);
  }
}
