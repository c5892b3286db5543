package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** First rounds worked out by hand, and what must be the same whatever the numbers are. */
class ServerOptimizerTest {
  private static final double EXACT = 1e-7;

  private static float[] one(double value) {
    return new float[] {(float) value};
  }

  /** The server is at 0, and the mean of its clients at 1. */
  private static Given step(String rule) {
    return Given.round(rule, 0f)
        .client(one(0.5), "examples", 3.0)
        .client(one(2.5), "examples", 1.0);
  }

  @Test
  void adamStepsAsFlowerCorrectsIt() {
    float[] made = step("fedadam").made();

    double length = 0.1 * Math.sqrt(1 - 0.99 * 0.99) / (1 - 0.9 * 0.9); // .0742
    assertThat(made[0]).isCloseTo((float) (length * 0.1 / (0.1 + 0.001)), within(1e-6f));
    assertThat(made[0]).isCloseTo(0.0735f, within(5e-5f));
    assertThat(made[1]).isCloseTo(0.1f, within(1e-7f));
    assertThat(made[2]).isCloseTo(0.01f, within(1e-8f));
  }

  @Test
  void adamOfThePaperBeginsAtTauSquaredAndCorrectsNothing() {
    float[] made = step("fedadam").numbers("variant", "paper").made();

    double v = 0.99 * 1e-6 + 0.01;
    assertThat(made[2]).isCloseTo((float) v, within(1e-8f));
    assertThat(made[0]).isCloseTo((float) (0.1 * 0.1 / (Math.sqrt(v) + 1e-3)), within(1e-7f));
  }

  @Test
  void yogiHasAdamsSquaresInItsFirstRound() {
    float[] yogi = step("fedyogi").made();

    assertThat(yogi[2]).isEqualTo(step("fedadam").made()[2]);
    assertThat(yogi[0]).isCloseTo((float) (0.01 * 0.1 / (0.1 + 0.001)), within(1e-8f));
  }

  @Test
  void yogiLetsSquaresFallSlowerThanAdam() {
    Given yogi = step("fedyogi").state(one(0), one(4));
    Given adam = step("fedadam").state(one(0), one(4));

    assertThat(yogi.made()[2]).isCloseTo(4 - 0.01f, within(1e-6f)); // v − (1−β₂)Δ²
    assertThat(adam.made()[2]).isCloseTo(4 - 0.03f, within(1e-6f));
  }

  @Test
  void yogiStaysWhereSquaresAreEqual() { // sign(0) = 0
    assertThat(step("fedyogi").state(one(0), one(1)).made()[2]).isEqualTo(1f);
  }

  @Test
  void adagradAddsUpSquares() {
    float[] first = step("fedadagrad").made();
    float[] second = step("fedadagrad").state(one(1), one(3)).made();

    assertThat(first[0]).isCloseTo((float) (0.1 / 1.001), within(1e-7f));
    assertThat(first[1]).isEqualTo(1f);
    assertThat(second[2]).isEqualTo(4f);
    assertThat(second[0]).isCloseTo((float) (0.1 / 2.001), within(1e-7f));
  }

  @Test
  void momentumBeginsWithTheFirstStepItself() {
    float[] first = step("fedavgm").numbers("momentum", 0.9, "eta", 0.5).made();
    float[] second = step("fedavgm").numbers("momentum", 0.9, "eta", 0.5).state(one(-2)).made();

    assertThat(first).containsExactly(0.5f, -1f);
    assertThat(second[1]).isCloseTo(0.9f * -2 - 1, within(1e-6f));
    assertThat(second[0]).isCloseTo(0.5f * 2.8f, within(1e-6f));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noMomentumAndAWholeStepAreFedavgInEveryBit(long seed) {
    float[] plain = clients("fedavg", seed).made();
    float[] momentum = clients("fedavgm", seed).numbers("momentum", 0.0, "eta", 1.0).made();
    float[] proximal = clients("fedprox", seed).numbers("proximal_mu", 0.1).made();

    assertSameBits(Arrays.copyOf(momentum, plain.length), plain);
    assertSameBits(proximal, plain);
  }

  private static Given clients(String rule, long seed) {
    Given round = Given.round(rule, Samples.normal(300, 0.05, seed));
    for (int i = 1; i <= 5; i++) {
      round.client(Samples.normal(300, 0.05, seed + 7 * i), "examples", 10.0 * i + seed);
    }
    return round;
  }

  @Test
  void clientsCountByTheirExamples() {
    assertThat(step("fedavg").made()[0]).isCloseTo(1f, within(1e-7f));
    assertThat(step("fedavg").weights()).containsExactly(0.75, 0.25);
  }

  @Test
  void staleClientsCountLess() {
    List<Double> weights =
        Given.round("fedavg", 0f)
            .client(one(1), "examples", 1.0)
            .client(one(1), "examples", 1.0, "staleness", 3.0)
            .weights();

    assertThat(weights.get(0)).isCloseTo(2.0 / 3, within(EXACT)); // 1 : 1/√4
    assertThat(weights.get(1)).isCloseTo(1.0 / 3, within(EXACT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fedavg", "fedavgm", "fedadagrad", "fedadam", "fedyogi"})
  void theOrderOfClientsDoesNotShowInAnyBit(String rule) {
    Random random = new Random(5);
    for (int again = 0; again < 20; again++) {
      List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6));
      float[] made = ordered(rule, order).made();
      Collections.shuffle(order, random);
      assertSameBits(ordered(rule, order).made(), made);
    }
  }

  private static Given ordered(String rule, List<Integer> order) {
    Given round = Given.round(rule, Samples.normal(500, 0.05, 99));
    order.forEach(i -> round.client(Samples.normal(500, 0.05, i), "examples", 1.0 + 13 * i % 7));
    return round;
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void aClientWithBrokenNumbersIsNeverAveraged(float broken) {
    Given round =
        Given.round("fedavg", 0f, 0f)
            .client(new float[] {1, 1}, "examples", 1.0)
            .client(new float[] {3, broken}, "examples", 1000.0)
            .client(new float[] {2, 2}, "examples", 1.0);

    assertThat(round.made()).containsExactly(1.5f, 1.5f);
    assertThat(round.judgement().verdicts().get(1).isAccepted()).isFalse();
    assertThat(round.judgement().verdicts().get(1).why()).isEqualTo("it holds NaN or infinity");
    assertThat(round.judgement().verdicts().get(1).weight()).isZero();
  }

  @Test
  void tellsHowFarEachClientWentAndWhatItHolds() {
    Given round =
        Given.round("fedavg", 1f, 1f)
            .client(new float[] {4, 5}, "examples", 1.0)
            .client(new float[] {1, 1}, "examples", 1.0);

    assertThat(round.judgement().verdicts().get(0).distance()).isEqualTo(5);
    assertThat(round.judgement().verdicts().get(1).distance()).isZero();
    assertThat(round.judgement().verdicts().get(1).crc32c()).isEqualTo(round.judgement().base());
    assertThat(round.judgement().verdicts().get(0).crc32c()).isNotEqualTo(round.judgement().base());
  }

  @Test
  void theOnlyClientWithExamplesIsTheModel() {
    Given round =
        Given.round("fedavg", 0f).client(one(0.1), "examples", 5.0).client(one(7), "examples", 0.0);

    assertThat(round.made()).containsExactly(0.1f);
    assertThat(round.asTerms().method().problemWith(round.asTerms().build())).isEmpty();
  }
}
