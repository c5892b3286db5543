package dev.stockpot.kernels.methods.average;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Averages night by night, and averages of checkpoints in the order of training. */
class RunningAverageTest {
  private static final int ELEMENTS = 500;
  private static final Merging MERGING = Merging.by(new ScalarProvider());

  private static Terms night(Object... numbers) {
    return Terms.of("ema", ELEMENTS).model().merge(numbers);
  }

  private static Terms laterNight(Object... numbers) {
    SideInput state = MergeMethods.named("ema").orElseThrow().sideInputs().get(0);
    return night(numbers).side(SideInput.Given.of(state));
  }

  private static float[] remembered(float[] made) {
    return Arrays.copyOfRange(made, ELEMENTS, 2 * ELEMENTS);
  }

  @Test
  void theFirstNightIsItsCheckpoint() {
    float[] first = Samples.normal(ELEMENTS, 1, 1);
    float[] made = MERGING.merge(night("decay", 0.9), first);

    assertSameBits(Arrays.copyOf(made, ELEMENTS), first);
    assertSameBits(remembered(made), first);
  }

  @Test
  void nightsOneAfterTheOtherAreTheAverageOfAllAtOnce() {
    float[] state = MERGING.merge(night("decay", 0.8), Samples.normal(ELEMENTS, 1, 1));
    Terms together = Terms.of("checkpoint_average", ELEMENTS).model();
    float[][] all = new float[6][];
    all[0] = Samples.normal(ELEMENTS, 1, 1);
    for (int night = 2; night <= 6; night++) {
      all[night - 1] = Samples.normal(ELEMENTS, 1, night);
      state = MERGING.merge(laterNight("decay", 0.8), all[night - 1], remembered(state));
      together.model();
    }

    float[] atOnce = MERGING.merge(together.merge("scheme", "ema", "beta", 0.8), all);
    for (int e = 0; e < ELEMENTS; e++) {
      assertThat(state[e]).isCloseTo(atOnce[e], within(2e-6f));
    }
  }

  @Test
  void whatIsRememberedIsNotRoundedToTheTypeThatIsWritten() {
    float[] before = Samples.normal(ELEMENTS, 1, 1);
    float[] now = Samples.normal(ELEMENTS, 1, 2);
    Merging bfloats = MERGING.in(DType.BF16);
    float[] wide = MERGING.merge(laterNight(), now, before);
    float[] made = bfloats.merge(laterNight(), now, before);

    // steps of a thousandth are still there, though none shows in what is written
    float[] state = remembered(made);
    int moved = 0;
    for (int e = 0; e < ELEMENTS; e++) {
      moved += Math.abs(state[e] - wide[e]) < 0.01 ? 1 : 0;
    }
    assertThat(moved).isEqualTo(ELEMENTS);
    assertThat(remembered(wide)).isEqualTo(Arrays.copyOf(wide, ELEMENTS));
  }

  @Test
  void manyStepsBetweenTwoCheckpointsLetMoreGo() {
    float[] zeros = new float[ELEMENTS];
    float[] ones = new float[ELEMENTS];
    Arrays.fill(ones, 1);

    float[] made = MERGING.merge(laterNight("decay", 0.9, "steps", 2.0), zeros, ones);
    assertThat(made[0]).isCloseTo(0.81f, within(1e-7f));
    float[] all = MERGING.merge(laterNight("decay", 0.0), zeros, ones);
    assertThat(all[0]).isZero();
  }

  // the weights of a decay

  private static float[] weights(int count, Object... numbers) {
    Terms terms = Terms.of("checkpoint_average", count);
    float[][] unit = new float[count][count];
    for (int j = 0; j < count; j++) {
      terms.model();
      unit[j][j] = 1; // so that the sum is the list of weights
    }
    return MERGING.merge(terms.merge(numbers), unit);
  }

  @Test
  void decaysHaveTheTableOfMegatron() { // n = 4 of minus-sqrt
    float[] weights = weights(4, "scheme", "decay", "curve", "1-sqrt");

    assertThat(weights[0]).isCloseTo(0.5f, within(1e-3f));
    assertThat(weights[1]).isCloseTo(0.207f, within(1e-3f));
    assertThat(weights[2]).isCloseTo(0.159f, within(1e-3f));
    assertThat(weights[3]).isCloseTo(0.134f, within(1e-3f));
    assertThat(weights(5, "scheme", "decay", "curve", "linear"))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0.2f, 0.2f, 0.2f, 0.2f, 0.2f);
  }

  @Test
  void mirroredAndShuffledWeightsAreTheSameOnOthers() {
    float[] given = weights(7, "scheme", "decay");
    float[] mirrored = weights(7, "scheme", "decay", "order", "reverse");
    float[] shuffled = weights(7, "scheme", "decay", "order", "scramble");

    for (int j = 0; j < 7; j++) {
      assertThat(mirrored[j]).isEqualTo(given[6 - j]);
    }
    assertThat(shuffled).isNotEqualTo(given).isNotEqualTo(mirrored);
    Arrays.sort(given);
    Arrays.sort(shuffled);
    assertThat(shuffled).isEqualTo(given);
    assertThat(weights(7, "scheme", "decay", "order", "scramble"))
        .isEqualTo(weights(7, "scheme", "decay", "order", "scramble"));
  }

  @Test
  void anOrderChangesNothingButADecay() {
    assertThat(weights(5, "scheme", "ema", "order", "reverse"))
        .isEqualTo(weights(5, "scheme", "ema"));
  }
}
