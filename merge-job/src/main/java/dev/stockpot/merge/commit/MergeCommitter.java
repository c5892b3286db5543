package dev.stockpot.merge.commit;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.commit.MergeJournal.FinishedShard;
import dev.stockpot.merge.commit.MergeJournal.Part;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartFile;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gathers the parts of a merge and makes the whole visible in one step. Closed before that, it
 * leaves nothing; stopped before that, it leaves its finished shards, if it was asked to. Not
 * thread-safe.
 */
public final class MergeCommitter implements Closeable {
  private final MergePlan plan;
  private final List<OutputShard> files;
  private final PendingFolder folder;
  private final MergeJournal journal;
  private final boolean keeps;
  private final List<Upload> uploads = new ArrayList<>();
  private final List<ShardProgress> progress = new ArrayList<>();
  private final Map<String, Integer> checksums = new HashMap<>();
  private final Map<String, String> digests = new HashMap<>();
  private final Map<String, LostUpdates> updates = new HashMap<>();
  private final Map<String, NonFinite> nonFinite = new HashMap<>();
  private final Map<String, Figures> figures = new HashMap<>();
  private final List<MatrixFindings> matrices = new ArrayList<>();
  private final Set<Integer> finished = new TreeSet<>();
  private Set<Integer> found = Set.of();

  private MergeCommitter(
      MergePlan plan, PendingFolder folder, MergeJournal journal, boolean keeps) {
    this.plan = plan;
    this.files = plan.files();
    this.folder = folder;
    this.journal = journal;
    this.keeps = keeps;
    int[] parts = new int[files.size()];
    plan.parts().forEach(part -> part.files().forEach(file -> parts[file.shard()]++));
    for (int count : parts) {
      progress.add(new ShardProgress(count));
    }
  }

