package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares that several threads do, and what becomes of those that fail. */
class WorkersTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void everyShareIsDoneOnce(int shares) {
    AtomicIntegerArray done = new AtomicIntegerArray(shares);
    try (Workers workers = new Workers(3)) {
      workers.each(shares, done::incrementAndGet);
      assertThat(workers.count()).isEqualTo(3);
    }
    for (int share = 0; share < shares; share++) {
      assertThat(done.get(share)).isEqualTo(1);
    }
  }

  @Test
  void theFirstShareIsTheCallersAndOthersRunBesideIt() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch both = new CountDownLatch(2);
    try (Workers workers = new Workers(2)) {
      workers.each(
          2,
          share -> {
            threads.add(Thread.currentThread());
            both.countDown();
            await(both); // neither ends before the other has begun
          });
    }
    assertThat(threads).hasSize(2).contains(Thread.currentThread());
    assertThat(threads)
        .filteredOn(thread -> !thread.equals(Thread.currentThread()))
        .allMatch(thread -> thread.isDaemon() && thread.getName().equals("stockpot-matrix"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aShareThatFailsIsToldOnceAllOthersAreDone() {
    CountDownLatch failed = new CountDownLatch(1);
    AtomicIntegerArray done = new AtomicIntegerArray(3);
    IllegalArgumentException fault = new IllegalArgumentException("no such row");
    IntConsumer share =
        number -> {
          if (number == 1) {
            failed.countDown();
            throw fault;
          }
          await(failed);
          done.incrementAndGet(number);
        };
    try (Workers workers = new Workers(3)) {
      assertThatThrownBy(() -> workers.each(3, share))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a share of a matrix failed: no such row")
          .hasCause(fault);
      assertThat(done.get(0) + done.get(2)).isEqualTo(2);
    }
  }

  @Test
  void aFaultOfTheCallersShareIsThrownAsItIsOnceOthersAreDone() {
    AtomicIntegerArray done = new AtomicIntegerArray(2);
    IllegalArgumentException fault = new IllegalArgumentException("mine");
    CountDownLatch thrown = new CountDownLatch(1);
    IntConsumer share =
        number -> {
          if (number == 0) {
            thrown.countDown();
            throw fault;
          }
          await(thrown);
          done.incrementAndGet(number);
        };
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(() -> workers.each(2, share)).isSameAs(fault);
      assertThat(done.get(1)).isEqualTo(1);
    }
  }

  /** Others still write to memory that an interrupted caller would give back. */
  @Test
  void whoIsInterruptedWaitsAllTheSameAndStaysInterrupted() {
    AtomicIntegerArray done = new AtomicIntegerArray(2);
    try (Workers workers = new Workers(2)) {
      workers.each(
          2,
          share -> {
            if (share == 0) {
              Thread.currentThread().interrupt();
            }
            done.incrementAndGet(share);
          });
      assertThat(done.get(1)).isEqualTo(1);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void refusesNobody(int count) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Workers(count))
        .withMessage("%s threads, must be at least 1", count);
  }
}
