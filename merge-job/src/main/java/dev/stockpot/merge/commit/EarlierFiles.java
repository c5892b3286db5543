package dev.stockpot.merge.commit;

import static java.util.stream.Collectors.toSet;

import dev.stockpot.merge.commit.MergeJournal.FinishedShard;
import dev.stockpot.merge.commit.MergeJournal.Part;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.PendingFolder.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that an earlier merge began to upload, by their places in the plan. */
final class EarlierFiles {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierFiles.class);

  private final List<OutputShard> files;
  private final Map<Integer, ByteBuffer> fronts;
  private final MergeJournal journal;
  private final Map<Integer, Upload> uploads = new HashMap<>();

  /** Goes on with all uploads that the journal knows and that the store has not lost. */
  EarlierFiles(MergePlan plan, PendingFolder folder, MergeJournal journal) throws IOException {
    this(plan.files(), fronts(plan), folder, journal);
  }

  /** The same of files that are copied. */
  EarlierFiles(List<OutputShard> files, PendingFolder folder, MergeJournal journal)
      throws IOException {
    this(files, Map.of(), folder, journal);
  }

  private EarlierFiles(
      List<OutputShard> files,
      Map<Integer, ByteBuffer> fronts,
      PendingFolder folder,
      MergeJournal journal)
      throws IOException {
    this.files = files;
    this.fronts = fronts;
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

  /** Headers by the places of their files; those of files that are copied are not known. */
  private static Map<Integer, ByteBuffer> fronts(MergePlan plan) {
    Map<Integer, ByteBuffer> fronts = new HashMap<>();
    plan.parts().stream()
        .flatMap(part -> part.files().stream())
        .forEach(file -> file.front().ifPresent(front -> fronts.put(file.shard(), front)));
    return fronts;
  }

  private Optional<FinishedShard> journaled(int place) {
    return journal.finished(files.get(place).file(), files.get(place).size());
  }

  /**
   * Those that are whole, and have the checksums with which they were finished where they lie as
   * files: a disk that was full or a machine that went down leaves files of the right size.
   *
   * @param digested whether only those count whose SHA-256 is known
   */
  Set<Integer> finished(boolean digested) {
    Set<Integer> finished = new TreeSet<>(uploads.keySet());
    finished.removeIf(
        place ->
            journaled(place).filter(whole -> !digested || !whole.sha256().isEmpty()).isEmpty());
    Set<Integer> damaged =
        finished.parallelStream().filter(place -> !isIntact(place)).collect(toSet());
    finished.removeAll(damaged);
    return finished;
  }

  private boolean isIntact(int place) {
    try (FinishedFile file = new FinishedFile(uploads.get(place).written())) {
      return file.isAs(files.get(place), fronts.get(place), journaled(place).orElseThrow());
    } catch (IOException e) { // whatever it is, it can be made again
      LOG.warn("{} of the merge before cannot be read", files.get(place).file(), e);
      return false;
    }
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
