package dev.stockpot.merge.trial;

import dev.stockpot.merge.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that wait for evaluators. */
final class EvaluationThreads {
  /** Longer than an answer takes from an evaluator that has it to here. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ThreadPoolExecutor threads;

  /**
   * Threads.
   *
   * @param count of evaluations at once
   */
  EvaluationThreads(int count) {
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DaemonThreads("stockpot-evaluation"));
  }

  <T> Future<T> submit(Callable<T> evaluation) {
    return threads.submit(evaluation);
  }

  /** Begins no more, ever, and waits a moment for answers that are on their way. */
  void awaitAnswers() throws InterruptedException {
    threads.getQueue().clear();
    threads.shutdown();
    threads.awaitTermination(GRACE.toNanos(), TimeUnit.NANOSECONDS);
  }

  void end() {
    threads.shutdownNow();
  }
}
