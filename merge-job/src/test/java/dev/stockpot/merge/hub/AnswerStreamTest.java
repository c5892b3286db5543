package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;

/** An answer is read while it arrives, and the network is never far ahead. */
class AnswerStreamTest {
  private static final int MIB = 1 << 20;

  private final AnswerStream stream = new AnswerStream(Duration.ofMinutes(5));
  private final Asked asked = new Asked();

  /** Remembers what is asked of the network. */
  private static final class Asked implements Subscription {
    private long times;
    private boolean isCancelled;

    @Override
    public void request(long n) {
      times += n;
    }

    @Override
    public void cancel() {
      isCancelled = true;
    }
  }

  private void arrives(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    stream.onNext(List.of(ByteBuffer.wrap(all)));
  }

  private byte[] read(int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count);
    stream.read(into);
    return into.array();
  }

  @Test
  void readsAcrossWhatArrivesTogether() throws IOException {
    stream.onSubscribe(asked);
    stream.onNext(
        List.of(
            ByteBuffer.wrap(new byte[] {1, 2}),
            ByteBuffer.wrap(new byte[0]),
            ByteBuffer.wrap(new byte[] {3})));
    arrives(4, 5);
    stream.onComplete();
    assertThat(read(1)).containsExactly(1);
    assertThat(read(3)).containsExactly(2, 3, 4);
    assertThat(stream.all(10)).containsExactly(5);
  }

  @Test
  void anAnswerThatEndsTooEarlySaysHowMuchIsMissing() {
    stream.onSubscribe(asked);
    arrives(1, 2, 3);
    stream.onComplete();
    assertThatThrownBy(() -> read(5))
        .isInstanceOf(EOFException.class)
        .hasMessage("the answer ended 2 bytes too early");
  }

  @Test
  void whatArrivedBeforeAFailureIsReadAndThenTheFailureIsTold() throws IOException {
    stream.onSubscribe(asked);
    arrives(1, 2);
    stream.onError(new IOException("connection reset"));
    assertThat(read(2)).containsExactly(1, 2);
    assertThatThrownBy(() -> read(1))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("connection reset");
  }

  @Test
  void moreIsAskedForOnlyWhileLittleIsUnread() throws IOException {
    stream.onSubscribe(asked);
    assertThat(asked.times).isEqualTo(1);
    stream.onNext(List.of(ByteBuffer.allocate(10)));
    assertThat(asked.times).as("ten bytes are little").isEqualTo(2);
    stream.onNext(List.of(ByteBuffer.allocate(MIB)));
    assertThat(asked.times).as("a mebibyte is enough").isEqualTo(2);
    read(10);
    assertThat(asked.times).as("a whole mebibyte is still there").isEqualTo(2);
    read(1);
    assertThat(asked.times).isEqualTo(3);
    read(100);
    assertThat(asked.times).as("it was asked for already").isEqualTo(3);
  }

  @Test
  void nothingIsAskedForAfterTheEnd() throws IOException {
    stream.onSubscribe(asked);
    stream.onNext(List.of(ByteBuffer.allocate(2 * MIB)));
    stream.onComplete();
    read(2 * MIB);
    assertThat(asked.times).isEqualTo(1);
    assertThat(stream.all(1)).isEmpty();
  }

  @Test
  void bytesAreSkippedInPieces() throws IOException {
    stream.onSubscribe(asked);
    byte[] many = new byte[200_000];
    many[150_000] = 7;
    stream.onNext(List.of(ByteBuffer.wrap(many)));
    stream.skip(0);
    stream.skip(150_000);
    assertThat(read(1)).containsExactly(7);
    stream.onComplete();
    assertThatThrownBy(() -> stream.skip(50_000)).isInstanceOf(EOFException.class);
  }

  @Test
  void anAnswerThatIsLargerThanExpectedIsNotTakenIn() {
    stream.onSubscribe(asked);
    arrives(1, 2, 3, 4);
    stream.onComplete();
    assertThatThrownBy(() -> stream.all(3))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the answer has more than 3 bytes");
  }

  @Test
  void silenceIsAFailure() {
    AnswerStream impatient = new AnswerStream(Duration.ZERO);
    impatient.onSubscribe(asked);
    assertThatThrownBy(() -> impatient.read(ByteBuffer.allocate(1)))
        .isInstanceOf(HttpTimeoutException.class)
        .hasMessage("no byte arrived for 0 s");
  }

  @Test
  void whoIsInterruptedStopsWaitingAndStaysInterrupted() {
    stream.onSubscribe(asked);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> read(1)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void closingCancelsWhatIsLeftAndNothingAfterTheEnd() {
    stream.onSubscribe(asked);
    arrives(1);
    stream.close();
    assertThat(asked.isCancelled).isTrue();
    long before = asked.times;
    arrives(2);
    assertThat(asked.times).as("a late one is dropped").isEqualTo(before);

    AnswerStream whole = new AnswerStream(Duration.ofMinutes(5));
    Asked ofWhole = new Asked();
    whole.onSubscribe(ofWhole);
    whole.onComplete();
    whole.close();
    assertThat(ofWhole.isCancelled).isFalse();
  }

  @Test
  void anAnswerThatComesAfterItWasClosedIsCancelled() {
    stream.close();
    stream.onSubscribe(asked);
    assertThat(asked.isCancelled).isTrue();
    assertThat(asked.times).isZero();
  }
}
