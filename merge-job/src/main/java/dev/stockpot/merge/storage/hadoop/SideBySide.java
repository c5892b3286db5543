package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.CommitStateUnknownException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Steps that do little but wait for the store, so that they wait at once. */
final class SideBySide {
  private static final int THREADS = 16;

  /** One of them. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  private SideBySide() {}

  /**
   * Returns when all are over.
   *
   * @throws IOException that of the first step that failed, but rather of one after which nobody
   *     knows what the store holds; the other steps ran nevertheless
   */
  static void run(List<Step> steps) throws IOException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> calls = new ArrayList<>();
      for (Step step : steps) {
        calls.add(
            () -> {
              step.run();
              return null;
            });
      }
      Throwable failure = null;
      for (Future<Void> call : pool.invokeAll(calls)) {
        try {
          call.get();
        } catch (ExecutionException e) {
          Throwable cause = e.getCause();
          if (failure == null || cause instanceof CommitStateUnknownException) {
            failure = cause;
          }
        }
      }
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure instanceof Error e) { // such as a class that a store's connector lacks
        throw e;
      }
      if (failure != null) {
        throw (RuntimeException) failure;
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