  /**
   * Claims the output folder and starts an upload for each shard. If the merge stops, it leaves
   * nothing.
   *
   * @throws dev.stockpot.merge.storage.OutputOccupiedException if the folder is not free
   */
  public static MergeCommitter begin(
      ObjectStore store,
      Location output,
      Replaceable replaceable,
      MergeIdentity identity,
      MergePlan plan)
      throws IOException {
    PendingFolder folder = store.create(output, replaceable);
    MergeCommitter committer =
        new MergeCommitter(plan, folder, MergeJournal.of(folder), /* keeps= */ false);
    try {
      committer.start(identity, /* wantsDigests= */ false);
      return committer;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /**
   * Goes on where a merge into the output folder stopped, else begins one. If it stops, it leaves
   * its finished shards.
   *
   * @param wantsDigests whether shards are made again whose SHA-256 is not known
   * @throws dev.stockpot.merge.UserException if that was another merge; the message says what is
   *     different
   * @throws dev.stockpot.merge.storage.OutputOccupiedException if the folder is not free
   */
  public static MergeCommitter resume(
      ObjectStore store,
      Location output,
      Replaceable replaceable,
      MergeIdentity identity,
      MergePlan plan,
      boolean wantsDigests)
      throws IOException {
    PendingFolder folder = store.resume(output, replaceable);
    try {
      MergeJournal journal = MergeJournal.of(folder);
      journal.requireSame(identity, output);
      MergeCommitter committer = new MergeCommitter(plan, folder, journal, /* keeps= */ true);
      committer.start(identity, wantsDigests);
      return committer;
    } catch (IOException | RuntimeException e) {
      folder.keep();
      throw e;
    }
  }

  private void start(MergeIdentity identity, boolean wantsDigests) throws IOException {
    EarlierFiles earlier = new EarlierFiles(plan, folder, journal);
    found = Set.copyOf(plan.whole(earlier.finished(wantsDigests)));
    Map<String, String> ids = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      Upload upload = upload(i, earlier);
      uploads.add(upload);
      ids.put(files.get(i).file(), upload.id());
    }
    journal.begin(identity, ids);
  }

  /** The upload of a file: the earlier merge's if that has finished it, else a new one. */
  private Upload upload(int place, EarlierFiles earlier) throws IOException {
    Optional<Upload> begun = earlier.upload(place);
    if (found.contains(place)) {
      add(place, earlier.complete(place));
      return begun.orElseThrow();
    }
    if (begun.isPresent()) {
      begun.get().abort();
    }
    return folder.startUpload(files.get(place).file(), files.get(place).size());
  }

  private void add(int place, FinishedShard file) {
    OutputShard shard = files.get(place);
    file.checksums().forEach((tensor, checksum) -> checksums.put(shard.key(tensor), checksum));
    digests.put(shard.file(), file.sha256());
    updates.putAll(file.updates());
    nonFinite.putAll(file.nonFinite());
    figures.putAll(file.figures());
    matrices.add(file.matrices());
    finished.add(place);
  }

  /** Looks whether the folder is still this merge's; fails if another took it over. */
  public void requireOurs() throws IOException {
    folder.requireOurs();
  }

  /** Who was at work on the folder before and did not end, where that is known. */
  public Optional<String> predecessor() {
    return folder.predecessor();
  }

  /** The plan without what an earlier merge has done. */
  public MergePlan remaining() {
    return plan.without(found);
  }

  /** How many shards an earlier merge has finished. */
  public int shardsFound() {
    return shards(found);
  }

  private int shards(Set<Integer> files) {
    return (int) files.stream().filter(file -> file < plan.shards().size()).count();
  }

  /** How many bytes they have. */
  public long bytesFound() {
    return found.stream().mapToLong(file -> files.get(file).size()).sum();
  }

  /** Where a task is to write what a part fills of a file. */
  public PartTicket ticket(PartFile file) {
    return uploads.get(file.shard()).ticket(file.number(), file.range());
  }

  /**
   * Takes a finished part of a file; with its last part a file is completed, and written down.
   *
   * @return the file, if that was its last part
   */
  public Optional<OutputShard> accept(PartResult result) throws IOException {
    ShardProgress shard = progress.get(result.shard());
    if (!shard.completes(result)) {
      return Optional.empty();
    }
    Upload upload = uploads.get(result.shard());
    upload.complete(shard.receipts());
    OutputShard planned = files.get(result.shard());
    FinishedShard whole =
        new FinishedShard(
            planned.file(),
            planned.size(),
            upload.id(),
            shard.receipts().stream().map(Part::of).toList(),
            shard.checksums(),
            shard.updates(),
            shard.nonFinite(),
            shard.figures(),
            shard.matrices(),
            shard.sha256());
    journal.finish(whole);
    add(result.shard(), whole);
    return Optional.of(planned);
  }

  private void requireWhole() {
    int missing = files.size() - finished.size();
    if (missing > 0) {
      throw new IllegalStateException("%s shards are not complete".formatted(missing));
    }
  }

  /** What tensors and shards are, and what is too large to be held, which is copied now. */
  public OutputSums sums(ObjectStore store) throws IOException {
    requireWhole();
    LargeCopies copies = new LargeCopies(store, folder);
    return new OutputSums(checksums, digests, copies.copy(plan.output().companions()));
  }

  /** What was seen of each tensor, where merges were observed. */
  public Map<String, Figures> figures() {
    requireWhole();
    return Map.copyOf(figures);
  }

  /** What was found of matrices. */
  public MatrixFindings matrices() {
    requireWhole();
    return MatrixFindings.all(matrices);
  }

  /** What is not finite of each tensor of which anything is. */
  public Map<String, NonFinite> nonFinite() {
    requireWhole();
    return Map.copyOf(nonFinite);
  }

  /** What rounding left of the updates to each tensor, where they were counted. */
  public Map<String, LostUpdates> updates() {
    requireWhole();
    return Map.copyOf(updates);
  }

  /**
   * Adds the small files and makes everything visible.
   *
   * @param files by name; the last one appears last
   */
  public void publish(Map<String, ByteBuffer> files) throws IOException {
    requireWhole();
    folder.publish(files);
  }

  /** Ends a merge that failed, keeping what it was asked to keep. */
  public Leftovers stop() throws IOException {
    boolean isWorthIt = keeps && !plan.whole(finished).isEmpty();
    return Leftovers.of(folder, isWorthIt, shards(finished), plan.shards().size());
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
