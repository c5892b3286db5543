package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a server wants to be left alone. */
class RateLimitTest {
  private static Optional<Duration> wait(String... headers) {
    return RateLimit.wait(Answered.headers(headers));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RateLimit: \"api\";r=0;t=55 | 56",
        "RateLimit: \"api\"; r=0; t=0 | 1",
        "RateLimit: t=7;r=3 | 8",
        "Retry-After: 12 | 12",
        "Retry-After:   3   | 3"
      })
  void aTimeInSecondsIsWaitedFor(String header, long seconds) {
    assertThat(wait(header)).hasValue(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RateLimit: \"api\";r=0",
        "RateLimit: limit=55",
        "RateLimit: t=-5",
        "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT",
        "Retry-After: -1",
        "Retry-After: 99999999999",
        "Retry-After: ",
        "Other: 5"
      })
  void whatIsNoNumberOfSecondsIsPassedOver(String header) {
    assertThat(wait(header)).isEmpty();
  }

  @Test
  void theWindowCountsBeforeTheOlderHeader() {
    assertThat(wait("Retry-After: 3", "RateLimit: \"api\";r=0;t=9"))
        .hasValue(Duration.ofSeconds(10));
    assertThat(wait("Retry-After: 3", "RateLimit: \"api\";r=1")).hasValue(Duration.ofSeconds(3));
  }
}
