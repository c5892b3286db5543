package dev.stockpot.merge.commit;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a merge that was not finished left beside its output folder, and giving it up. */
public final class UnfinishedMerge {
  private UnfinishedMerge() {}

  /**
   * Gives up an unfinished merge where it is another one; one that is the same stays, to be gone on
   * with.
   *
   * @return what is different, a line each; none if there is nothing, or the same
   * @throws dev.stockpot.merge.storage.OutputOccupiedException if it is still running
   */
  public static List<String> discardOther(
      ObjectStore store, Location output, MergeIdentity identity) throws IOException {
    PendingFolder folder = store.resume(output, Replaceable.UNTOUCHED);
    MergeJournal journal = MergeJournal.of(folder);
    if (journal.beginning().isEmpty()) {
      folder.close();
      return List.of();
    }
    folder.keep();
    List<String> changes = journal.changesTo(identity);
    if (!changes.isEmpty()) {
      discard(store, output);
    }
    return changes;
  }

  /**
   * Gives up a merge that was not finished, with all that it left beside the output folder.
   *
   * @return whether there was one
   */
  public static boolean discard(ObjectStore store, Location output) throws IOException {
    try (PendingFolder folder = store.resume(output, Replaceable.UNTOUCHED)) {
      boolean isThere = folder.predecessor().isPresent() || !folder.journal().isEmpty();
      MergeJournal journal = MergeJournal.of(folder);
      if (journal.beginning().isPresent()) {
        for (Map.Entry<String, String> upload : journal.beginning().get().uploads().entrySet()) {
          folder.continueUpload(upload.getKey(), 0, upload.getValue()); // closing aborts it
        }
      }
      return isThere;
    }
  }
}
