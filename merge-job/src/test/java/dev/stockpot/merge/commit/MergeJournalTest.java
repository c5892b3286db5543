package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.MergeJournal.FinishedShard;
import dev.stockpot.merge.commit.MergeJournal.Part;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a merge writes down is found by the next, and only what is of the same upload counts. */
class MergeJournalTest {
  private static final Location OUTPUT = new Location("/out");
  private static final MergeIdentity IDENTITY = identity("merge_method: linear\n");

  private final MemoryStore store = new MemoryStore();

  private static MergeIdentity identity(String recipe) {
    return new MergeIdentity(
        recipe,
        "digest",
        Map.of("seed", "7"),
        Map.of("/a", "1 bytes, v1"),
        Map.of("stockpot", "1"));
  }

  private static FinishedShard shard(String file, long size, String upload) {
    return new FinishedShard(
        file,
        size,
        upload,
        List.of(new Part(1, 0, 4, "first"), new Part(2, 4, size, "second")),
        Map.of("t.1", -1, "t.2", 0x12345678),
        Map.of(),
        Map.of(),
        Map.of(),
        MatrixFindings.NONE,
        "ab".repeat(32));
  }

  /** Does something with the folder and dies, or is stopped. */
  private interface Work {
    void with(PendingFolder folder, MergeJournal journal) throws IOException;
  }

  private void driver(Work work) throws IOException {
    try (PendingFolder folder = store.resume(OUTPUT, Replaceable.NOTHING)) {
      work.with(folder, MergeJournal.of(folder));
      folder.keep();
    }
  }

  @Test
  void aFolderThatNobodyHeldHasNoJournal() throws IOException {
    driver(
        (folder, journal) -> {
          assertThat(journal.beginning()).isEmpty();
          assertThat(journal.finished("a", 8)).isEmpty();
          assertThat(journal.changesTo(IDENTITY)).isEmpty();
          journal.requireSame(IDENTITY, OUTPUT);
        });
  }

  @Test
  void whatWasWrittenDownIsReadByTheNext() throws IOException {
    driver(
        (folder, journal) -> {
          journal.begin(IDENTITY, Map.of("a", "upload 1", "side/b", "upload 2"));
          journal.finish(shard("side/b", 8, "upload 2"));
        });
    driver(
        (folder, journal) -> {
          assertThat(journal.beginning().orElseThrow().identity()).isEqualTo(IDENTITY);
          assertThat(journal.beginning().orElseThrow().uploads())
              .isEqualTo(Map.of("a", "upload 1", "side/b", "upload 2"));
          assertThat(journal.finished("side/b", 8)).contains(shard("side/b", 8, "upload 2"));
          assertThat(journal.finished("a", 8)).as("which nobody finished").isEmpty();
          assertThat(folder.journal()).containsOnlyKeys("merge.json", "side,b.json");
        });
  }

  @Test
  void anEntryCountsOnlyForTheSameSizeAndTheSameUpload() throws IOException {
    driver(
        (folder, journal) -> {
          journal.begin(IDENTITY, Map.of("a", "upload 2"));
          journal.finish(shard("a", 8, "upload 1")); // of one that was taken for dead
          journal.finish(shard("b", 8, "upload 3")); // of a file that there is no more
        });
    driver(
        (folder, journal) -> {
          assertThat(journal.finished("a", 8)).isEmpty();
          assertThat(journal.finished("b", 8)).isEmpty();
          journal.finish(shard("a", 8, "upload 2"));
        });
    driver(
        (folder, journal) -> {
          assertThat(journal.finished("a", 9)).isEmpty();
          assertThat(journal.finished("a", 8)).isPresent();
        });
  }

  @Test
  void aJournalWithoutABeginningFinishesNothing() throws IOException {
    driver((folder, journal) -> journal.finish(shard("a", 8, "upload 1")));
    driver((folder, journal) -> assertThat(journal.finished("a", 8)).isEmpty());
  }

  @Test
  void whatWasCutShortWasNotWritten() throws IOException {
    driver(
        (folder, journal) -> {
          journal.begin(IDENTITY, Map.of("a", "upload 1"));
          folder.note("a.json", UTF_8.encode("{\"file\": \"a\", \"si"));
        });
    driver(
        (folder, journal) -> {
          assertThat(journal.beginning()).isPresent();
          assertThat(journal.finished("a", 8)).isEmpty();
          folder.note("merge.json", UTF_8.encode(""));
        });
    driver((folder, journal) -> assertThat(journal.beginning()).isEmpty());
  }

