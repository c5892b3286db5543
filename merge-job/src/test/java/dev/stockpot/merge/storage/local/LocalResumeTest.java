package dev.stockpot.merge.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.ResumeContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalResumeTest extends ResumeContract {
  private final LocalStore store = new LocalStore();
  @TempDir private Path folder;

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected Location root() {
    return new Location(folder.toString());
  }

  private Path staging() {
    return folder.resolve(".out.stockpot");
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void onlyFinishedObjectsAreKept() throws IOException {
    half(store.create(out(), false)).keep();

    assertThat(staging().resolve("files")).isDirectoryContaining("glob:**/" + FIRST);
    assertThat(staging().resolve("files")).isDirectoryNotContaining("glob:**/" + SECOND);
  }

  @Test
  void aFreshMergeSaysWhatToDoAboutTheUnfinishedOne() throws IOException {
    half(store.create(out(), false)).keep();

    assertThatThrownBy(() -> store.create(out(), true))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "A merge into %s was not finished. Go on with --resume, or give it up: stockpot discard %s",
            out(), out());
  }

  @Test
  void anObjectThatIsGoneOrOfAnotherSizeIsNotGoneOnWith() throws IOException {
    half(store.create(out(), false)).keep();
    try (PendingFolder resumed = store.resume(out(), false)) {
      assertThat(resumed.continueUpload(FIRST, 4, FIRST)).isEmpty();
      assertThat(resumed.continueUpload(SECOND, 6, SECOND)).isEmpty();
    }
    assertThat(entries()).isEmpty();
  }

  @Test
  void aMergeThatDiedAfterPublishingWasFinished() throws IOException {
    try (PendingFolder pending = half(store.create(out(), false))) {
      pending.keep();
    }
    Files.createDirectory(folder.resolve(".out.stockpot-old"));
    Files.move(staging().resolve("files"), Path.of(out().path())); // what publishing does

    try (PendingFolder next = store.resume(out(), true)) {
      assertThat(next.journal()).isEmpty();
    }
    assertThat(entries()).containsExactly("out");
    assertThat(Path.of(out().path()).resolve(FIRST)).hasContent("first");
  }

  @Test
  void anEntryThatWasNotWrittenWholeIsNone() throws IOException {
    half(store.create(out(), false)).keep();
    Files.writeString(staging().resolve("journal/other.new"), "hal");

    try (PendingFolder resumed = store.resume(out(), false)) {
      assertThat(resumed.journal()).containsOnlyKeys("entry");
    }
  }
}
