package dev.stockpot.merge.hub;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a server asks to wait: {@code RateLimit: "api";r=0;t=55}, or {@code Retry-After: 55}.
 */
final class RateLimit {
  private static final Pattern WINDOW = Pattern.compile("(?:^|;)\\s*t=(\\d{1,6})");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

  private RateLimit() {}

  /** Nothing where it does not ask. */
  static Optional<Duration> wait(HttpHeaders headers) {
    Optional<Duration> window =
        headers
            .firstValue("RateLimit")
            .map(WINDOW::matcher)
            .filter(Matcher::find)
            .map(found -> Duration.ofSeconds(Long.parseLong(found.group(1)) + 1));
    return window.or(
        () ->
            headers
                .firstValue("Retry-After")
                .map(String::strip)
                .filter(SECONDS.asMatchPredicate())
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds))));
  }
}
