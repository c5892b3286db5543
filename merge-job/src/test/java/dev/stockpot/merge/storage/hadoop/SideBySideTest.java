package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Steps that wait for a store wait at once, and which failure counts when several fail. */
class SideBySideTest {
  private final AtomicInteger done = new AtomicInteger();

  private SideBySide.Step failing(IOException failure) {
    return () -> {
      done.incrementAndGet();
      throw failure;
    };
  }

  private SideBySide.Step fine() {
    return done::incrementAndGet;
  }

  @Test
  void nothingIsDoneForNothing() throws Exception {
    SideBySide.run(List.of());
    assertThat(done).hasValue(0);
  }

  @Test
  void theyWaitForEachOther() throws Exception {
    CountDownLatch all = new CountDownLatch(4); // none would end if they ran one after the other
    SideBySide.Step step =
        () -> {
          all.countDown();
          try {
            all.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    SideBySide.run(Collections.nCopies(4, step));
    assertThat(all.getCount()).isZero();
  }

  @Test
  void moreStepsThanThreadsAreAllDone() throws Exception {
    SideBySide.run(Collections.nCopies(500, fine()));
    assertThat(done).hasValue(500);
  }

  @Test
  void theOthersAreDoneThoughOneFails() {
    List<SideBySide.Step> steps = new ArrayList<>(Collections.nCopies(40, fine()));
    steps.add(7, failing(new IOException("first")));
    steps.add(30, failing(new IOException("second")));
    assertThatThrownBy(() -> SideBySide.run(steps))
        .isInstanceOf(IOException.class)
        .hasMessage("first");
    assertThat(done).hasValue(42);
  }

  @Test
  void whatLeavesTheStoreUnknownCountsMore() {
    IOException unknown = new CommitStateUnknownException("who knows", new IOException("silence"));
    assertThatThrownBy(
            () ->
                SideBySide.run(
                    List.of(failing(new IOException("refused")), failing(unknown), fine())))
        .isSameAs(unknown);
  }

  @Test
  void whatAUserCanMendComesThroughAsItIs() {
    UserException mine = new UserException("raise part-size");
    SideBySide.Step step =
        () -> {
          throw mine;
        };
    assertThatThrownBy(() -> SideBySide.run(List.of(fine(), step))).isSameAs(mine);
  }

  @Test
  void anErrorOfAStepIsNoClassCast() {
    SideBySide.Step step =
        () -> {
          throw new NoClassDefFoundError("a connector");
        };
    assertThatThrownBy(() -> SideBySide.run(List.of(step, fine())))
        .isInstanceOf(NoClassDefFoundError.class)
        .hasMessage("a connector");
    assertThat(done).hasValue(1);
  }

  @Test
  void anInterruptStopsTheWaiting() {
    CountDownLatch never = new CountDownLatch(1);
    SideBySide.Step waiting =
        () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> SideBySide.run(Collections.nCopies(3, waiting)))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }
}
