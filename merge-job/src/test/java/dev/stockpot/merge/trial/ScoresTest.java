package dev.stockpot.merge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was paid for is written down, and found again after a crash. */
class ScoresTest {
  private static final Location FOLDER = new Location("/trials/one");
  private static final Trial TRIAL =
      new Trial(
          "c1",
          new Point(List.of(0.25, 1.0)),
          "0.25 of a, 1 of b",
          new Score(OptionalDouble.of(0.75), OptionalDouble.of(0.01)),
          Map.of("acc", 0.75, "loss", -2.5),
          "",
          12.5,
          "");

  private final MemoryStore store = new MemoryStore();

  private PendingFolder folder() throws IOException {
    return store.resume(FOLDER, Replaceable.NOTHING);
  }

  @Test
  void whoeverGoesOnFindsWhatWasKept() throws IOException {
    try (PendingFolder first = folder()) {
      Scores scores = new Scores(first, Optional.empty());
      assertThat(scores.own()).isZero();
      scores.keep("key", TRIAL);
      assertThat(scores.of("key")).hasValue(TRIAL);
      first.keep();
    }
    try (PendingFolder second = folder()) {
      Scores again = new Scores(second, Optional.empty());
      assertThat(again.of("key")).hasValue(TRIAL);
      assertThat(again.of("other")).isEmpty();
      assertThat(again.own()).isEqualTo(1);
    }
  }

  @Test
  void whatFailedIsTriedAgainByTheNext() throws IOException {
    Trial failed = Trial.failed("c1", new Point(List.of(1.0)), "a", "out of memory", 3);
    try (PendingFolder first = folder()) {
      Scores scores = new Scores(first, Optional.empty());
      scores.keep("key", failed);
      assertThat(scores.of("key")).as("not twice by the same").hasValue(failed);
      first.keep();
    }
    try (PendingFolder second = folder()) {
      assertThat(new Scores(second, Optional.empty()).of("key")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "7",
        "{\"candidate\": \"c1\"}",
        "{\"candidate\": \"c1\", \"point\": [\"x\"], \"worth\": 1}",
        "{\"candidate\": \"c1\", \"point\": [1], \"worth\": 1, \"stderr\": -1}",
        "{\"candidate\": \"c1\", \"point\": [1], \"worth\": 1, \"failure\": \"both\"}",
        "{\"candidate\": \"c1\", \"point\": [1]}"
      })
  void whatIsDamagedWasNotWritten(String entry) throws IOException {
    try (PendingFolder first = folder()) {
      first.note("trial-key.json", ByteBuffer.wrap(entry.getBytes(UTF_8)));
      first.note("other", ByteBuffer.wrap(new byte[] {1}));
      first.keep();
    }
    try (PendingFolder second = folder()) {
      assertThat(new Scores(second, Optional.empty()).own()).isZero();
    }
  }

  @Test
  void whatOthersPaidForIsTakenAndLeftToOthers() throws IOException {
    Location shared = new Location("/trials/cache");
    Trial failed = Trial.failed("c2", new Point(List.of(1.0)), "b", "out of memory", 3);
    try (PendingFolder first = folder();
        PendingFolder cache = store.resume(shared, Replaceable.NOTHING)) {
      Scores scores = new Scores(first, Optional.of(cache));
      scores.keep("key", TRIAL);
      scores.keep("other", failed);
      cache.keep();
    }
    try (PendingFolder another = store.resume(new Location("/trials/two"), Replaceable.NOTHING);
        PendingFolder cache = store.resume(shared, Replaceable.NOTHING)) {
      Scores again = new Scores(another, Optional.of(cache));
      assertThat(again.of("key")).hasValue(TRIAL);
      assertThat(again.of("other")).as("failures are nobody's to keep").isEmpty();
      assertThat(again.own()).as("none was paid for here").isZero();
    }
  }

  @Test
  void aTrialIsScoredOrHasFailed() {
    assertThatThrownBy(() -> new Trial("c", TRIAL.point(), "w", Score.FAILED, Map.of(), "", 1, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Trial("c", TRIAL.point(), "w", Score.of(1), Map.of(), "why", 1, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Trial.of(TRIAL.json())).hasValue(TRIAL);
    Trial failed = Trial.failed("c", TRIAL.point(), "w", "why", 1);
    assertThat(Trial.of(failed.json())).hasValue(failed);
  }

  @Test
  void whatWasAskedAndToldIsFoundAgain() throws IOException {
    try (PendingFolder first = folder()) {
      Answers answers = new Answers(first);
      answers.ask("c1", "a and b");
      answers.ask("c2", "b alone");
      answers.tell("c1", "{\"acc\": 0.5}");
      answers.tell("c1", "{\"acc\": 0.75}");
      first.keep();
    }
    try (PendingFolder second = folder()) {
      Answers again = new Answers(second);
      assertThat(again.asked())
          .containsOnly(Map.entry("c1", "a and b"), Map.entry("c2", "b alone"));
      assertThat(again.of("c1")).as("the last word counts").hasValue("{\"acc\": 0.75}");
      assertThat(again.of("c2")).isEmpty();
      assertThat(again.size()).isEqualTo(1);
    }
  }

  @Test
  void whatIsToldMayBeThatItFailed() {
    assertThat(Told.of("{\"failure\": \"out of memory\"}").failure()).hasValue("out of memory");
    assertThat(Told.of("{\"failure\": \" \"}").failure()).hasValue("it failed");
    assertThat(Told.of("{\"failure\": true}").failure()).hasValue("it failed");
    assertThat(Told.of("{\"acc\": 1}").failure()).isEmpty();
    assertThat(Told.of("0.75").failure()).isEmpty();
    assertThat(Told.of("{").failure()).isEmpty();
  }
}
