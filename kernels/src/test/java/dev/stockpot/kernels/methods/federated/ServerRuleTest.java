package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.methods.federated.ServerRule.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One element's steps, by the formulas of Reddi et al. and Hsu et al. */
class ServerRuleTest {
  private static final Numbers ADAPTIVE = new Numbers(0.5, 0.9, 0.75, 0.25, false);

  @Test
  void anAverageForgetsTheServer() {
    double[] state = {};

    assertThat(ServerRule.AVERAGE.step(7, 3, state, Numbers.NONE)).isEqualTo(3);
    assertThat(ServerRule.AVERAGE.states()).isZero();
  }

  @Test
  void momentumOfAFirstRoundIsItsStepWhateverIsGiven() {
    double[] state = {100};
    double next = ServerRule.MOMENTUM.step(5, 3, state, new Numbers(0.5, 0.9, 0, 0, true));

    assertThat(state).containsExactly(2); // θ₀ − θ̄
    assertThat(next).isEqualTo(4);
  }

  @Test
  void momentumOfALaterRoundKeepsSomeOfTheStepBefore() {
    double[] state = {8};
    double next = ServerRule.MOMENTUM.step(5, 3, state, new Numbers(0.5, 0.25, 0, 0, false));

    assertThat(state).containsExactly(0.25 * 8 + 2);
    assertThat(next).isEqualTo(5 - 0.5 * 4);
  }

  /** Far from the mean its digits are lost on the way there and back. */
  @Test
  void momentumThatKeepsNothingIsTheMeanInEveryBit() {
    Numbers plain = new Numbers(1, 0, 0, 0, false);

    assertThat(1e9 + (0.1 - 1e9)).isNotEqualTo(0.1);
    assertThat(ServerRule.MOMENTUM.step(1e9, 0.1, new double[] {9}, plain)).isEqualTo(0.1);
  }

  @Test
  void adagradAddsSquaresToWhatItRemembers() {
    double[] state = {-9, 12};
    double next = ServerRule.ADAGRAD.step(1, 3, state, ADAPTIVE);

    assertThat(state).containsExactly(2, 12 + 4);
    assertThat(next).isEqualTo(1 + 0.5 * 2 / (4 + 0.25));
  }

  @Test
  void adamKeepsMeansOfTheStepAndOfItsSquare() {
    double[] state = {1, 8};
    double next = ServerRule.ADAM.step(1, 3, state, ADAPTIVE);

    assertThat(state[0]).isCloseTo(0.9 + 0.1 * 2, within(1e-15));
    assertThat(state[1]).isEqualTo(0.75 * 8 + 0.25 * 4);
    assertThat(next).isCloseTo(1 + 0.5 * 1.1 / (Math.sqrt(7) + 0.25), within(1e-15));
  }

  @Test
  void yogiRaisesAndLowersSquaresByTheStepsOwn() {
    double[] falling = {1, 8};
    double[] rising = {1, 3};
    double[] equal = {1, 4};
    ServerRule.YOGI.step(1, 3, falling, ADAPTIVE);
    ServerRule.YOGI.step(1, 3, rising, ADAPTIVE);
    ServerRule.YOGI.step(1, 3, equal, ADAPTIVE);

    assertThat(falling[1]).isEqualTo(8 - 0.25 * 4);
    assertThat(rising[1]).isEqualTo(3 + 0.25 * 4);
    assertThat(equal[1]).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(
      value = ServerRule.class,
      names = {"ADAGRAD", "ADAM", "YOGI"})
  void clientsThatAllAgreeWithTheServerChangeNothing(ServerRule rule) {
    double[] state = {0, 0};

    assertThat(rule.step(2.5, 2.5, state, ADAPTIVE)).isEqualTo(2.5);
    assertThat(state).containsExactly(0, 0);
    assertThat(rule.states()).isEqualTo(2);
  }
}
