package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An answer is read while it arrives, by who wants it, and no further than that. */
class AnswerStreamTest {
  private static final byte[] FIVE = {1, 2, 3, 4, 5};

  private int cuts;

  private AnswerStream of(InputStream body, long length) {
    return new AnswerStream(body, length, () -> cuts++);
  }

  private AnswerStream of(byte... bytes) {
    return of(new ByteArrayInputStream(bytes), bytes.length);
  }

  /** Gives one byte at a time, as a slow network does. */
  private static final class Drops extends ByteArrayInputStream {
    Drops(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] into, int at, int count) {
      return super.read(into, at, Math.min(1, count));
    }
  }

  /** Ends a body with a failure. */
  private static final class Failing extends InputStream {
    private final ByteArrayInputStream before;
    private final IOException failure;

    Failing(byte[] before, IOException failure) {
      this.before = new ByteArrayInputStream(before);
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      throw failure;
    }

    @Override
    public int read(byte[] into, int at, int count) throws IOException {
      int some = before.read(into, at, count);
      if (some < 0) {
        throw failure;
      }
      return some;
    }
  }

  private static byte[] read(AnswerStream stream, int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count);
    stream.read(into);
    return into.array();
  }

  @Test
  void readsAcrossWhatArrivesTogether() throws IOException {
    AnswerStream stream = of(new Drops(FIVE), FIVE.length);
    assertThat(read(stream, 1)).containsExactly(1);
    assertThat(read(stream, 3)).containsExactly(2, 3, 4);
    assertThat(stream.all(10)).containsExactly(5);
  }

  @Test
  void fillsBuffersOfEveryKindFromWhereTheyStand() throws IOException {
    byte[] many = new byte[1 << 19];
    new Random(3).nextBytes(many);
    ByteBuffer heap = ByteBuffer.allocate(many.length + 20).position(10).limit(10 + many.length);
    of(many).read(heap);
    assertThat(heap.remaining()).isZero();
    assertThat(heap.position(10).slice()).isEqualTo(ByteBuffer.wrap(many));

    ByteBuffer slice = ByteBuffer.allocate(many.length + 7).position(7).slice();
    of(many).read(slice);
    assertThat(slice.flip()).isEqualTo(ByteBuffer.wrap(many));

    ByteBuffer direct = ByteBuffer.allocateDirect(many.length + 20).position(10);
    direct.limit(10 + many.length);
    of(many).read(direct);
    assertThat(direct.position(10).slice()).isEqualTo(ByteBuffer.wrap(many));
  }

  @Test
  void anAnswerThatEndsTooEarlySaysHowMuchIsMissing() {
    AnswerStream stream = of(new ByteArrayInputStream(new byte[] {1, 2, 3}), 5);
    assertThatThrownBy(() -> read(stream, 5))
        .isInstanceOf(EOFException.class)
        .hasMessage("the answer ended 2 bytes too early");
  }

  @Test
  void aWholeAnswerThatEndsTooEarlyIsNoAnswer() {
    AnswerStream stream = of(new ByteArrayInputStream(new byte[] {1, 2, 3}), 5);
    assertThatThrownBy(() -> stream.all(100))
        .isInstanceOf(EOFException.class)
        .hasMessage("the answer ended 2 bytes too early");
  }

  @Test
  void anAnswerOfUnknownLengthEndsWhereItEnds() throws IOException {
    AnswerStream stream = of(new ByteArrayInputStream(FIVE), AnswerStream.UNKNOWN);
    assertThat(stream.all(100)).isEqualTo(FIVE);
    stream.close();
    assertThat(cuts).isZero();
  }

  @Test
  void whatArrivedBeforeAFailureIsReadAndThenTheFailureIsTold() throws IOException {
    AnswerStream stream =
        of(new Failing(new byte[] {1, 2}, new IOException("connection reset")), 5);
    assertThat(read(stream, 2)).containsExactly(1, 2);
    assertThatThrownBy(() -> read(stream, 1))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("connection reset");
  }

  @Test
  void whatFollowsTheAnswerOnItsConnectionIsNotRead() throws IOException {
    ByteArrayInputStream connection = new ByteArrayInputStream(FIVE);
    AnswerStream stream = of(connection, 2);
    assertThat(stream.all(100)).containsExactly(1, 2);
    assertThat(connection.available()).isEqualTo(3);
  }

  @Test
  void bytesAreSkippedInPieces() throws IOException {
    byte[] many = new byte[200_000];
    many[150_000] = 7;
    AnswerStream stream = of(many);
    stream.skip(0);
    stream.skip(150_000);
    assertThat(read(stream, 1)).containsExactly(7);
    assertThatThrownBy(() -> stream.skip(50_000)).isInstanceOf(EOFException.class);
  }

  @Test
  void anAnswerThatIsLargerThanExpectedIsNotTakenIn() {
    assertThatThrownBy(() -> of(FIVE).all(4))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the answer has more than 4 bytes");
  }

  @Test
  void silenceIsAFailureAndNoInterrupt() {
    AnswerStream stream =
        of(new Failing(new byte[0], new SocketTimeoutException("Read timed out")), 5);
    assertThatThrownBy(() -> read(stream, 1))
        .isInstanceOf(HttpTimeoutException.class)
        .isNotInstanceOf(InterruptedIOException.class)
        .hasMessage("no byte arrived in time: Read timed out");
  }

  @Test
  void whoIsInterruptedReadsNoFurtherAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> read(of(FIVE), 1)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void closingEndsTheConnectionOfAnAnswerThatIsNotReadToItsEndAndNoOther() throws IOException {
    AnswerStream part = of(FIVE);
    assertThat(read(part, 4)).hasSize(4);
    part.close();
    part.close();
    assertThat(cuts).isEqualTo(1);

    AnswerStream whole = of(FIVE);
    assertThat(read(whole, 5)).hasSize(5);
    whole.close();
    assertThat(cuts).isEqualTo(1);
  }
}