  @Test
  void anotherMergeIsToldWhatIsDifferentAndWhatToDo() throws IOException {
    driver((folder, journal) -> journal.begin(IDENTITY, Map.of()));
    MergeIdentity other = identity("merge_method: ties\n");
    driver(
        (folder, journal) -> {
          journal.requireSame(IDENTITY, OUTPUT);
          assertThatThrownBy(() -> journal.requireSame(other, OUTPUT))
              .isInstanceOf(UserException.class)
              .hasMessage(
                  """
                  The merge that was begun into /out is another one:
                    recipe: line 1 was 'merge_method: linear', is 'merge_method: ties'
                  Make it as it was and go on with --resume, or give it up: stockpot discard /out\
                  """);
        });
  }

  @Test
  void discardingTakesTheJournalAndEveryUpload() throws IOException {
    assertThat(UnfinishedMerge.discard(store, OUTPUT)).as("there is none").isFalse();
    driver(
        (folder, journal) -> {
          String id = folder.startUpload("a", 0).id();
          journal.begin(IDENTITY, Map.of("a", id));
        });
    assertThat(UnfinishedMerge.discard(store, OUTPUT)).isTrue();
    assertThat(store.openUploads()).isZero();
    assertThat(store.unfinished(new Location("/"))).isEmpty();
    driver((folder, journal) -> assertThat(journal.beginning()).isEmpty());
  }

  @Test
  void onlyAnotherMergeIsDiscardedForThisOne() throws IOException {
    MergeIdentity other = identity("merge_method: ties\n");
    assertThat(UnfinishedMerge.discardOther(store, OUTPUT, IDENTITY)).isEmpty();
    driver((folder, journal) -> journal.begin(IDENTITY, Map.of()));
    assertThat(UnfinishedMerge.discardOther(store, OUTPUT, IDENTITY)).isEmpty();
    driver((folder, journal) -> assertThat(journal.beginning()).as("it stays").isPresent());
    assertThat(UnfinishedMerge.discardOther(store, OUTPUT, other))
        .containsExactly("recipe: line 1 was 'merge_method: linear', is 'merge_method: ties'");
    driver((folder, journal) -> assertThat(journal.beginning()).as("it is gone").isEmpty());
  }

  @Test
  void whatIsWorthKeepingIsKeptAndNothingElse() throws IOException {
    try (PendingFolder folder = store.create(OUTPUT, Replaceable.NOTHING)) {
      MergeJournal.of(folder).begin(IDENTITY, Map.of());
      assertThat(Leftovers.of(folder, true, 2, 3)).isEqualTo(new Leftovers.Kept(2, 3));
    }
    try (PendingFolder folder = store.resume(OUTPUT, Replaceable.NOTHING)) {
      assertThat(Leftovers.of(folder, false, 2, 3)).isEqualTo(new Leftovers.Nothing());
    }
    try (PendingFolder folder = store.create(OUTPUT, Replaceable.NOTHING)) {
      assertThat(MergeJournal.of(folder).beginning()).isEmpty();
    }
  }

  @Test
  void whatAnotherTookOverIsItsOwn() throws IOException {
    try (PendingFolder first = store.create(OUTPUT, Replaceable.NOTHING)) {
      MergeJournal journal = MergeJournal.of(first);
      journal.begin(IDENTITY, Map.of());
      try (PendingFolder second = store.resume(OUTPUT, Replaceable.NOTHING)) {
        Leftovers left = Leftovers.of(first, true, 1, 3);
        assertThat(left.<String>match(() -> "nothing", kept -> "kept", Leftovers.TakenOver::by))
            .isEqualTo(first.successor().orElseThrow());
        assertThatThrownBy(() -> journal.finish(shard("a", 8, "u")))
            .isInstanceOf(OutputOccupiedException.class);
        assertThat(MergeJournal.of(second).beginning()).isPresent();
      }
    }
  }

  @Test
  void noShardIsNotKept() {
    for (int[] counts : new int[][] {{0, 3}, {4, 3}, {-1, 3}}) {
      assertThatThrownBy(() -> new Leftovers.Kept(counts[0], counts[1]).finished())
          .hasMessage("%s of %s shards are kept".formatted(counts[0], counts[1]));
    }
  }
}
