package dev.stockpot.merge.storage.hadoop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reading from S3 asks for, and what it notices. */
class S3ReadTest {
  private static final int SIZE = 50 << 20;
  private static final AtomicInteger TESTS = new AtomicInteger();
  private static final byte[] BYTES = new byte[SIZE];

  private static S3Server server;
  private static ObjectStore store;

  private Location object;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
    store = new HadoopStore(server.entries());
    new Random(1).nextBytes(BYTES);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void useAPlaceOfItsOwn() {
    object = server.root().child("test-" + TESTS.incrementAndGet()).child("a");
  }

  private StoredObject listed(int size) throws IOException {
    server.write(object, size == SIZE ? BYTES : Arrays.copyOf(BYTES, size));
    StoredObject listed = store.find(object).orElseThrow();
    server.forget();
    return listed;
  }

  private static void read(RangeReader reader, int begin, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocateDirect(length);
    reader.read(begin, into);
    byte[] read = new byte[length];
    into.flip().get(read);
    assertThat(Arrays.equals(read, 0, length, BYTES, begin, begin + length))
        .as("bytes %s to %s", begin, begin + length)
        .isTrue();
  }

  @Test
  void openingAsksForNothing() throws IOException {
    store.open(listed(100)).close();

    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aLargeRangeIsOneRequest() throws IOException {
    try (RangeReader reader = store.open(listed(SIZE))) {
      read(reader, 1_000_000, 20_000_000);
    }

    assertThat(server.requests()).containsExactly("GET " + path());
  }

  private String path() {
    return object.path().replace("s3a:/", "");
  }

  @Test
  void aVeryLargeRangeIsAFewRequestsAtOnce() throws IOException {
    try (RangeReader reader = store.open(listed(SIZE))) {
      read(reader, 0, SIZE);
    }

    assertThat(server.requests()).containsExactly("GET " + path(), "GET " + path());
  }

  @Test
  void whatWasAnnouncedIsOneRequestHoweverSmallTheReads() throws IOException {
    try (RangeReader reader = store.open(listed(SIZE))) {
      reader.announce(
          List.of(
              new ByteRange(1_000, 3_000_000),
              new ByteRange(3_100_000, 9_000_000), // a gap that is cheaper to read over
              new ByteRange(30_000_000, 40_000_000)));
      for (int begin = 1_000; begin < 3_000_000; begin += 299_900) {
        read(reader, begin, 299_900);
      }
      for (int begin = 3_100_000; begin < 9_000_000; begin += 590_000) {
        read(reader, begin, 590_000);
      }
      assertThat(server.requests()).hasSize(1);

      read(reader, 30_000_000, 10_000_000);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aReaderThatIsClosedEarlyDropsTheRest() throws IOException {
    try (RangeReader reader = store.open(listed(SIZE))) {
      reader.announce(List.of(new ByteRange(0, SIZE)));
      read(reader, 0, 1_000);
    }
    try (RangeReader reader = store.open(store.find(object).orElseThrow())) {
      read(reader, 5, 1_000);
    }
  }

  @Test
  void anObjectThatIsReplacedBetweenReadsHasChanged() throws IOException {
    StoredObject listed = listed(SIZE);
    try (RangeReader reader = store.open(listed)) {
      read(reader, 0, 1_000);
      server.write(object, new byte[SIZE]);

      assertThatThrownBy(() -> reader.read(20_000_000, ByteBuffer.allocateDirect(1_000)))
          .isInstanceOf(ObjectChangedException.class)
          .hasMessageContaining(object + " changed while it was in use")
          .hasMessageContaining("Start again");
      assertThatThrownBy(() -> reader.read(0, ByteBuffer.allocateDirect(20_000_000)))
          .isInstanceOf(ObjectChangedException.class);
    }
  }

  @Test
  void anObjectThatIsDeletedIsMissing() throws IOException {
    StoredObject listed = listed(SIZE);
    server.delete(object);

    try (RangeReader reader = store.open(listed)) {
      assertThatThrownBy(() -> reader.read(0, ByteBuffer.allocate(10)))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(object.path());
    }
  }

  @Test
  void answersThatAreCutShortAreReadOn() throws IOException {
    StoredObject listed = listed(SIZE);
    server.breaks(request -> request.startsWith("GET"), Fault.CUT_ANSWER, 2);
    try (RangeReader reader = store.open(listed)) {
      read(reader, 0, 20_000_000); // a request of its own
    }
    server.forget();
    server.breaks(request -> request.startsWith("GET"), Fault.CUT_ANSWER, 2);
    try (RangeReader reader = store.open(listed)) {
      reader.announce(List.of(new ByteRange(0, SIZE)));
      read(reader, 0, 3_000_000);
      read(reader, 3_000_000, 3_000_000);
    }
  }

  @Test
  void anAnswerThatS3aRejectsIsNotReadOnAsIfItBeganTheObject() throws IOException {
    StoredObject listed = listed(SIZE);
    server.breaks(request -> request.startsWith("GET"), Fault.NO_ENTITY_TAG, 1);
    try (RangeReader reader = store.open(listed)) {
      read(reader, 4_184, 100_000);
    }
    server.breaks(request -> request.startsWith("GET"), Fault.NO_ENTITY_TAG, 9);
    try (RangeReader reader = store.open(listed)) {
      assertThatThrownBy(() -> reader.read(4_184, ByteBuffer.allocateDirect(1_000)))
          .hasMessageContaining(object + "': Change detection policy requires ETag");
    }
  }

  @Test
  void busyServersAndBrokenConnectionsAreAskedAgain() throws IOException {
    StoredObject listed = listed(SIZE);
    server.breaks(request -> request.startsWith("GET"), Fault.SLOW_DOWN, 1);
    server.breaks(request -> request.startsWith("GET"), Fault.RESET, 1);

    try (RangeReader reader = store.open(listed)) {
      read(reader, 0, 1_000_000);
    }
  }

  @Test
  void aWrongSecretIsExplainedAndNotPrinted() {
    Map<String, String> entries = new HashMap<>(server.entries());
    entries.put("fs.s3a.secret.key", "not-the-secret");

    assertThatThrownBy(() -> new HadoopStore(entries).list(server.root()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("s3a://models: access is denied")
        .hasMessageContaining("provider chain of s3a")
        .hasMessageNotContainingAny("not-the-secret");
  }

  @Test
  void aSchemeThatNobodyKnowsIsExplained() {
    assertThatThrownBy(() -> store.list(new Location("s3://models/a")))
        .isInstanceOf(UserException.class)
        .hasMessage("s3://models/a: nothing here reads s3://. Write s3a:// instead");
  }

  @Test
  void textOfOneObjectIsReadWhole() throws IOException {
    server.write(object, "text".getBytes(UTF_8));
    ByteBuffer text = ByteBuffer.allocate(4);
    try (RangeReader reader = store.open(store.find(object).orElseThrow())) {
      reader.read(0, text);
    }

    assertThat(UTF_8.decode(text.flip()).toString()).isEqualTo("text");
  }
}
