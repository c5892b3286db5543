package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.Leftovers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeEventsTest {
  private final MergeEvents events = new MergeEvents();

  /** So that no other test inherits it. */
  @AfterEach
  void forgetInterrupts() {
    assertThat(Thread.interrupted() || !Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void keepsWhatItHearsUntilSomebodyAsks() {
    events.noticed("two tokens are added");
    events.tookOver("host 7");
    events.progressed(10, 40);
    events.progressed(30, 40);

    assertThat(events.notices())
        .containsExactly("two tokens are added", "Taking over from another merge (host 7)");
    assertThat(List.of(events.bytes(), events.of())).containsExactly(30L, 40L);
  }

  @Test
  void knowsNothingBeforeItHears() {
    assertThat(events.notices()).isEmpty();
    assertThat(events.of()).isZero();
    events.stop();
    assertThat(Thread.interrupted()).as("nobody works yet").isFalse();
  }

  @Test
  void aStopInterruptsTheThreadThatWorks() {
    events.noticed("begun");
    assertThat(Thread.interrupted()).isFalse();

    events.stop();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aStopBeforeTheFirstEventHoldsForIt() {
    events.stop();

    events.progressed(1, 2);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void libraryCallsThatForgetAnInterruptAreReminded() {
    events.progressed(1, 4);
    events.stop();
    assertThat(Thread.interrupted()).isTrue(); // somebody took it for his own

    events.progressed(2, 4);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void afterItsEndTheThreadIsLeftAlone() {
    events.progressed(1, 4);
    events.stopped(new Leftovers.Nothing());

    events.stop();

    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aStopAfterAMergeThatFailedLeavesTheCallerAlone(@TempDir Path folder) {
    String nowhere = folder.resolve("nowhere.yml").toString();

    try (Stockpot stockpot = Stockpot.embedded()) {
      assertThatThrownBy(
              () ->
                  events.merge(
                      stockpot, MergeRecipe.at(nowhere), folder + "/out", MergeOptions.DEFAULT))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("nowhere.yml does not exist");
    }
    events.stop();

    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aMergeTellsWhatItNoticed() {
    LostChanges lost = new LostChanges(0.25, List.of("BF16"), Optional.empty());

    assertThat(lost.sentences().get(0)).startsWith("25 % of the parameters").contains("BF16");
  }
}
