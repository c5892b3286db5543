package dev.stockpot.kernels.methods.average;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Averages that nobody kept, of those that a run did keep. */
class PostHocEmaTest {
  private static final int ELEMENTS = 40;
  private static final int STEPS = 2_000;
  private static final Merging MERGING = Merging.by(new ScalarProvider());

  /** A run in one dimension for each element: a drift, a slow wave and noise. */
  private static double parameter(int element, int step) {
    double noise = Samples.normal(1, 1, 31L * element + 7_919L * step)[0];
    return 0.002 * step * (element - 20) + 3 * Math.sin(step / 300.0 + element) + noise;
  }

  /** The average that a run keeps while it trains, in doubles, at some of its steps. */
  private static List<float[]> kept(double width, List<Integer> at) {
    double gamma = PowerProfile.ofWidth(1, width).gamma();
    double[] average = new double[ELEMENTS];
    List<float[]> snapshots = new ArrayList<>();
    for (int step = 1; step <= STEPS; step++) {
      double stays = Math.pow(1 - 1.0 / step, gamma + 1);
      for (int e = 0; e < ELEMENTS; e++) {
        average[e] = stays * average[e] + (1 - stays) * parameter(e, step);
      }
      if (at.contains(step)) {
        float[] snapshot = new float[ELEMENTS];
        for (int e = 0; e < ELEMENTS; e++) {
          snapshot[e] = (float) average[e];
        }
        snapshots.add(snapshot);
      }
    }
    return snapshots;
  }

  private static Terms snapshots(double target, List<Integer> at, double... widths) {
    Terms terms = Terms.of("post_hoc_ema", ELEMENTS);
    for (double width : widths) {
      at.forEach(step -> terms.model("step", (double) step, "sigma_rel", width));
    }
    return terms.merge("target", target);
  }

  private static Optional<String> problem(Terms terms) {
    return terms.method().problemWith(terms.build());
  }

  private static Optional<String> notice(Terms terms) {
    return terms.method().notice(terms.build());
  }

  private static List<Integer> every(int stride) {
    List<Integer> steps = new ArrayList<>();
    for (int step = stride; step <= STEPS; step += stride) {
      steps.add(step);
    }
    return steps;
  }

  @ParameterizedTest
  @CsvSource({"0.05, 16.97", "0.10, 6.94"})
  void widthsHaveTheExponentsOfThePaper(double width, double gamma) {
    assertThat(PowerProfile.ofWidth(1, width).gamma()).isCloseTo(gamma, within(0.01));
  }

  @Test
  void theTargetThatWasKeptIsItsSnapshot() {
    List<Integer> at = every(500);
    List<float[]> all = kept(0.1, at);

    float[] made = MERGING.merge(snapshots(0.1, at, 0.1), all.toArray(float[][]::new));
    for (int e = 0; e < ELEMENTS; e++) {
      assertThat(made[e]).isCloseTo(all.get(3)[e], within(1e-4f));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.05, 0.10, 0.07", "0.05, 0.10, 0.15", "0.05, 0.10, 0.20"})
  void anAverageOfAnotherLengthIsMadeOfTwoThatWereKept(double first, double second, double target) {
    List<Integer> at = every(100);
    List<float[]> all = new ArrayList<>(kept(first, at));
    all.addAll(kept(second, at));
    float[] wanted = kept(target, List.of(STEPS)).get(0);
    Terms terms = snapshots(target, at, first, second);

    assertThat(problem(terms)).isEmpty();
    float[] made = MERGING.merge(terms, all.toArray(float[][]::new));
    double nearest = Double.MAX_VALUE;
    for (float[] snapshot : all) {
      nearest = Math.min(nearest, distance(snapshot, wanted));
    }
    assertThat(distance(made, wanted)).as("nearest snapshot: %s", nearest).isLessThan(nearest / 4);
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int e = 0; e < ELEMENTS; e++) {
      sum += (a[e] - b[e]) * (a[e] - b[e]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void anEarlierEndIsAskedForByItsStep() {
    List<Integer> at = every(250);
    float[][] all = kept(0.1, at).toArray(float[][]::new);

    float[] made = MERGING.merge(snapshots(0.1, at, 0.1).merge("target", 0.1, "at", 1000.0), all);
    for (int e = 0; e < ELEMENTS; e++) {
      assertThat(made[e]).isCloseTo(all[3][e], within(1e-3f));
    }
  }

  @Test
  void weightsAddUpToOne() {
    PowerProfile.Fit fit =
        PowerProfile.fit(
                List.of(new PowerProfile(10, 5), new PowerProfile(20, 5), new PowerProfile(20, 17)),
                new PowerProfile(20, 9))
            .orElseThrow();

    assertThat(fit.weights().stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(1, within(1e-12));
    assertThat(fit.misfit()).isBetween(0.0, 0.2);
  }

  @Test
  void theSumOfTwoProfilesIsFoundAgain() {
    // p of γ = 0 and t = 2 is half of that of t = 1 and half of what lies behind it, which is none
    PowerProfile.Fit fit =
        PowerProfile.fit(
                List.of(new PowerProfile(1, 0), new PowerProfile(2, 0)), new PowerProfile(2, 0))
            .orElseThrow();

    assertThat(fit.weights().get(0)).isCloseTo(0, within(1e-12));
    assertThat(fit.weights().get(1)).isCloseTo(1, within(1e-12));
    assertThat(fit.misfit()).isCloseTo(0, within(1e-6));
  }

  @Test
  void oneSnapshotIsItself() {
    float[] only = Samples.normal(ELEMENTS, 1, 5);

    assertSameBits(MERGING.merge(snapshots(0.2, List.of(7), 0.05), only), only);
  }

  @Test
  void whatSnapshotsCannotMakeIsTold() {
    assertThat(notice(snapshots(0.25, List.of(1000), 0.05)).orElseThrow())
        .startsWith("the profile of target 0.25 at step 1000.0 is met up to ");
    assertThat(notice(snapshots(0.08, every(100), 0.05, 0.1))).isEmpty();
  }

  @Test
  void stepsAfterTheNewestSnapshotAreAProblem() {
    Terms terms = snapshots(0.1, List.of(100, 200), 0.05).merge("target", 0.1, "at", 300.0);

    assertThat(problem(terms))
        .hasValue(
            "`at` is 300.0, and the newest snapshot is of step 200.0:"
                + " nothing is known of later steps");
  }

  @Test
  void snapshotsThatAreAlikeAreAProblem() {
    assertThat(problem(snapshots(0.1, List.of(100, 100), 0.05)).orElseThrow())
        .contains("[100.0, 100.0] cannot be told apart");
  }
}
