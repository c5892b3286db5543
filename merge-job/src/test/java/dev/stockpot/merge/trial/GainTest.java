package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.json.JsonObject;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class GainTest {
  private static Score score(double worth, double error) {
    return new Score(OptionalDouble.of(worth), OptionalDouble.of(error));
  }

  @Test
  void errorsAddAsIfItemsWereApart() {
    Gain gain = Gain.of(score(0.9, 0.03), score(0.8, 0.04)).orElseThrow();
    assertThat(gain.error()).hasValue(0.05);
    assertThat(gain).hasToString("+0.1000 ± 0.050");
    assertThat(gain.isWithinNoise()).isFalse();
  }

  @Test
  void aLossIsAGainBelowZero() {
    assertThat(Gain.of(score(0.7, 0.3), score(0.8, 0.4)).orElseThrow())
        .hasToString("-0.1000 ± 0.50");
  }

  @Test
  void withoutErrorsNothingIsNoise() {
    Gain gain = Gain.of(Score.of(2), score(1, 5)).orElseThrow();
    assertThat(gain.error()).isEmpty();
    assertThat(gain.isWithinNoise()).isFalse();
    assertThat(gain).hasToString("+1.000");
    assertThat(gain.in(JsonObject.EMPTY).get("gain_stderr")).isEmpty();
    assertThat(gain.in(JsonObject.EMPTY).get("gain")).isPresent();
  }

  @Test
  void asLargeAsItsErrorIsNoise() {
    assertThat(Gain.of(score(1.5, 0.3), score(1, 0.4)).orElseThrow().isWithinNoise()).isTrue();
    assertThat(Gain.of(score(1, 0.3), score(1.5, 0.4)).orElseThrow().isWithinNoise()).isTrue();
  }

  @Test
  void whatFailedGainsNothing() {
    assertThat(Gain.of(Score.FAILED, Score.of(1))).isEmpty();
    assertThat(Gain.of(Score.of(1), Score.FAILED)).isEmpty();
  }
}
