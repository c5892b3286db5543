package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.method.Judgement.Verdict;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that hostile clients cannot move far. */
class RobustRoundsTest {
  private static final int ELEMENTS = 400;

  private static float[] good(int client) {
    return Samples.normal(ELEMENTS, 0.05, client);
  }

  private static float[] hostile() {
    return Samples.normal(ELEMENTS, 30, 77);
  }

  /** Seven clients, of which one is hostile. */
  private static Given round(String rule, List<Integer> order) {
    Given round = Given.round(rule, new float[ELEMENTS]);
    for (int client : order) {
      round.client(client == 3 ? hostile() : good(client), "examples", 10.0 + client);
    }
    return round;
  }

  private static Given round(String rule) {
    return round(rule, List.of(0, 1, 2, 3, 4, 5, 6));
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  @ParameterizedTest
  @ValueSource(strings = {"krum", "multikrum", "bulyan"})
  void rulesByNeighboursLeaveTheHostileClientOut(String rule) {
    Given round = round(rule).numbers("f", 1.0);

    assertThat(norm(round.made())).isLessThan(2);
    Verdict hostile = round.judgement().verdicts().get(3);
    assertThat(hostile.isAccepted()).isFalse();
    assertThat(hostile.why()).contains("its neighbours are farther away");
    assertThat(hostile.score()).isGreaterThan(100 * round.judgement().verdicts().get(0).score());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fedmedian", "fedtrimmedavg", "rfa", "centered_clipping"})
  void otherRulesAreNotMovedFar(String rule) {
    assertThat(norm(round(rule).made())).isLessThan(2);
    assertThat(norm(round("fedavg").made())).isGreaterThan(50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"krum", "multikrum", "bulyan", "fedmedian", "rfa", "centered_clipping"})
  void theOrderOfClientsDoesNotShow(String rule) {
    float[] made = round(rule).made();
    Random random = new Random(2);
    for (int again = 0; again < 10; again++) {
      List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6));
      Collections.shuffle(order, random);
      assertSameBits(round(rule, order).made(), made);
    }
  }

  /** A neighbour at no distance is a neighbour: skipping it for oneself would be worth nothing. */
  @Test
  void copiesOfOneClientHaveNoScoreOfZeroByMistake() {
    Given round = Given.round("krum", new float[ELEMENTS]).numbers("f", 0.0);
    round.client(good(1)).client(good(1)).client(good(2)).client(good(3)).client(good(4));
    List<Verdict> verdicts = round.judgement().verdicts();

    assertThat(verdicts.get(0).score()).isEqualTo(verdicts.get(1).score()).isPositive();
    assertThat(verdicts.get(0).isAccepted()).isTrue(); // of equal ones the first
    assertThat(verdicts.get(1).isAccepted()).isFalse();
  }

