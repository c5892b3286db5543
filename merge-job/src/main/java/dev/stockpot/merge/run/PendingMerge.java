package dev.stockpot.merge.run;

import dev.stockpot.merge.Scratch;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.Leftovers;
import dev.stockpot.merge.commit.MergeCommitter;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.commit.MergeIdentity;
import dev.stockpot.merge.commit.OutputFiles;
import dev.stockpot.merge.commit.UnfinishedMerge;
import dev.stockpot.merge.engine.MergeTotals;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartFile;
import dev.stockpot.merge.settings.OtherLeftovers;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.Replaceable;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A merge whose output folder is claimed, until that is published or given up. */
final class PendingMerge implements Closeable {
  private PlannedOutput planned;
  private final MergeCommitter committer;
  private final MergePlan remaining;
  private long bytes;
  private MergeFacts facts;
  private boolean isPublished;
  private Optional<MergeOutcome> outcome = Optional.empty();
  private Leftovers leftovers = new Leftovers.Nothing();

  private PendingMerge(PlannedOutput planned, MergeCommitter committer) {
    this.planned = planned;
    this.committer = committer;
    this.remaining = committer.remaining();
    this.facts = planned.facts();
  }

  /** Claims the output folder, and goes on with what an earlier merge left, if that is asked. */
  static PendingMerge claim(
      ObjectStore store,
      PlannedOutput planned,
      MergeIdentity identity,
      Settings settings,
      MergeOptions options)
      throws IOException {
    if (options.resume()) {
      Scratch.sweep();
    }
    Location folder = planned.folder();
    MergePlan plan = planned.planned().plan();
    if (options.resume() && settings.otherLeftovers() == OtherLeftovers.DISCARD) {
      List<String> changes = UnfinishedMerge.discardOther(store, folder, identity);
      if (!changes.isEmpty()) {
        planned
            .merge()
            .listener()
            .noticed(
                "An unfinished merge into %s was another one, and is given up: %s"
                    .formatted(folder, String.join("; ", changes)));
      }
    }
    Replaceable replaceable =
        options.overwrite().in(store, folder, planned.merge().listener()::noticed);
    return new PendingMerge(
        planned,
        options.resume()
            ? MergeCommitter.resume(store, folder, replaceable, identity, plan, settings.sha256())
            : MergeCommitter.begin(store, folder, replaceable, identity, plan));
  }

  PlannedOutput planned() {
    return planned;
  }

  void sayWhatIsThere() {
    committer.predecessor().ifPresent(listener()::tookOver);
    if (committer.shardsFound() > 0) {
      int shards = planned.planned().plan().shards().size();
      listener().resumed(committer.shardsFound(), shards, committer.bytesFound());
    }
  }

  /** The plan without what an earlier merge has done. */
  MergePlan remaining() {
    return remaining;
  }

  /** Whether nothing is to be looked at or made any more; what a round decided is not kept. */
  boolean isMade() {
    return remaining.parts().isEmpty() && facts.round().isEmpty();
  }

  /** Takes what was found out about whole models, and what is told of it. */
  void knows(MergePlan known) {
    planned = planned.knowing(known.judgement());
    facts = planned.facts();
  }

  void begin() {
    progress(committer.bytesFound());
  }

  void scanned(long done, long of) {
    listener().scanned(done, of);
  }

  PartTicket ticket(PartFile file) {
    return committer.ticket(file);
  }

  /** Fails if another merge took the output over. */
  void requireOurs() throws IOException {
    committer.requireOurs();
  }

  void accept(PartResult part) throws IOException {
    Optional<OutputShard> shard = committer.accept(part);
    progress(part.receipt().ticket().range().length());
    shard.ifPresent(whole -> listener().shardFinished(whole.file(), whole.size()));
  }

  private void progress(long more) {
    bytes += more;
    listener().progressed(bytes, planned.planned().plan().bytesWritten());
  }

  /** Makes the output visible, once all its parts are made. */
  void publish(ObjectStore store, Settings settings) throws IOException {
    Planned all = planned.planned();
    facts =
        planned.facts().knowing(committer.updates(), committer.nonFinite(), committer.matrices());
    BrokenNumbers broken = BrokenNumbers.of(all.plan(), facts);
    if (settings.checkFinite() && !broken.tensors().isEmpty()) { // by a merge that is resumed
      throw new UserException(String.join("\n", broken.sentences()));
    }
    committer.publish(
        OutputFiles.of(
            store,
            facts,
            all.donor(),
            List.copyOf(all.models().values()),
            all.plan(),
            committer.sums(store),
            settings.report() && all.plan().output().isCheckpoint()
                ? ReportOfMerge.files(planned, facts, committer, broken)
                : Map.of()));
    isPublished = true;
  }

  boolean isPublished() {
    return isPublished;
  }

  /** Ends a merge that is not published, because of a failure; keeps what it was asked to keep. */
  void stop(Exception failure) {
    boolean isInterrupted = Thread.interrupted(); // else stores refuse to clean up
    try {
      leftovers = committer.stop();
      listener().stopped(leftovers);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What became of it. */
  MergesStoppedException.Output output() {
    return new MergesStoppedException.Output(planned.folder().path(), isPublished, leftovers);
  }

  /** Tells that it is published. */
  void tell(MergeTotals totals, double seconds) {
    outcome = Optional.of(planned.outcome(false, totals, facts, seconds));
    listener().published(outcome());
  }

  MergeOutcome outcome() {
    return outcome.orElseThrow();
  }

  private MergeListener listener() {
    return planned.merge().listener();
  }

  @Override
  public void close() throws IOException {
    committer.close();
  }
}
