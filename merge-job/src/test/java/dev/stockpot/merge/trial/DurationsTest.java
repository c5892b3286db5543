package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as people write them. */
class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "30, PT30S",
    "30s, PT30S",
    "1.5s, PT1.5S",
    "250ms, PT0.25S",
    "15m, PT15M",
    "15 min, PT15M",
    "2h, PT2H",
    "0.5 h, PT30M",
    "3d, PT72H",
    "999999999d, PT23999999976H"
  })
  void takesNumbersWithAUnit(String text, Duration duration) {
    assertThat(Durations.parse(text)).hasValue(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "0",
        "0.0s",
        "0.4ms",
        "-3s",
        "+3s",
        "1e3",
        "3 weeks",
        "3S",
        "1:30",
        "1h30m",
        " 3s",
        "1.s",
        ".5s",
        "9999999999s",
        "NaN"
      })
  void anythingElseIsNoTime(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }
}
