package dev.stockpot.merge.commit;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.MergeJournal.FinishedShard;
import dev.stockpot.merge.commit.MergeJournal.Part;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.part.CopyResult;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.PendingFolder.Upload;
import dev.stockpot.merge.storage.Replaceable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gathers files that are copied, and makes the folder visible in one step. Stopped before that, it
 * leaves the files that are whole, if it was asked to. Not thread-safe.
 */
public final class FolderCopy implements Closeable {
  /** S3 takes no more parts of one object. */
  private static final long MOST_PARTS = 10_000;

  private final List<OutputShard> files;
  private final PendingFolder folder;
  private final MergeJournal journal;
  private final boolean keeps;
  private final List<Upload> uploads = new ArrayList<>();
  private final Map<Integer, String> digests = new TreeMap<>();

  private FolderCopy(
      List<OutputShard> files, PendingFolder folder, MergeJournal journal, boolean keeps) {
    this.files = files;
    this.folder = folder;
    this.journal = journal;
    this.keeps = keeps;
  }

  /**
   * Claims the output folder.
   *
   * @param resume whether to go on where an earlier copy of the same stopped, and to keep what is
   *     whole if this one does
   * @param identity what is copied
   * @param sizes of the files that tasks copy, by name
   * @throws UserException if what was begun there is something else
   * @throws dev.stockpot.merge.storage.OutputOccupiedException if the folder is not free
   */
  public static FolderCopy claim(
      ObjectStore store,
      Location output,
      Replaceable replaceable,
      boolean resume,
      MergeIdentity identity,
      Map<String, Long> sizes)
      throws IOException {
    PendingFolder folder =
        resume ? store.resume(output, replaceable) : store.create(output, replaceable);
    List<OutputShard> files =
        sizes.entrySet().stream()
            .map(file -> new OutputShard(file.getKey(), file.getValue(), List.of()))
            .toList();
    FolderCopy copy = new FolderCopy(files, folder, MergeJournal.of(folder), resume);
    try {
      copy.requireSame(identity, output);
      copy.start(identity);
      return copy;
    } catch (IOException | RuntimeException e) {
      if (!resume || !folder.keep()) {
        folder.close();
      }
      throw e;
    }
  }

  private void requireSame(MergeIdentity now, Location output) {
    List<String> changes =
        journal.beginning().map(begun -> begun.identity().changesTo(now)).orElse(List.of());
    if (!changes.isEmpty()) {
      throw new UserException(
          "What was begun into %s is something else:\n  %s\nFetch that and go on with --resume, or give it up: stockpot discard %s"
              .formatted(output, String.join("\n  ", changes), output));
    }
  }

  private void start(MergeIdentity identity) throws IOException {
    EarlierFiles earlier = new EarlierFiles(files, folder, journal);
    Set<Integer> finished = earlier.finished(/* digested= */ true);
    Map<String, String> ids = new LinkedHashMap<>();
    for (int place = 0; place < files.size(); place++) {
      OutputShard file = files.get(place);
      Optional<Upload> begun = earlier.upload(place);
      Upload upload;
      if (finished.contains(place)) {
        upload = begun.orElseThrow();
        digests.put(place, earlier.complete(place).sha256());
      } else {
        if (begun.isPresent()) {
          begun.get().abort();
        }
        upload = folder.startUpload(file.file(), file.size());
      }
      uploads.add(upload);
      ids.put(file.file(), upload.id());
    }
    journal.begin(identity, ids);
  }

  /** Who was at work on the folder before and did not end, where that is known. */
  public Optional<String> predecessor() {
    return folder.predecessor();
  }

  /** Whether a file is whole. */
  public boolean isWhole(int place) {
    return digests.containsKey(place);
  }

  /** Where the parts of a file go. */
  public List<PartTicket> tickets(int place, long partSize) {
    return tickets(uploads.get(place), files.get(place).size(), partSize);
  }

  /** Where the parts of an upload go. */
  static List<PartTicket> tickets(Upload upload, long size, long partSize) {
    long part = Math.max(partSize, (size + MOST_PARTS - 1) / MOST_PARTS);
    List<PartTicket> tickets = new ArrayList<>();
    for (long at = 0; at < size; at += part) {
      ByteRange range = new ByteRange(at, Math.min(size, at + part));
      tickets.add(upload.ticket(tickets.size() + 1, range));
    }
    return tickets;
  }

  /** Takes a file that is copied; it is written down. */
  public void accept(int place, CopyResult copied) throws IOException {
    uploads.get(place).complete(copied.receipts());
    OutputShard file = files.get(place);
    journal.finish(
        new FinishedShard(
            file.file(),
            file.size(),
            uploads.get(place).id(),
            copied.receipts().stream().map(Part::of).toList(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            MatrixFindings.NONE,
            copied.sha256()));
    digests.put(place, copied.sha256());
  }

  /** SHA-256 of every file that tasks copied, by name. */
  public Map<String, String> digests() {
    Map<String, String> byName = new TreeMap<>();
    digests.forEach((place, sha256) -> byName.put(files.get(place).file(), sha256));
    return byName;
  }

  /**
   * Adds the small files and makes everything visible.
   *
   * @param small by name; the last one appears last
   */
  public void publish(Map<String, ByteBuffer> small) throws IOException {
    if (digests.size() < files.size()) {
      throw new IllegalStateException("%s of %s files".formatted(digests.size(), files.size()));
    }
    folder.publish(small);
  }

  /** Ends a copy that failed, keeping what it was asked to keep. */
  public Leftovers stop() throws IOException {
    return Leftovers.of(folder, keeps && !digests.isEmpty(), digests.size(), files.size());
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
