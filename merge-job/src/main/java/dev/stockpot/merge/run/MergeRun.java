package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.Leftovers;
import dev.stockpot.merge.commit.MergeCommitter;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.commit.MergeIdentity;
import dev.stockpot.merge.commit.OutputFiles;
import dev.stockpot.merge.commit.PublishedMerge;
import dev.stockpot.merge.engine.MergeEngine;
import dev.stockpot.merge.engine.MergeTasks;
import dev.stockpot.merge.engine.MergeTotals;
import dev.stockpot.merge.engine.TaskEnvironment;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.part.KernelChoice;
import dev.stockpot.merge.part.PartSettings;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One merge, from a recipe to a checkpoint: open, plan, make, publish. */
final class MergeRun {
  private final ObjectStore store;
  private final Settings settings;
  private final EngineSource engines;
  private final MergeListener listener;
  private final long start = System.nanoTime();

  MergeRun(ObjectStore store, Settings settings, EngineSource engines, MergeListener listener) {
    this.store = store;
    this.settings = settings;
    this.engines = engines;
    this.listener = listener;
  }

  /** Merges by a recipe, which is {@code written} without regard to patterns. */
  MergeOutcome run(Recipe written, MergeRecipe source, Optional<DType> dtype, Output output)
      throws IOException {
    Recipe recipe = Planned.expand(written, store, settings, Optional.of(output.folder()));
    InputsOfMerge.guard(output.folder(), recipe, source, settings, output.settingsFile());
    if (engines.isHere()) {
      requireKernels(); // tasks will run in this JVM
    }
    // Spark takes longer to start than headers take to read
    CompletableFuture<Supplier<MergeEngine>> starting = engines.start(settings);
    Planned planned = Planned.open(recipe, store, settings, dtype);
    listener.planned(PlannedMerge.of(planned, settings));
    planned.plan().notices().forEach(listener::noticed);
    MergeFacts facts =
        new MergeFacts(
            recipe.text(),
            recipe.method().name(),
            settings.seed(),
            settings.rounding(),
            Map.of("stockpot", BuildVersion.stockpot()));
    MergeIdentity identity =
        MergeIdentity.of(
            facts, bytesHangOn(dtype), List.copyOf(planned.models().values()), planned.plan());
    if (output.resume() && isDone(planned, facts, output)) {
      return outcome(planned, output, true, MergeTotals.NONE, facts);
    }
    try (MergeCommitter committer = output.claim(store, listener, identity, planned.plan())) {
      sayWhatIsThere(committer, planned.plan());
      MergeTasks tasks =
          starting.join().get().begin(environment(store, settings), settings.gpu().isRequested());
      MergeFacts known = makeAndPublish(tasks, planned, facts, committer, output.folder());
      MergeOutcome outcome = outcome(planned, output, false, tasks.totals(), known);
      listener.published(outcome);
      return outcome;
    }
  }

  private void requireKernels() {
    try {
      KernelChoice.of(settings.provider().word(), gpu(settings), GpuTask.NONE);
    } catch (IllegalArgumentException e) {
      throw new UserException(
          "Settings: provider is %s, but %s. provider=auto takes what there is"
              .formatted(settings.provider().word(), e.getMessage()),
          e);
    }
  }

  private static GpuSettings gpu(Settings settings) {
    return new GpuSettings(settings.gpu().tasks(), settings.gpu().pinnedMemory());
  }

  /** Whether an earlier merge published the same; if it died just then, what it left goes. */
  private boolean isDone(Planned planned, MergeFacts facts, Output output) throws IOException {
    List<Model> models = List.copyOf(planned.models().values());
    boolean isDone =
        output.overwrite() == Overwrite.NOTHING
            && PublishedMerge.isIn(store, output.folder(), facts, models, planned.plan());
    if (isDone) {
      MergeCommitter.discard(store, output.folder());
    }
    return isDone;
  }