  @Test
  void aBrokenClientCountsAmongTheHostile() {
    float[] broken = good(9);
    broken[17] = Float.NaN;
    Given round = Given.round("multikrum", new float[ELEMENTS]).numbers("f", 1.0, "m", 3.0);
    for (int client = 0; client < 5; client++) {
      round.client(client == 2 ? broken : good(client), "examples", 1.0);
    }
    Given without = Given.round("multikrum", new float[ELEMENTS]).numbers("f", 0.0, "m", 3.0);
    for (int client = 0; client < 5; client++) {
      if (client != 2) {
        without.client(good(client), "examples", 1.0);
      }
    }

    assertThat(round.judgement().verdicts().get(2).why()).isEqualTo("it holds NaN or infinity");
    assertSameBits(round.made(), without.made());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fedmedian", "fedtrimmedavg", "krum", "bulyan", "rfa", "centered_clipping"})
  void noRuleLetsNanThrough(String rule) {
    float[] broken = good(9);
    broken[0] = Float.NaN;
    Given round = round(rule).client(broken, "examples", 1e6);

    for (float value : round.made()) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void bulyanOfNobodyHostileIsTheMean() {
    Given bulyan = Given.round("bulyan", new float[ELEMENTS]);
    Given mean = Given.round("fedavg", new float[ELEMENTS]);
    for (int client = 0; client < 5; client++) {
      bulyan.client(good(client));
      mean.client(good(client), "examples", 1.0);
    }
    float[] made = bulyan.made();
    float[] expected = mean.made();
    for (int e = 0; e < ELEMENTS; e++) {
      assertThat(made[e]).isCloseTo(expected[e], within(1e-7f));
    }
  }

  @Test
  void bulyanTakesWhatIsNearestToTheMedian() { // N 7, f 1: five chosen, three of them count
    Given round = Given.round("bulyan", 0f).numbers("f", 1.0, "selection", "multi_krum");
    for (float value : new float[] {1, 2, 3, 4, 5, 6, 100}) {
      round.client(new float[] {value});
    }

    assertThat(round.weights().get(6)).isZero();
    assertThat(round.made()[0]).isBetween(2.5f, 4.5f);
    assertThat(round.made()[0]).isEqualTo(Math.round(round.made()[0]));
  }

  @Test
  void geometricMedianOfThreeInALineIsTheMiddle() {
    Given round = Given.round("rfa", 0f);
    for (float value : new float[] {1, 2, 9}) {
      round.client(new float[] {value}, "examples", 1.0);
    }

    assertThat(round.made()[0]).isCloseTo(2f, within(1e-3f));
  }

  @Test
  void trimmedMeanTellsWhenItTrimsNobody() {
    Given round = Given.round("fedtrimmedavg", 0f);
    for (int client = 1; client <= 4; client++) {
      round.client(new float[] {client});
    }

    assertThat(round.made()[0]).isEqualTo(2.5f);
    assertThat(round.asTerms().method().notice(round.asTerms().build()).orElseThrow())
        .contains("beta is 0.2 of 4 clients", "this is the plain mean");
  }

  @Test
  void centeredClippingIsTheMeanWhereNobodyIsFar() {
    Given round = Given.round("centered_clipping", 0f).numbers("tau", 100.0, "iterations", 1.0);
    round.client(new float[] {1}).client(new float[] {3});

    assertThat(round.made()[0]).isCloseTo(2f, within(1e-6f));
  }

  @Test
  void centeredClippingStopsAtItsRadius() {
    Given round = Given.round("centered_clipping", 0f).numbers("tau", 0.5, "iterations", 1.0);
    round.client(new float[] {1}).client(new float[] {1000});

    assertThat(round.made()[0]).isCloseTo(0.5f, within(1e-5f)); // each pulls by τ
  }

  @Test
  void fltrustFollowsThoseThatGoTheServersWay() {
    Given round =
        Given.round("fltrust", 0f, 0f)
            .client(new float[] {1, 0}, "trusted", true)
            .client(new float[] {10, 0}) // the same way, too far
            .client(new float[] {-5, 0}); // the other way

    assertThat(round.made()[0]).isCloseTo(1f, within(1e-6f)); // at the server's length
    assertThat(round.made()[1]).isZero();
    assertThat(round.judgement().verdicts().get(2).why()).contains("another way");
    assertThat(round.judgement().verdicts().get(1).score()).isCloseTo(1, within(1e-9));
  }

  @Test
  void rulesSayHowManyClientsTheyTake() {
    Given bulyan = round("bulyan").numbers("f", 2.0);
    Given krum = round("krum").numbers("f", 3.0);

    assertThat(bulyan.asTerms().method().problemWith(bulyan.asTerms().build()).orElseThrow())
        .contains("f is 2, which takes at least 4f + 3 clients, but there are 7; lower f to 1");
    assertThat(krum.asTerms().method().problemWith(krum.asTerms().build()).orElseThrow())
        .contains("f is 3, which takes at least 2f + 3 clients, but there are 7; lower f to 2");
  }

  @Test
  void lanesMakeTheSameBits() {
    Given round = round("fedavg");
    Given lanes = round("fedavg");

    assertSameBits(lanes.made(Merging.by(new VectorProvider())), round.made());
  }
}
