package dev.stockpot.kernels.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Threads that share what has no order: they never add to the same element. */
final class Workers implements AutoCloseable {
  private final int count;
  private final ExecutorService others;

  /**
   * So many, the caller being one of them.
   *
   * @throws IllegalArgumentException if there is none
   */
  Workers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("%s threads, must be at least 1".formatted(count));
    }
    this.count = count;
    this.others =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "stockpot-matrix");
              thread.setDaemon(true);
              return thread;
            });
  }

  int count() {
    return count;
  }

  /** Does all shares, and returns when the last is done, even if one fails: they share memory. */
  void each(int shares, IntConsumer share) {
    List<Future<?>> running = new ArrayList<>();
    try {
      for (int i = 1; i < shares; i++) {
        int number = i;
        running.add(others.submit(() -> share.accept(number)));
      }
      share.accept(0);
    } finally {
      join(running);
    }
  }

  private static void join(List<Future<?>> running) {
    boolean interrupted = false;
    Throwable failure = null;
    for (int i = 0; i < running.size(); ) {
      try {
        running.get(i).get();
        i++;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        failure = e.getCause();
        i++;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException(
          "a share of a matrix failed: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() {
    others.shutdownNow();
  }
}
