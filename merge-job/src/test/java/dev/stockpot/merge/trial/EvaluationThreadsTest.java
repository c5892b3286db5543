package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What becomes of evaluations that go on when trials end. */
class EvaluationThreadsTest {
  @Test
  void anAnswerThatIsOnItsWayIsWaitedForAndNothingElseIsBegun() throws Exception {
    EvaluationThreads threads = new EvaluationThreads(1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    Future<String> first =
        threads.submit(
            () -> {
              begun.countDown();
              answered.await();
              return "answer";
            });
    Future<String> second = threads.submit(() -> "never asked");
    begun.await();
    Thread stopping =
        new Thread(
            () -> {
              try {
                threads.awaitAnswers();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    stopping.start();
    while (stopping.getState() == Thread.State.NEW
        || stopping.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait(); // until it waits
    }
    answered.countDown();
    stopping.join();

    assertThat(first.get()).isEqualTo("answer");
    assertThat(second.isDone()).isFalse();
    threads.end();
  }

  @Test
  void oneThatHangsHoldsNobodyUp() throws Exception {
    EvaluationThreads threads = new EvaluationThreads(1);
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> hanging =
        threads.submit(
            () -> {
              begun.countDown();
              new CountDownLatch(1).await();
              return "never";
            });
    begun.await();

    threads.awaitAnswers();

    assertThat(hanging.isDone()).isFalse();
    threads.end();
  }

  @Test
  void nothingBeginsAfterwards() throws Exception {
    EvaluationThreads threads = new EvaluationThreads(3);

    threads.awaitAnswers();

    assertThatThrownBy(() -> threads.submit(() -> 7))
        .isInstanceOf(RejectedExecutionException.class);
    threads.end();
  }
}
