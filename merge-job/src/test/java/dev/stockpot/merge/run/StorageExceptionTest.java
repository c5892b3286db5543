package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import dev.stockpot.merge.storage.OutputOccupiedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StorageExceptionTest {
  static Stream<Arguments> failures() {
    IOException why = new IOException("no answer");
    return Stream.of(
        Arguments.of(
            new NoSuchFileException("/a"),
            FailureKind.STORAGE,
            "/a does not exist. Check the path"),
        Arguments.of(
            new FileNotFoundException("/a"),
            FailureKind.STORAGE,
            "/a does not exist. Check the path"),
        Arguments.of(
            new AccessDeniedException("/a"),
            FailureKind.STORAGE,
            "/a may not be accessed. Check its permissions"),
        Arguments.of(
            new FileAlreadyExistsException("/a"),
            FailureKind.STORAGE,
            "/a is a file, where a folder is to be made. Name another folder"),
        Arguments.of(
            new FileSystemException("/a", null, "No space left on device"),
            FailureKind.STORAGE,
            "/a: No space left on device"),
        Arguments.of(new FileSystemException("/a"), FailureKind.STORAGE, "/a"),
        Arguments.of(
            new OutputOccupiedException("/a holds something"),
            FailureKind.OUTPUT_TAKEN,
            "/a holds something"),
        Arguments.of(
            new CommitStateUnknownException("look at /a", why),
            FailureKind.OUTPUT_UNKNOWN,
            "look at /a"),
        Arguments.of(why, FailureKind.STORAGE, "no answer"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysInWordsWhatStoresSayInTypes(IOException failure, FailureKind kind, String words) {
    StorageException said = StorageException.of(failure);

    assertThat(said).hasMessage(words).hasCause(failure);
    assertThat(said.kind()).isEqualTo(kind);
  }
}
