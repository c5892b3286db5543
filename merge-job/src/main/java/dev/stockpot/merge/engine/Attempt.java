package dev.stockpot.merge.engine;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.StaleAddressException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * What a task sends back: its result, or that it has to be sent again with newer addresses, or that
 * it need not be tried again.
 */
sealed interface Attempt<R> extends Serializable {
  /** As Linux, macOS and Windows say it. */
  Pattern FULL =
      Pattern.compile("(?i)no space left on device|not enough space|disk quota exceeded");

  /**
   * Takes what it is.
   *
   * @throws UserException if no try would do better
   */
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

  /** One whose failure would be the same wherever and whenever it is tried. */
  record Hopeless<R>(String reason, FailureKind kind) implements Attempt<R> {
    @Override
    public void tell(Taker<R> done, Taker<String> stale) {
      throw new HopelessException(reason, kind);
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
      Optional<Hopeless<R>> hopeless = hopeless(e);
      if (hopeless.isPresent()) {
        return hopeless.get();
      }
      throw e;
    }
  }

  /**
   * In words, if time heals nothing: what a user has to mend, an input that is another now, an
   * upload or a file that is gone, a disk that is full.
   */
  private static <R> Optional<Hopeless<R>> hopeless(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserException mended) {
        return Optional.of(new Hopeless<>(mended.getMessage(), mended.kind()));
      }
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof ObjectChangedException) {
        return Optional.of(new Hopeless<>(message, FailureKind.STORAGE));
      }
      if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
        return Optional.of(
            new Hopeless<>(
                "%s is gone since the merge began. Start again once nobody removes it"
                    .formatted(message),
                FailureKind.STORAGE));
      }
      if (cause instanceof IOException && FULL.matcher(message).find()) {
        return Optional.of(
            new Hopeless<>(
                "The disk is full: %s. Make room, or name an output elsewhere".formatted(message),
                FailureKind.STORAGE));
      }
    }
    return Optional.empty();
  }
}
