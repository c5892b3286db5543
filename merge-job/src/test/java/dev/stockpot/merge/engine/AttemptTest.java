package dev.stockpot.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.StaleAddressException;
import dev.stockpot.merge.storage.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.SocketException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is tried once, and what is tried again. */
class AttemptTest {
  private static final StoredObject INPUT = new StoredObject(new Location("s3a://b/m"), 8, "1");

  private static Attempt<String> failing(Exception failure) throws Exception {
    return Attempt.at(
        () -> {
          throw failure;
        });
  }

  /** As an executor sends it to the driver. */
  @SuppressWarnings("unchecked") // it is what was written
  private static Attempt<String> sent(Attempt<String> attempt) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(attempt);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (Attempt<String>) in.readObject();
    }
  }

  private static void tell(Attempt<String> attempt) throws IOException {
    attempt.tell(
        done -> {
          throw new AssertionError("done: " + done);
        },
        stale -> {
          throw new AssertionError("stale: " + stale);
        });
  }

  static Stream<Arguments> hopeless() {
    return Stream.of(
        Arguments.of(new UserException("element 1 of w is NaN"), "element 1 of w is NaN"),
        Arguments.of(
            new IllegalStateException("a task", new UserException("access is denied")),
            "access is denied"),
        Arguments.of(
            new ObjectChangedException(INPUT, "9 bytes now"),
            "s3a://b/m changed while it was in use: 8 bytes, 1 when listed; 9 bytes now."),
        Arguments.of(
            new NoSuchFileException("s3a://b/out/model.safetensors"),
            "s3a://b/out/model.safetensors is gone since the merge began"),
        Arguments.of(new FileNotFoundException("upload 7"), "upload 7 is gone since"),
        Arguments.of(
            new IOException("No space left on device"),
            "The disk is full: No space left on device"),
        Arguments.of(
            new FileSystemException("/x", null, "Disk quota exceeded"), "The disk is full: /x"));
  }

  @ParameterizedTest
  @MethodSource("hopeless")
  void whatNoTryWouldChangeEndsTheJobInItsWords(Exception failure, String words) throws Exception {
    Attempt<String> attempt = sent(failing(failure));

    assertThatThrownBy(() -> tell(attempt))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(words);
  }

  @Test
  void whatTheFailureIsAboutIsKept() throws Exception {
    UserException aboutAModel =
        new UserException("NaN") {
          private static final long serialVersionUID = 1;

          @Override
          public FailureKind kind() {
            return FailureKind.MODEL;
          }
        };

    assertThatThrownBy(() -> tell(failing(aboutAModel)))
        .isInstanceOfSatisfying(
            UserException.class, told -> assertThat(told.kind()).isEqualTo(FailureKind.MODEL));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void whatMayPassIsTriedAgain(Exception failure) {
    assertThatThrownBy(() -> failing(failure)).isSameAs(failure);
  }

  static Stream<Exception> passing() {
    return Stream.of(
        new SocketException("Connection reset"),
        new IOException("503 Slow Down"),
        new IllegalArgumentException("a fault of ours"));
  }

  @Test
  void addressesThatRanOutAreNoFailure() throws Exception {
    StringBuilder told = new StringBuilder();

    failing(new IOException(new StaleAddressException(new Location("hf://a/b"))))
        .tell(done -> told.append("done"), told::append);

    assertThat(told.toString()).contains("hf://a/b");
  }
}
