package dev.stockpot.merge.commit;

import dev.stockpot.merge.commit.MergeJournal.FinishedShard;
import dev.stockpot.merge.commit.MergeJournal.Part;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.PendingFolder.Upload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Files that an earlier merge began to upload, by their places in the plan. */
final class EarlierFiles {
  private final List<OutputShard> files;
  private final MergeJournal journal;
  private final Map<Integer, Upload> uploads = new HashMap<>();

  /** Goes on with all uploads that the journal knows and that the store has not lost. */
  EarlierFiles(List<OutputShard> files, PendingFolder folder, MergeJournal journal)
      throws IOException {
    this.files = files;
    this.journal = journal;
    for (int i = 0; i < files.size(); i++) {
      OutputShard file = files.get(i);
      Optional<String> id = journal.beginning().map(begun -> begun.uploads().get(file.file()));
      if (id.isPresent()) {
        int place = i;
        folder
            .continueUpload(file.file(), file.size(), id.get())
            .ifPresent(upload -> uploads.put(place, upload));
      }
    }
  }

  private Optional<FinishedShard> journaled(int place) {
    return journal.finished(files.get(place).file(), files.get(place).size());
  }

  /**
   * Those that are whole.
   *
   * @param digested whether only those count whose SHA-256 is known
   */
  Set<Integer> finished(boolean digested) {
    Set<Integer> finished = new TreeSet<>(uploads.keySet());
    finished.removeIf(
        place ->
            journaled(place)
                .filter(whole -> !digested || !whole.sha256().isEmpty())
                .isEmpty());
    return finished;
  }

  Optional<Upload> upload(int place) {
    return Optional.ofNullable(uploads.get(place));
  }

  /** Joins the parts of one that is whole. */
  FinishedShard complete(int place) throws IOException {
    FinishedShard whole = journaled(place).orElseThrow();
    List<PartReceipt> receipts = new ArrayList<>();
    for (Part part : whole.parts()) {
      ByteRange range = new ByteRange(part.begin(), part.end());
      PartTicket ticket = uploads.get(place).ticket(part.number(), range);
      receipts.add(new PartReceipt(ticket, part.handle()));
    }
    uploads.get(place).complete(receipts);
    return whole;
  }
}
