package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that weigh clients by how they trained, and limits of what each can change. */
class FairRoundsTest {

  @Test
  void withoutFairnessLossesDoNotCount() { // q = 0: the mean of what clients changed
    Given round = Given.round("qfedavg", 0f).numbers("q", 0.0, "client_learning_rate", 0.1);
    round.client(new float[] {1}, "loss", 9.0).client(new float[] {3}, "loss", 0.1);

    assertThat(round.made()[0]).isCloseTo(2f, within(1e-6f));
  }

  @Test
  void aHighLossCountsMore() {
    Given round = Given.round("qfedavg", 0f).numbers("q", 2.0, "client_learning_rate", 0.1);
    round.client(new float[] {0.01f}, "loss", 4.0).client(new float[] {-0.01f}, "loss", 1.0);
    List<Double> weights = round.weights();

    assertThat(weights.get(0)).isCloseTo(16 * weights.get(1), within(1e-6));
  }

  @Test
  void qfedavgByHand() {
    Given round = Given.round("qfedavg", 1f).numbers("q", 1.0, "client_learning_rate", 0.5);
    round.client(new float[] {2}, "loss", 3.0);

    // L = 2, g = 2(1−2) = −2, Δ = 3·−2 = −6, h = 1·3⁰·4 + 2·3 = 10, θ = 1 + 6/10
    assertThat(round.made()[0]).isCloseTo(1.6f, within(1e-6f));
  }

  @Test
  void equalStepsAreFedavgInEveryBit() {
    Given nova = Given.round("fednova", Samples.normal(200, 0.1, 1));
    Given mean = Given.round("fedavg", Samples.normal(200, 0.1, 1));
    for (int i = 2; i < 6; i++) {
      nova.client(Samples.normal(200, 0.1, i), "examples", 3.0 * i, "steps", 5.0);
      mean.client(Samples.normal(200, 0.1, i), "examples", 3.0 * i);
    }

    assertSameBits(nova.made(), mean.made());
  }

  @Test
  void fednovaByHand() { // p = ¼, ¾; τ = 2·¼ + 4·¾ = 3.5
    Given round = Given.round("fednova", 0f);
    round.client(new float[] {2}, "examples", 1.0, "steps", 2.0);
    round.client(new float[] {4}, "examples", 3.0, "steps", 4.0);

    assertThat(round.made()[0]).isCloseTo(3.5f * (0.25f * 1 + 0.75f * 1), within(1e-6f));
  }

  @Test
  void aBufferCountsOldChangesLess() {
    Given round = Given.round("fedbuff", 1f).numbers("eta", 0.5);
    round.client(new float[] {3}).client(new float[] {5}, "staleness", 3.0);

    // 1 + 0.5/2 · (2/√1 + 4/√4)
    assertThat(round.made()[0]).isCloseTo(2f, within(1e-6f));
  }

  @Test
  void whatAClientChangedCountsAsItsModelWould() {
    Given models =
        Given.round("fedavg", 1f, 2f)
            .client(new float[] {3, 5}, "examples", 1.0)
            .client(new float[] {0, 4}, "examples", 3.0);
    Given deltas =
        Given.round("fedavg", 1f, 2f)
            .client(new float[] {2, 3}, "examples", 1.0, "update", "delta")
            .client(new float[] {0, 4}, "examples", 3.0);

    assertThat(deltas.made()).containsExactly(models.made());
    assertThat(deltas.judgement().verdicts().get(0).distance())
        .isEqualTo(models.judgement().verdicts().get(0).distance());
  }

  @Test
  void distancesOfDeltasAreThoseOfTheirModels() {
    Given models = Given.round("krum", 10f, 20f);
    Given deltas = Given.round("krum", 10f, 20f);
    for (float[] change : new float[][] {{1, 0}, {0, 1}, {2, 2}, {9, 9}}) {
      models.client(new float[] {10 + change[0], 20 + change[1]});
      deltas.client(change, "update", "delta");
    }

    assertThat(deltas.made()).containsExactly(models.made());
    for (int i = 0; i < 4; i++) {
      assertThat(deltas.judgement().verdicts().get(i).score())
          .isEqualTo(models.judgement().verdicts().get(i).score());
    }
  }

