package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What fails on another thread fails here as what it was, and interruptions are not lost. */
class WaitingTest {
  private static CompletableFuture<Integer> failed(Throwable cause) {
    return CompletableFuture.failedFuture(cause);
  }

  @Test
  void givesWhatComes() throws IOException {
    assertThat(Waiting.until(CompletableFuture.completedFuture(7))).isEqualTo(7);
    assertThat(Waiting.untilOver(CompletableFuture.completedFuture(7))).isEqualTo(7);
  }

  @Test
  void aFailureOfTheStoreIsThatHoweverItIsWrapped() {
    FileNotFoundException missing = new FileNotFoundException("s3a://b/x");
    for (Throwable wrapped :
        new Throwable[] {
          missing,
          new UncheckedIOException(missing),
          new CompletionException(missing),
          new CompletionException(new UncheckedIOException(missing))
        }) {
      assertThatThrownBy(() -> Waiting.until(failed(wrapped))).isSameAs(missing);
      assertThatThrownBy(() -> Waiting.untilOver(failed(wrapped))).isSameAs(missing);
    }
  }

  @Test
  void anotherFailureIsOneOfTheStoreWithItsCause() {
    IllegalStateException odd = new IllegalStateException("odd");
    assertThatThrownBy(() -> Waiting.until(failed(odd)))
        .isInstanceOf(IOException.class)
        .hasMessage("odd")
        .hasCause(odd);
    assertThatThrownBy(() -> Waiting.until(failed(new CompletionException(odd)))).hasMessage("odd");
    assertThatThrownBy(() -> Waiting.until(failed(new IllegalStateException()))).hasMessage("null");
  }

  @Test
  void whoIsInterruptedStopsWaitingAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Waiting.until(new CompletableFuture<Integer>()))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("waiting for the store");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whoLendsMemoryWaitsUntilItIsOverAllTheSame() throws Exception {
    CompletableFuture<Integer> later = new CompletableFuture<>();
    Thread waiting = Thread.currentThread();
    Thread other =
        new Thread(
            () -> {
              while (waiting.isInterrupted()) { // until it has been noticed
                Thread.onSpinWait();
              }
              later.complete(7);
            },
            "other");
    waiting.interrupt();
    other.start();
    assertThat(Waiting.untilOver(later)).isEqualTo(7);
    assertThat(Thread.interrupted()).as("told when it is over").isTrue();
    other.join();
  }
}
