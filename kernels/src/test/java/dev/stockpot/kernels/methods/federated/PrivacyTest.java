package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.methods.federated.Privacy.Clipping;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What limits do to shares, to noise and to the next norm. */
class PrivacyTest {
  private static final long SEED = 3;

  private static Privacy.OfTensor of(Privacy privacy, String tensor, int round, int asked) {
    return new Privacy.OfTensor(privacy, SEED, tensor, round, asked);
  }

  private static Privacy privacy(Clipping clipping, double norm, double noise) {
    return new Privacy(clipping, norm, noise, 0.5, 0.2, 0);
  }

  private static Privacy.OfTensor fixed(double norm) {
    return of(privacy(Clipping.FIXED, norm, 0), "w", 1, 3);
  }

  @Test
  void longChangesCountAsMuchLessAsTheyAreLonger() {
    Shares all = Shares.normalized(List.of(0, 1, 2), List.of(1.0, 1.0, 2.0));
    Shares limited = fixed(2).limited(all, Points.line(4, 2, -16));

    assertThat(limited.weights()).containsExactly(0.125, 0.25, 0.0625);
    assertThat(limited.clients()).isEqualTo(all.clients());
    assertThat(limited.isWhole()).isFalse(); // the rest is the server's model
  }

  @Test
  void whereNobodyIsLongSharesStayWhole() {
    Shares all = Shares.normalized(List.of(0, 1), List.of(1.0, 3.0));

    assertThat(fixed(2).limited(all, Points.line(2, -1))).isEqualTo(all);
    Shares free = Shares.free(List.of(0, 1), List.of(0.5, 0.5));
    assertThat(fixed(2).limited(free, Points.line(2, -1))).isEqualTo(free);
  }

  @Test
  void sharesAreOfTheClientsThatTheyAreOf() {
    Shares some = Shares.normalized(List.of(2, 1), List.of(1.0, 1.0));

    assertThat(fixed(1).limited(some, Points.line(Double.NaN, 10, 2)).weights())
        .containsExactly(0.25, 0.05);
  }

  private static float[] drawn(Privacy.OfTensor tensor, Clients clients) {
    float[] drawn = new float[8];
    tensor.noise(clients).orElseThrow().numbers().fill(0, drawn);
    return drawn;
  }

  @Test
  void noiseIsAMultipleOfWhatOneOfTheClientsCanChange() {
    Privacy one = privacy(Clipping.FIXED, 1, 1);
    float[] ofOne = drawn(of(one, "w", 1, 1), Points.line(1));
    float[] ofTwo = drawn(of(one, "w", 1, 2), Points.line(1, 2));
    float[] far = drawn(of(privacy(Clipping.FIXED, 4, 1), "w", 1, 1), Points.line(1));
    float[] broken = drawn(of(one, "w", 1, 2), Points.line(1, Double.NaN));

    for (int i = 0; i < ofOne.length; i++) {
      assertThat(ofTwo[i]).isEqualTo(ofOne[i] / 2);
      assertThat(far[i]).isEqualTo(ofOne[i] * 4);
      assertThat(broken[i]).as("of those that answered").isEqualTo(ofOne[i]);
    }
  }

  @Test
  void eachTensorAndEachRoundDrawsAnew() {
    Privacy one = privacy(Clipping.FIXED, 1, 1);
    Clients clients = Points.line(1);
    float[] drawn = drawn(of(one, "w", 1, 1), clients);

    assertThat(drawn(of(one, "w", 1, 1), clients)).isEqualTo(drawn);
    assertThat(drawn(of(one, "v", 1, 1), clients)).isNotEqualTo(drawn);
    assertThat(drawn(of(one, "w", 2, 1), clients)).isNotEqualTo(drawn);
  }

  @Test
  void withoutNoiseNothingIsDrawn() {
    assertThat(fixed(1).noise(Points.line(1, 2, 3))).isEmpty();
  }

  @Test
  void onlyANormThatFollowsIsCarriedOn() {
    Privacy.OfTensor follows = of(privacy(Clipping.ADAPTIVE, 2, 0), "w", 1, 4);

    assertThat(fixed(2).carried(Points.line(1, 2, 3))).isEmpty();
    // three of four are not longer: more than half
    assertThat(follows.carried(Points.line(1, 2, -2, 3)).get("clip_norm"))
        .isCloseTo(2 * Math.exp(-0.2 * (0.75 - 0.5)), within(1e-15));
    // of those that answered one of two
    assertThat(follows.carried(Points.line(1, Double.NaN, Double.NaN, 3)))
        .containsExactly(Map.entry("clip_norm", 2.0));
    assertThat(follows.carried(Points.line(Double.NaN))).isEmpty();
  }

  @Test
  void countingIsBlurredTheSameForAllTensors() {
    Privacy blurred = new Privacy(Clipping.ADAPTIVE, 2, 0.5, 0.5, 0.2, 1);
    Clients clients = Points.line(1, 2, 3, 4);
    Map<String, Double> carried = of(blurred, "w", 1, 4).carried(clients);

    assertThat(of(blurred, "v", 1, 4).carried(clients)).isEqualTo(carried);
    assertThat(of(blurred, "w", 2, 4).carried(clients)).isNotEqualTo(carried);
    assertThat(carried.get("clip_norm")).isNotEqualTo(2.0);
  }
}
