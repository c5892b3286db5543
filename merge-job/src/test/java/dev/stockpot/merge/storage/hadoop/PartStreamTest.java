package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The body of an upload that is read while it grows, and again when a connection breaks. */
class PartStreamTest {
  private static final int LENGTH = 4_000;

  private final byte[] content = new byte[LENGTH];
  private BufferAllocator memory;
  private ArrowBuf bytes;

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(content);
    memory = new RootAllocator();
    bytes = memory.buffer(LENGTH);
    bytes.setBytes(0, content);
  }

  @AfterEach
  void giveBack() {
    bytes.close();
    memory.close();
  }

  private PartStream whole() {
    PartStream stream = new PartStream(bytes, LENGTH);
    stream.growTo(LENGTH);
    return stream;
  }

  /** What a reader sees of a stream that it treats as the AWS SDK and Apache's client do. */
  private static List<String> seen(InputStream stream, Random random) throws IOException {
    List<String> seen = new ArrayList<>();
    byte[] into = new byte[700];
    stream.mark(0);
    for (int step = 0; step < 60; step++) {
      switch (random.nextInt(7)) {
        case 0 -> seen.add("one " + stream.read());
        case 1 -> seen.add("skipped " + stream.skip(random.nextInt(300) - 20));
        case 2 -> seen.add("left " + stream.available());
        case 3 -> {
          stream.mark(random.nextInt(10)); // whatever limit is given
          seen.add("marked");
        }
        case 4 -> {
          stream.reset();
          seen.add("again");
        }
        default -> {
          int offset = random.nextInt(100);
          int count = stream.read(into, offset, random.nextInt(600));
          seen.add(
              count
                  + " "
                  + Arrays.hashCode(Arrays.copyOfRange(into, offset, offset + Math.max(0, count))));
        }
      }
    }
    return seen;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void isReadLikeAnArrayOfBytes(long seed) throws IOException {
    InputStream array = new ByteArrayInputStream(content);
    assertThat(seen(whole(), new Random(seed))).isEqualTo(seen(array, new Random(seed)));
  }

  @Test
  void givesWhatIsThereAndNoMore() throws IOException {
    PartStream stream = new PartStream(bytes, LENGTH);
    assertThat(stream.available()).isZero();
    stream.growTo(10);
    assertThat(stream.available()).isEqualTo(10);
    byte[] into = new byte[100];
    assertThat(stream.read(into, 0, 100)).isEqualTo(10);
    assertThat(Arrays.copyOf(into, 10)).isEqualTo(Arrays.copyOf(content, 10));
    assertThat(stream.available()).isZero();
    assertThat(stream.read(into, 0, 0)).isZero(); // does not wait
  }

  @Test
  void aReaderWaitsForWhatIsNotThereYet() throws Exception {
    PartStream stream = new PartStream(bytes, LENGTH);
    CompletableFuture<byte[]> reader =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return stream.readAllBytes();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    for (int ready = 0; ready < LENGTH; ready += 37) {
      stream.growTo(ready);
    }
    assertThat(reader).isNotDone(); // the last bytes are missing
    stream.growTo(LENGTH);
    assertThat(reader.get()).isEqualTo(content);
  }

  @Test
  void isReadAgainFromTheMarkThoughItWasClosed() throws IOException {
    PartStream stream = whole();
    stream.readNBytes(100);
    stream.mark(1);
    assertThat(stream.readNBytes(3_000)).hasSize(3_000);
    stream.close();
    stream.reset();
    assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 100, LENGTH));
    assertThat(stream.read()).isEqualTo(-1);
    assertThat(stream.read(new byte[5], 0, 5)).isEqualTo(-1);
  }

  @Test
  void bytesAboveHalfAreNoEnd() throws IOException {
    bytes.setByte(0, (byte) 0xFF);
    assertThat(whole().read()).isEqualTo(0xFF);
  }

  @Test
  void oneThatIsGivenUpReadsNothingMore() throws IOException {
    PartStream stream = whole();
    stream.readNBytes(9);
    stream.giveUp();
    assertThatThrownBy(stream::read)
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("given up before byte 9 of a part of 4000");
    assertThatThrownBy(() -> stream.read(new byte[5], 0, 5))
        .isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void aReaderThatWaitsHearsThatItIsGivenUp() {
    PartStream stream = new PartStream(bytes, LENGTH);
    CompletableFuture<Integer> reader =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return stream.read();
              } catch (InterruptedIOException e) {
                return -2;
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    stream.giveUp();
    assertThat(reader.join()).isEqualTo(-2);
  }

  @Test
  void aReaderThatIsInterruptedSaysWhereAndStaysInterrupted() {
    PartStream stream = new PartStream(bytes, LENGTH);
    stream.growTo(4);
    assertThat(stream.skip(4)).isEqualTo(4);
    Thread.currentThread().interrupt();
    assertThatThrownBy(stream::read)
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("waiting for byte 4 of a part of 4000");
    assertThat(Thread.interrupted()).isTrue();
  }
}
