package dev.stockpot.merge.trial;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them. */
final class Durations {
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,9}(?:\\.\\d+)?)\\s*(ms|s|m|min|h|d)?");
  private static final Map<String, Long> MILLISECONDS =
      Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private Durations() {}

  /** {@code 30s}, {@code 15m}, {@code 2h}; a number alone is seconds. Nothing if it is no time. */
  static Optional<Duration> parse(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit = MILLISECONDS.get(matcher.group(2) == null ? "s" : matcher.group(2));
    Duration duration = Duration.ofMillis((long) (Double.parseDouble(matcher.group(1)) * unit));
    return Optional.of(duration).filter(time -> !time.isZero());
  }
}
