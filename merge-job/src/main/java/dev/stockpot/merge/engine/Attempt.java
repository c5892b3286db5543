package dev.stockpot.merge.engine;

import dev.stockpot.merge.storage.StaleAddressException;
import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.Callable;

/** What a task sends back: its result, or that it has to be sent again with newer addresses. */
sealed interface Attempt<R> extends Serializable {

  /** Takes what it is. */
  void tell(Taker<R> done, Taker<String> stale) throws IOException;

  /** Takes one of two. */
  @FunctionalInterface
  interface Taker<V> {
    void take(V value) throws IOException;
  }

  /** A task that ended well. */
  record Done<R>(R result) implements Attempt<R> {
    @Override
    public void tell(Taker<R> done, Taker<String> stale) throws IOException {
      done.take(result);
    }
  }

  /** One whose addresses had run out. */
  record Stale<R>(String reason) implements Attempt<R> {
    @Override
    public void tell(Taker<R> done, Taker<String> stale) throws IOException {
      stale.take(reason);
    }
  }

  /** Does a task's work. */
  static <R> Attempt<R> at(Callable<R> work) throws Exception {
    try {
      return new Done<>(work.call());
    } catch (Exception e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof StaleAddressException stale) {
          return new Stale<>(stale.getMessage());
        }
      }
      throw e;
    }
  }
}