  // privacy

  private static Given clipped(Object... numbers) {
    return Given.round("fedavg", 0f, 0f)
        .client(new float[] {3, 4}, "examples", 1.0)
        .client(new float[] {0.3f, 0.4f}, "examples", 1.0)
        .numbers(numbers);
  }

  @Test
  void longChangesAreShortenedOverTheWholeModel() {
    float[] made = clipped("clipping", "fixed", "clip_norm", 1.0).made();

    assertThat(made[0]).isCloseTo((0.6f + 0.3f) / 2, within(1e-6f));
    assertThat(made[1]).isCloseTo((0.8f + 0.4f) / 2, within(1e-6f));
  }

  @Test
  void whereNobodyIsLongClippingChangesNoBit() {
    assertSameBits(clipped("clipping", "fixed", "clip_norm", 100.0).made(), clipped().made());
  }

  @Test
  void noiseIsOfTheDeviationThatIsAskedFor() {
    int count = 100_000;
    Given round =
        Given.round("fedavg", new float[count])
            .client(new float[count], "examples", 1.0)
            .client(new float[count], "examples", 1.0)
            .numbers("clipping", "fixed", "clip_norm", 3.0, "noise_multiplier", 0.5);
    double sum = 0;
    double squares = 0;
    for (float value : round.made()) {
      sum += value;
      squares += (double) value * value;
    }

    assertThat(sum / count).isCloseTo(0, within(0.01));
    assertThat(Math.sqrt(squares / count)).isCloseTo(0.5 * 3 / 2, within(0.01));
  }

  @Test
  void noiseIsTheSameForOneRoundAndAnotherForTheNext() {
    Object[] numbers = {"clipping", "fixed", "clip_norm", 1.0, "noise_multiplier", 1.0};
    Object[] next = {"clipping", "fixed", "clip_norm", 1.0, "noise_multiplier", 1.0, "round", 2.0};

    assertSameBits(clipped(numbers).made(), clipped(numbers).made());
    assertThat(clipped(next).made()).isNotEqualTo(clipped(numbers).made());
  }

  @Test
  void theNormFollowsTheShareOfShortChanges() { // one of two is short: as many as wanted
    Given round = clipped("clipping", "adaptive", "clip_norm", 1.0);
    assertThat(round.judgement().carried().get("clip_norm")).isEqualTo(1.0);

    Given tight = clipped("clipping", "adaptive", "clip_norm", 0.1);
    assertThat(tight.judgement().carried().get("clip_norm"))
        .isCloseTo(0.1 * Math.exp(-0.2 * (0 - 0.5)), within(1e-12));

    Given loose = clipped("clipping", "adaptive", "clip_norm", 10.0, "target_quantile", 0.25);
    assertThat(loose.judgement().carried().get("clip_norm"))
        .isCloseTo(10 * Math.exp(-0.2 * (1 - 0.25)), within(1e-12));
  }

  @Test
  void refusesNoiseWithoutALimit() {
    Given round = clipped("noise_multiplier", 1.0);

    assertThat(round.asTerms().method().problemWith(round.asTerms().build()).orElseThrow())
        .contains("noise_multiplier is 1.0 without `clipping`");
    Given zero = clipped("clipping", "fixed", "clip_norm", 0.0);
    assertThat(zero.asTerms().method().problemWith(zero.asTerms().build()).orElseThrow())
        .contains("clip_norm is 0");
  }

  @Test
  void tellsThatUnevenClientsAreHiddenLess() {
    Given round =
        Given.round("fedavg", 0f)
            .client(new float[] {1}, "examples", 1.0)
            .client(new float[] {1}, "examples", 9.0)
            .numbers("clipping", "fixed", "noise_multiplier", 1.0);

    assertThat(round.asTerms().method().notice(round.asTerms().build()).orElseThrow())
        .contains("these have 1.0 to 9.0");
  }
}
