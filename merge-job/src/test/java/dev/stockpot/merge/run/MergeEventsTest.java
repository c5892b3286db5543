package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.commit.Leftovers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
  void aMergeTellsWhatItNoticed() {
    LostChanges lost = new LostChanges(0.25, List.of("BF16"));

    assertThat(lost.sentence()).startsWith("25 % of the parameters").contains("BF16");
  }
}
