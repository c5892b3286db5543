package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLinesTest {
  private static final long GIGABYTE = 1_000_000_000;

  private final StringWriter said = new StringWriter();
  private long now;

  private ProgressLines of(long bytes) {
    return new ProgressLines(new PrintWriter(said, true), "Merging", bytes, () -> now);
  }

  private void wait(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void saysEveryHalfMinuteHowFarItIsAndHowLongItTakes() {
    ProgressLines lines = of(12 * GIGABYTE);
    lines.add(0);
    for (int i = 0; i < 7; i++) {
      wait(10);
      lines.add(GIGABYTE);
    }

    assertThat(said.toString().lines())
        .containsExactly(
            "Merging: 25 % of 12.0 GB, 100 MB/s, about 90 s left",
            "Merging: 50 % of 12.0 GB, 100 MB/s, about 60 s left");
  }

  @Test
  void whatIsOverSoonerSaysNothing() {
    ProgressLines lines = of(GIGABYTE);
    lines.add(0);
    wait(29);
    lines.add(GIGABYTE);
    lines.close();

    assertThat(said.toString()).isEmpty();
  }

  @Test
  void whatAMergeBeforeHadMadeIsNoSpeedOfThisOne() {
    ProgressLines lines = of(10 * GIGABYTE);
    lines.add(6 * GIGABYTE);
    wait(40);
    lines.add(GIGABYTE);

    assertThat(said.toString().strip())
        .isEqualTo("Merging: 70 % of 10.0 GB, 25.0 MB/s, about 2 min left");
  }

  @Test
  void whereNothingMovesNobodyKnowsHowLong() {
    ProgressLines lines = of(GIGABYTE);
    lines.add(0);
    wait(31);
    lines.add(0);

    assertThat(said.toString().strip()).isEqualTo("Merging: 0 % of 1.00 GB, 0 B/s");
  }

  @Test
  void aFileThatTakesLongIsTalkedOfWhileItIsOnItsWay() {
    ProgressLines lines = of(40 * GIGABYTE);
    lines.add(0);
    wait(10);
    lines.add(10 * GIGABYTE);
    for (int i = 0; i < 18; i++) {
      wait(5);
      lines.tick();
    }

    assertThat(said.toString().lines())
        .containsExactly(
            "Merging: 25 % of 40.0 GB, 333 MB/s, about 90 s left",
            "Merging: 25 % of 40.0 GB, 167 MB/s, about 3 min left",
            "Merging: 25 % of 40.0 GB, 111 MB/s, about 5 min left");
  }

  @Test
  void aClockTicksWithoutAnEndAndEndsWhenItIsClosed() {
    Console.Progress lines =
        ProgressLines.ticking(new PrintWriter(said, true), "Fetching", GIGABYTE);
    lines.add(GIGABYTE);
    assertThat(clocks()).isNotEmpty();
    lines.close();
    lines.close();

    assertThat(said.toString()).isEmpty();
  }

  private static List<Thread> clocks() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("progress"))
        .peek(thread -> assertThat(thread.isDaemon()).as("ends with the JVM").isTrue())
        .toList();
  }

  @Test
  void nothingToDoIsDone() {
    ProgressLines lines = of(0);
    wait(31);
    lines.add(0);

    assertThat(said.toString()).startsWith("Merging: 100 % of 0 B");
  }

  @ParameterizedTest
  @CsvSource({
    "0.2, 1 s",
    "45.4, 45 s",
    "119.4, 119 s",
    "120, 2 min",
    "3600, 60 min",
    "7200, 2 h 0 min",
    "7530, 2 h 6 min"
  })
  void timesAreAsPeopleSayThem(double seconds, String words) {
    assertThat(ProgressLines.time(seconds)).isEqualTo(words);
  }
}
