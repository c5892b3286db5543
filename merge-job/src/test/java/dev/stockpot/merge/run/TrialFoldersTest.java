package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trials leave beside an output goes, whatever became of them. */
class TrialFoldersTest {
  @TempDir Path folder;

  private final LocalStore store = new LocalStore();

  @Test
  void candidatesThatWereBegunAndAreNotAskedForAgainGoToo() throws IOException {
    TrialFolders folders = TrialFolders.of(new Location(folder.resolve("out").toString()));
    begun(folders.candidate("kept"));
    begun(folders.candidate("begun"));

    folders.removeCandidates(store, Set.of("kept"));
    assertThat(store.unfinished(folders.candidates())).containsExactly(folders.candidate("kept"));

    folders.removeCandidates(store, Set.of());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatIsOfNobodyStays() throws IOException {
    TrialFolders folders = TrialFolders.of(new Location(folder.resolve("out").toString()));
    begun(folders.candidate("begun"));
    Path notes = folder.resolve("out-candidates/notes.txt");
    Files.writeString(notes, "mine");

    folders.removeCandidates(store, Set.of());
    assertThat(notes.getParent()).isDirectoryNotContaining(path -> !path.equals(notes));
    assertThat(notes).hasContent("mine");
  }

  /** As a driver leaves it that is killed. */
  private void begun(Location candidate) throws IOException {
    PendingFolder claimed = store.create(candidate, Replaceable.NOTHING);
    claimed.put("config.json", UTF_8.encode("{}"));
    claimed.note("merge.json", UTF_8.encode("not that far"));
    claimed.keep();
  }
}
