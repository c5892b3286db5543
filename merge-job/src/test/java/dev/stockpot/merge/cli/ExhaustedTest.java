package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ExhaustedTest {
  @Test
  void memoryThatRanOutIsToldWithARemedyHoweverDeep() {
    Throwable failure =
        new CompletionException(new IllegalStateException(new OutOfMemoryError("Java heap space")));

    assertThat(Exhausted.of(failure))
        .hasValueSatisfying(
            said -> assertThat(said).contains("(Java heap space)", "STOCKPOT_HEAP=4g"));
  }

  @Test
  void aStackThatRanOutNamesWhoCalledItself() {
    assertThat(Exhausted.of(overflow()))
        .hasValueSatisfying(said -> assertThat(said).contains("ExhaustedTest.endless"));
  }

  private static StackOverflowError overflow() {
    try {
      throw new IllegalStateException("ended at " + endless(1));
    } catch (StackOverflowError e) {
      return e;
    }
  }

  private static long endless(long level) {
    return level < Long.MAX_VALUE ? 1 + endless(level + 1) : 0;
  }

  @Test
  void otherFailuresAreNone() {
    assertThat(Exhausted.of(new IllegalStateException("x"))).isEmpty();
    assertThat(Exhausted.of(new NoClassDefFoundError("x"))).isEmpty();
  }

  @Test
  void causesThatLeadInACircleEnd() {
    IllegalStateException first = new IllegalStateException("first");
    first.initCause(new IllegalStateException("second", first));

    assertThat(Exhausted.of(first)).isEmpty();
  }
}
