package dev.stockpot.merge.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Calls that do little but wait for a store, so that they wait at once. */
public final class WaitingCalls {
  private static final int THREADS = 16;

  private WaitingCalls() {}

  /**
   * Runs all of them.
   *
   * @param doing what for, in the words of a message
   * @return each when it is over, in their order, whatever became of it
   * @throws InterruptedIOException if this thread is told to stop, and then they are
   */
  public static <T> List<Future<T>> over(String doing, List<Callable<T>> calls)
      throws InterruptedIOException {
    if (calls.isEmpty()) {
      return List.of();
    }
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(THREADS, calls.size()));
    try {
      List<Future<T>> over = pool.invokeAll(calls);
      if (Thread.interrupted()) { // invokeAll does not look if all was done before it would wait
        throw new InterruptedException();
      }
      return over;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException(doing);
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      pool.shutdownNow();
    }
  }

  /**
   * Runs all of them.
   *
   * @return what they gave, in their order
   * @throws IOException that of the first one in this order that failed
   */
  public static <T> List<T> results(String doing, List<Callable<T>> calls) throws IOException {
    List<T> results = new ArrayList<>();
    for (Future<T> call : over(doing, calls)) {
      results.add(result(doing, call));
    }
    return results;
  }

  /**
   * What a call gave that is over.
   *
   * @throws IOException that of the call; unchecked ones come through, too
   */
  public static <T> T result(String doing, Future<T> call) throws IOException {
    try {
      return call.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(doing, cause);
    } catch (InterruptedException e) {
      throw new IllegalStateException(doing, e); // it is over: nobody waits
    }
  }
}