  private MergeFacts makeAndPublish(
      MergeTasks tasks,
      Planned planned,
      MergeFacts facts,
      MergeCommitter committer,
      Location output)
      throws IOException {
    try {
      make(tasks, planned.plan(), committer);
      MergeFacts known = facts.knowing(committer.updates(), committer.nonFinite());
      BrokenNumbers broken = BrokenNumbers.of(planned.plan(), known);
      if (settings.checkFinite() && !broken.tensors().isEmpty()) { // by a merge that is resumed
        throw new UserException(String.join("\n", broken.sentences()));
      }
      committer.publish(
          OutputFiles.of(
              store,
              known,
              planned.donor(),
              List.copyOf(planned.models().values()),
              planned.plan(),
              committer.checksums(),
              settings.report() ? ReportOfMerge.files(planned, committer, broken) : Map.of()));
      return known;
    } catch (IOException e) {
      throw stopped(committer, output, StorageException.of(e));
    } catch (UserException e) {
      throw stopped(committer, output, e);
    } catch (RuntimeException e) { // a fault of ours, or of the listener
      stop(committer, e);
      throw e;
    }
  }

  /**
   * Where a merge goes.
   *
   * @param overwrite what may be replaced of what the folder holds
   * @param resume whether to go on where an earlier merge stopped, and to keep what is finished
   * @param settingsFile which the output must not be, nor hold
   */
  record Output(
      Location folder, Overwrite overwrite, boolean resume, Optional<String> settingsFile) {
    MergeCommitter claim(
        ObjectStore store, MergeListener listener, MergeIdentity identity, MergePlan plan)
        throws IOException {
      Replaceable replaceable = overwrite.in(store, folder, listener::noticed);
      return resume
          ? MergeCommitter.resume(store, folder, replaceable, identity, plan)
          : MergeCommitter.begin(store, folder, replaceable, identity, plan);
    }
  }

  /** Settings that change the output's bytes: an earlier merge must have had the same. */
  private Map<String, String> bytesHangOn(Optional<DType> dtype) {
    Map<String, String> hangOn = new TreeMap<>(settings.bytesHangOn());
    hangOn.put("--dtype", dtype.map(DType::name).orElse("none"));
    return hangOn;
  }

  private void sayWhatIsThere(MergeCommitter committer, MergePlan plan) {
    committer.predecessor().ifPresent(listener::tookOver);
    if (committer.shardsFound() > 0) {
      listener.resumed(committer.shardsFound(), plan.shards().size(), committer.bytesFound());
    }
  }

  /** The failure, with what is left of the merge. */
  private UserException stopped(MergeCommitter committer, Location output, UserException failure) {
    Leftovers left = stop(committer, failure);
    return left.<UserException>match(
        () -> failure,
        kept -> new MergeStoppedException(failure, output, kept),
        taken -> new MergeStoppedException(failure, output, taken));
  }

  private Leftovers stop(MergeCommitter committer, Exception failure) {
    Leftovers left = new Leftovers.Nothing();
    try {
      left = committer.stop();
      listener.stopped(left);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    return left;
  }

  /** What every task of a merge or of a comparison is sent. */
  static TaskEnvironment environment(ObjectStore store, Settings settings) {
    PartSettings parts =
        new PartSettings(
            settings.chunkElements(),
            settings.taskMemory(),
            settings.checkFinite(),
            settings.report());
    return new TaskEnvironment(store, settings.provider().word(), gpu(settings), parts);
  }

  private void make(MergeTasks tasks, MergePlan plan, MergeCommitter committer) throws IOException {
    if (committer.remaining().parts().isEmpty()) {
      return;
    }
    MergePlan known = tasks.scan(committer.remaining());
    Progress progress = new Progress(plan.bytesWritten());
    progress.add(committer.bytesFound());
    tasks.make(
        known,
        committer::ticket,
        part -> {
          Optional<OutputShard> shard = committer.accept(part);
          progress.add(part.receipt().ticket().range().length());
          shard.ifPresent(whole -> listener.shardFinished(whole.file(), whole.size()));
        });
  }

  /** How much of the output is made. */
  private final class Progress {
    private final long of;
    private long bytes;

    private Progress(long of) {
      this.of = of;
    }

    private void add(long more) {
      bytes += more;
      listener.progressed(bytes, of);
    }
  }

  private MergeOutcome outcome(
      Planned planned, Output output, boolean alreadyThere, MergeTotals totals, MergeFacts facts) {
    MergePlan plan = planned.plan();
    return new MergeOutcome(
        output.folder().path(),
        alreadyThere,
        planned.recipe().method().name(),
        planned.models().size(),
        plan.tensors(),
        plan.shards().size(),
        plan.bytesWritten(),
        (System.nanoTime() - start) / 1e9,
        totals,
        LostChanges.of(plan, facts),
        BrokenNumbers.of(plan, facts));
  }
}
