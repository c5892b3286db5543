package dev.stockpot.kernels.methods.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each checkpoint of a run counts, read off checkpoints that are 1 in a place of their own.
 */
class CheckpointAverageTest {
  private static final Merging MERGING = Merging.by(new ScalarProvider());

  private static Terms terms(int checkpoints, Object... parameters) {
    Terms terms = Terms.of("checkpoint_average", checkpoints);
    for (int i = 0; i < checkpoints; i++) {
      terms.model();
    }
    return terms.merge(parameters);
  }

  /** The weights of checkpoints, oldest first. */
  private static double[] weights(int checkpoints, Object... parameters) {
    float[][] ones = new float[checkpoints][checkpoints];
    for (int i = 0; i < checkpoints; i++) {
      ones[i][i] = 1;
    }
    float[] merged = MERGING.merge(terms(checkpoints, parameters), ones);
    double[] weights = new double[checkpoints];
    Arrays.setAll(weights, i -> merged[i]);
    return weights;
  }

  private static void assertWeights(double[] weights, double... expected) {
    assertThat(weights).containsExactly(expected, within(1e-7));
  }

  @Test
  void theMeanCountsAllAlike() {
    assertWeights(weights(4), .25, .25, .25, .25);
    assertWeights(weights(1), 1);
  }

  @Test
  void theLastCountAlike() {
    assertWeights(weights(4, "scheme", "last_k", "last", 2.0), 0, 0, .5, .5);
    assertWeights(weights(2, "scheme", "last_k", "last", 5.0), .5, .5);
  }

  @Test
  void laterOnesCountMoreByTheirPlace() {
    assertWeights(weights(4, "scheme", "wma"), .1, .2, .3, .4);
  }

  @Test
  void aRunningAverageForgets() {
    assertWeights(weights(3, "scheme", "ema", "beta", 0.5), .25, .25, .5);
    assertWeights(weights(3, "scheme", "ema", "beta", 0.0), 0, 0, 1);
    assertWeights(weights(3, "scheme", "ema", "beta", 1.0), 1, 0, 0);
  }

  /** The average of the average so far and of what is added, checkpoint by checkpoint. */
  @Test
  void aRunningAverageIsThatOfOneStepAfterTheOther() {
    double[] expected = {1, 0, 0, 0, 0};
    for (int j = 1; j < 5; j++) {
      for (int i = 0; i < 5; i++) {
        expected[i] = 0.9 * expected[i] + (i == j ? 0.1 : 0);
      }
    }
    assertWeights(weights(5, "scheme", "ema"), expected);
  }

  @Test
  void aDecayIsHowFarTheCurveFalls() {
    assertWeights(weights(4, "scheme", "decay", "curve", "linear"), .25, .25, .25, .25);
    assertWeights(
        weights(4, "scheme", "decay"),
        .5,
        Math.sqrt(.5) - .5,
        Math.sqrt(.75) - Math.sqrt(.5),
        1 - Math.sqrt(.75));
    double half = (1 + Math.cos(Math.PI / 3)) / 2; // 3/4
    assertWeights(weights(3, "scheme", "decay", "curve", "cosine"), 1 - half, half - .25, .25);
  }

  @ParameterizedTest
  @CsvSource({"mean, 7", "last_k, 7", "wma, 7", "ema, 7", "decay, 7", "decay, 1", "ema, 1"})
  void weightsAddUpToOne(String scheme, int checkpoints) {
    double sum = Arrays.stream(weights(checkpoints, "scheme", scheme, "last", 3.0)).sum();
    assertThat(sum).isCloseTo(1, within(1e-6));
  }

  @Test
  void aMirroredOrderGivesTheSameWeightsToOthers() {
    double[] given = weights(4, "scheme", "decay");
    double[] mirrored = weights(4, "scheme", "decay", "order", "reverse");
    for (int i = 0; i < 4; i++) {
      assertThat(mirrored[i]).isEqualTo(given[3 - i]);
    }
    assertWeights(weights(4, "scheme", "wma", "order", "reverse"), .1, .2, .3, .4);
  }

  @Test
  void aShuffledOrderHasTheSameWeightsAndIsThatOfTheSeed() {
    double[] given = weights(8, "scheme", "decay");
    double[] shuffled = weights(8, "scheme", "decay", "order", "scramble");
    assertThat(shuffled).isNotEqualTo(given).containsExactlyInAnyOrder(given);
    assertThat(weights(8, "scheme", "decay", "order", "scramble")).isEqualTo(shuffled);
    float[][] ones = new float[8][8];
    for (int i = 0; i < 8; i++) {
      ones[i][i] = 1;
    }
    float[] other = MERGING.merge(terms(8, "scheme", "decay", "order", "scramble").seed(1), ones);
    double[] found = new double[8];
    Arrays.setAll(found, i -> other[i]);
    assertThat(found).isNotEqualTo(shuffled).containsExactlyInAnyOrder(given);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.5, 2.000001})
  void refusesPartsOfACheckpoint(double last) {
    Terms terms = terms(2, "scheme", "last_k", "last", last);
    assertThat(terms.method().problemWith(terms.build()))
        .hasValue("`last` is %s, must be a whole number".formatted(last));
  }

  /** The closed form of a profile's width, and back. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.2, 0.28})
  void aProfileHasTheWidthThatIsAskedFor(double width) {
    double gamma = PowerProfile.ofWidth(1, width).gamma();
    double mean = (gamma + 1) / (gamma + 2);
    double square = (gamma + 1) / (gamma + 3);
    assertThat(Math.sqrt(square - mean * mean)).isCloseTo(width, within(1e-9));
  }

  @Test
  void aProfileThatWasKeptIsItself() {
    PowerProfile early = new PowerProfile(500, 7);
    PowerProfile late = new PowerProfile(1000, 7);
    PowerProfile.Fit fit = PowerProfile.fit(List.of(early, late), late).orElseThrow();
    assertThat(fit.weights().get(0)).isCloseTo(0, within(1e-9));
    assertThat(fit.weights().get(1)).isCloseTo(1, within(1e-9));
    assertThat(fit.misfit()).isCloseTo(0, within(1e-6));
  }

  @Test
  void profilesThatAreAlikeAreNotSolvedFor() {
    PowerProfile one = new PowerProfile(1000, 7);
    assertThat(PowerProfile.fit(List.of(one, one), new PowerProfile(1000, 3))).isEmpty();
    assertThatThrownBy(() -> new PowerProfile(0, 7).gamma()).hasMessage("step 0.0 with gamma 7.0");
    assertThatThrownBy(() -> new PowerProfile(9, -0.5).gamma())
        .hasMessage("step 9.0 with gamma -0.5");
  }
}
