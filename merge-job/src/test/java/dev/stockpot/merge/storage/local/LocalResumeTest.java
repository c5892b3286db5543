package dev.stockpot.merge.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
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
    half(store.create(out(), Replaceable.NOTHING)).keep();

    assertThat(staging().resolve("files")).isDirectoryContaining("glob:**/" + FIRST);
    assertThat(staging().resolve("files")).isDirectoryNotContaining("glob:**/" + SECOND);
  }

  @Test
  void aFreshMergeSaysWhatToDoAboutTheUnfinishedOne() throws IOException {
    half(store.create(out(), Replaceable.NOTHING)).keep();

    assertThatThrownBy(() -> store.create(out(), Replaceable.of(List.of())))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "A merge into %s was not finished. Go on with --resume, or give it up: stockpot discard %s",
            out(), out());
  }

  @Test
  void anObjectThatIsGoneOrOfAnotherSizeIsNotGoneOnWith() throws IOException {
    half(store.create(out(), Replaceable.NOTHING)).keep();
    try (PendingFolder resumed = store.resume(out(), Replaceable.NOTHING)) {
      assertThat(resumed.continueUpload(FIRST, 4, FIRST)).isEmpty();
      assertThat(resumed.continueUpload(SECOND, 6, SECOND)).isEmpty();
    }
    assertThat(entries()).isEmpty();
  }

  @Test
  void aMergeThatDiedAfterPublishingWasFinished() throws IOException {
    try (PendingFolder pending = half(store.create(out(), Replaceable.NOTHING))) {
      pending.keep();
    }
    Files.createDirectory(folder.resolve(".out.stockpot-old"));
    Files.move(staging().resolve("files"), Path.of(out().path())); // what publishing does

    try (PendingFolder next = store.resume(out(), Replaceable.UNTOUCHED)) {
      assertThat(next.journal()).isEmpty();
    }
    assertThat(entries()).containsExactly("out");
    assertThat(Path.of(out().path()).resolve(FIRST)).hasContent("first");
  }

  @Test
  void whatAppearedBeforeADeathIsGivenBackAndTheRestGoes() throws IOException {
    Path old = Files.createDirectories(folder.resolve(".out.stockpot-old/report")).getParent();
    Files.writeString(old.resolve("shard"), "ours");
    Files.writeString(old.resolve("report/page"), "ours");
    Files.writeString(old.resolve("report/notes"), "theirs");
    Files.createDirectory(Path.of(out().path()));
    Files.createDirectory(staging());
    Files.writeString(staging().resolve("doomed"), "report%2Fpage\nshard\n");

    store.resume(out(), Replaceable.UNTOUCHED).close();

    assertThat(entries()).containsExactly("out");
    assertThat(store.tree(out(), 10)).containsExactly("report/notes");
  }

  @Test
  void whatADeathLeftWithoutSayingWhoseItIsIsNotDeleted() throws IOException {
    Path old = Files.createDirectory(folder.resolve(".out.stockpot-old"));
    Files.writeString(old.resolve("shard"), "whose");
    Files.createDirectory(Path.of(out().path()));

    assertThatThrownBy(() -> store.create(out(), Replaceable.of(List.of())))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "%s has what lay in %s when that was replaced. Move what you need elsewhere, and delete it",
            old, out());
    assertThat(old.resolve("shard")).hasContent("whose");
  }

  @Test
  void anEntryThatWasNotWrittenWholeIsNone() throws IOException {
    half(store.create(out(), Replaceable.NOTHING)).keep();
    Files.writeString(staging().resolve("journal/other.new"), "hal");

    try (PendingFolder resumed = store.resume(out(), Replaceable.NOTHING)) {
      assertThat(resumed.journal()).containsOnlyKeys("entry");
    }
  }
}
