package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Noise where the norm follows: what counting short changes costs, and who was asked. */
class AdaptiveClippingTest {
  private static final int ELEMENTS = 20_000;
  private static final int CLIENTS = 20;
  private static final double NORM = 0.5;

  /** Clients that change nothing, some of which answer with broken numbers. */
  private static Given round(int clients, int broken, Object... numbers) {
    Given round = Given.round("fedavg", new float[ELEMENTS]);
    for (int i = 0; i < clients; i++) {
      float[] model = new float[ELEMENTS];
      model[0] = i < broken ? Float.NaN : 0;
      round.client(model, "examples", 1.0);
    }
    Object[] all = new Object[numbers.length + 4];
    System.arraycopy(new Object[] {"clipping", "adaptive", "clip_norm", NORM}, 0, all, 0, 4);
    System.arraycopy(numbers, 0, all, 4, numbers.length);
    return round.numbers(all);
  }

  private static double deviation(float... made) {
    double squares = 0;
    for (float value : made) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares / made.length);
  }

  /** Andrew et al.: {@code z_Δ = (z⁻² − (2σ_b)⁻²)^(−½)}. */
  private static double left(double noise, double counted) {
    return 1 / Math.sqrt(1 / (noise * noise) - 1 / (4 * counted * counted));
  }

  @Test
  void whatCountingCostsIsAddedToTheNoiseOnTheMean() {
    double found = deviation(round(CLIENTS, 0, "noise_multiplier", 1.5).made());
    double expected = left(1.5, CLIENTS / 20.0) * NORM / CLIENTS;
    assertThat(found).isCloseTo(expected, within(0.03 * expected)); // six deviations
    assertThat(found).isGreaterThan(1.5 * NORM / CLIENTS);
  }

  @Test
  void aDeviationThatIsGivenCounts() {
    double found =
        deviation(round(CLIENTS, 0, "noise_multiplier", 1.5, "clipped_count_stddev", 50.0).made());
    double expected = 1.5 * NORM / CLIENTS; // counting is next to free
    assertThat(found).isCloseTo(expected, within(0.03 * expected));
  }

  /** A twentieth of those that are left would be too few: nothing would be left for the mean. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 15, 19})
  void clientsThatAreBrokenNeverTakeTheNoiseAway(int broken) {
    double found = deviation(round(CLIENTS, broken, "noise_multiplier", 1.5).made());
    double expected = left(1.5, CLIENTS / 20.0) * NORM / (CLIENTS - broken);
    assertThat(found).isCloseTo(expected, within(0.03 * expected));
  }

  @Test
  void theNextNormIsANumberHoweverManyAreBroken() {
    for (int broken : new int[] {0, 15, 19}) {
      double norm =
          round(CLIENTS, broken, "noise_multiplier", 1.5)
              .judgement()
              .carried()
              .get(Privacy.NORM.name());
      assertThat(norm).as("%s broken", broken).isFinite().isPositive();
    }
  }

  @Test
  void withoutNoiseAllShortChangesLowerTheNormByTheRate() {
    double norm = round(4, 0).judgement().carried().get(Privacy.NORM.name());
    assertThat(norm).isCloseTo(NORM * Math.exp(-0.2 * (1 - 0.5)), within(1e-12));
    double slow = round(4, 0, "clip_norm_lr", 0.0).judgement().carried().get(Privacy.NORM.name());
    assertThat(slow).isEqualTo(NORM);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2.0 | 0 | noise_multiplier is 2.0, must be below twice clipped_count_stddev, 1.0",
        "2.0 | 0.7 | noise_multiplier is 2.0, must be below twice clipped_count_stddev, 0.7",
        "1.4 | 0.7 | noise_multiplier is 1.4, must be below twice clipped_count_stddev, 0.7"
      })
  void refusesNoiseThatCountingAloneUses(double noise, double counted, String message) {
    assertThat(problem(noise, counted)).isEqualTo(message);
  }

  private static String problem(double noise, double counted) {
    Given round = round(CLIENTS, 0, "noise_multiplier", noise, "clipped_count_stddev", counted);
    return round.asTerms().method().problemWith(round.asTerms().build()).orElse("");
  }

  @Test
  void noiseJustBelowIsTaken() {
    assertThat(problem(1.99, 0)).isEmpty();
    assertThat(problem(1.39, 0.7)).isEmpty();
    assertThat(problem(0, 0)).isEmpty();
  }
}
