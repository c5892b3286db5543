package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls wait at once; what they give and how they fail comes in their order. */
class WaitingCallsTest {
  @AfterEach
  void nobodyIsInterrupted() {
    assertThat(Thread.interrupted()).isFalse();
  }

  private static <T> Callable<T> failing(Exception failure) {
    return () -> {
      throw failure;
    };
  }

  @Test
  void resultsAreInTheOrderOfTheCalls() throws IOException {
    List<Callable<Integer>> calls = new ArrayList<>();
    IntStream.range(0, 100).forEach(i -> calls.add(() -> i));

    assertThat(WaitingCalls.results("counting", calls))
        .isEqualTo(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void callsWaitForEachOther() throws IOException {
    CountDownLatch both = new CountDownLatch(2);
    Callable<Boolean> one =
        () -> {
          both.countDown();
          both.await();
          return true;
        };

    assertThat(WaitingCalls.results("meeting", List.of(one, one))).containsExactly(true, true);
  }

  @Test
  void theFirstFailureInTheirOrderIsThrownAfterAllRan() {
    AtomicInteger ran = new AtomicInteger();
    List<Callable<Integer>> calls =
        List.of(
            ran::incrementAndGet,
            failing(new IOException("second")),
            failing(new IOException("third")),
            ran::incrementAndGet);

    assertThatThrownBy(() -> WaitingCalls.results("reading", calls))
        .isInstanceOf(IOException.class)
        .hasMessage("second");
    assertThat(ran).hasValue(2);
  }

  @Test
  void whatUsersAreToldComesThroughAndOtherThingsSayWhatWasDone() {
    List<Callable<Integer>> told = List.of(failing(new UserException("no such key")));
    List<Callable<Integer>> other = List.of(failing(new ClassNotFoundException("x")));

    assertThatThrownBy(() -> WaitingCalls.results("reading", told))
        .isInstanceOf(UserException.class)
        .hasMessage("no such key");
    assertThatThrownBy(() -> WaitingCalls.results("reading", other))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("reading")
        .hasCauseInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void aFailureOfOneLeavesTheResultsOfOthers() throws IOException {
    List<Future<Integer>> over =
        WaitingCalls.over("reading", List.of(() -> 1, failing(new IOException("gone")), () -> 3));

    assertThat(WaitingCalls.result("reading", over.get(0))).isEqualTo(1);
    assertThat(WaitingCalls.result("reading", over.get(2))).isEqualTo(3);
    assertThatThrownBy(() -> WaitingCalls.result("reading", over.get(1))).hasMessage("gone");
  }

  @Test
  void whoeverIsToldToStopDoesAndStaysTold() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> WaitingCalls.over("opening here", List.of(() -> 1)))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("opening here");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void nothingToDoGivesNothing() throws IOException {
    assertThat(WaitingCalls.results("reading", List.<Callable<Integer>>of())).isEmpty();
  }
}
