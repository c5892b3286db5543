package dev.stockpot.merge.cli;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.commit.MergeCommitter;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.commit.MergeIdentity;
import dev.stockpot.merge.commit.OutputFiles;
import dev.stockpot.merge.commit.PublishedMerge;
import dev.stockpot.merge.part.KernelChoice;
import dev.stockpot.merge.part.PartSettings;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.spark.MergeTotals;
import dev.stockpot.merge.spark.SparkMergeEngine;
import dev.stockpot.merge.spark.TaskEnvironment;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One merge, from a recipe to a checkpoint: open, plan, run, commit. */
final class MergeRun {
  private final ObjectStore store;
  private final Settings settings;
  private final Console console;

  MergeRun(ObjectStore store, Settings settings, Console console) {
    this.store = store;
    this.settings = settings;
    this.console = console;
  }

  void run(Recipe written, Optional<DType> dtype, Set<Location> settingsFiles, Output output)
      throws IOException {
    long start = System.nanoTime();
    Recipe recipe = Planned.expand(written, store, settings, Optional.of(output.folder()));
    InputsOfMerge.guard(output.folder(), recipe, settings, settingsFiles);
    if (!SparkMergeEngine.isSubmitted()) {
      requireKernels(); // tasks will run in this JVM
    }
    // Spark takes longer to start than headers take to read
    CompletableFuture<SparkMergeEngine> starting = CompletableFuture.supplyAsync(this::start);
    try {
      Planned planned = Planned.open(recipe, store, settings, dtype);
      planned.plan().notices().forEach(console::notice);
      MergeFacts facts =
          new MergeFacts(
              recipe.text(),
              recipe.method().name(),
              settings.seed(),
              settings.rounding(),
              Map.of(),
              Map.of("stockpot", Versions.stockpot()));
      MergeIdentity identity =
          MergeIdentity.of(
              facts, bytesHangOn(dtype), List.copyOf(planned.models().values()), planned.plan());
      if (output.resume() && isDone(planned, facts, output)) {
        console.say("%s is this merge already: nothing to do.".formatted(output.folder()));
        return;
      }
      try (MergeCommitter committer = output.claim(store, console, identity, planned.plan())) {
        sayWhatIsThere(committer, planned.plan());
        SparkMergeEngine engine = join(starting);
        MergeFacts known = makeAndPublish(engine, planned, facts, committer, output.folder());
        double seconds = (System.nanoTime() - start) / 1e9;
        report(planned, output.folder(), engine.totals(), seconds);
        LostUpdatesReport.of(planned.plan(), known).ifPresent(console::say);
      }
    } finally {
      join(starting).close(); // also if the plan failed: one JVM can hold one Spark only
    }
  }

  private void requireKernels() {
    try {
      KernelChoice.of(settings.provider().word(), gpu(), GpuTask.NONE);
    } catch (IllegalArgumentException e) {
      throw new UserException(
          "Settings: provider is %s, but %s. provider=auto takes what there is"
              .formatted(settings.provider().word(), e.getMessage()),
          e);
    }
  }

  private GpuSettings gpu() {
    return gpu(settings);
  }

  private static GpuSettings gpu(Settings settings) {
    return new GpuSettings(settings.gpu().tasks(), settings.gpu().pinnedMemory());
  }

  /** Whether an earlier merge published the same; if it died just then, what it left goes. */
  private boolean isDone(Planned planned, MergeFacts facts, Output output) throws IOException {
    List<Checkpoint> models = List.copyOf(planned.models().values());
    boolean isDone =
        !output.overwrite().isAsked()
            && PublishedMerge.isIn(store, output.folder(), facts, models, planned.plan());
    if (isDone) {
      MergeCommitter.discard(store, output.folder());
    }
    return isDone;
  }

  private MergeFacts makeAndPublish(
      SparkMergeEngine engine,
      Planned planned,
      MergeFacts facts,
      MergeCommitter committer,
      Location output)
      throws IOException {
    try {
      make(engine, planned.plan(), committer);
      MergeFacts known = facts.knowing(committer.updates());
      committer.publish(
          OutputFiles.of(
              store,
              known,
              planned.donor(),
              List.copyOf(planned.models().values()),
              planned.plan(),
              committer.checksums(),
              settings.report() ? ReportOfMerge.files(planned, committer) : Map.of()));
      return known;
    } catch (IOException | RuntimeException e) {
      throw stopped(committer, output, e);
    }
  }

  /**
   * Where a merge goes.
   *
   * @param overwrite what may be replaced of what the folder holds
   * @param resume whether to go on where an earlier merge stopped, and to keep what is finished
   */
  record Output(Location folder, OverwriteOptions overwrite, boolean resume) {
    MergeCommitter claim(ObjectStore store, Console console, MergeIdentity identity, MergePlan plan)
        throws IOException {
      Replaceable replaceable = overwrite.replaceable(store, folder, console);
      return resume
          ? MergeCommitter.resume(store, folder, replaceable, identity, plan)
          : MergeCommitter.begin(store, folder, replaceable, identity, plan);
    }
  }

  /** Settings that change the output's bytes: an earlier merge must have had the same. */
  private Map<String, String> bytesHangOn(Optional<DType> dtype) {
    Map<String, String> hangOn = new LinkedHashMap<>(settings.bytesHangOn());
    hangOn.put("--dtype", dtype.map(DType::name).orElse("none"));
    return hangOn;
  }

  private void sayWhatIsThere(MergeCommitter committer, MergePlan plan) {
    committer
        .predecessor()
        .ifPresent(
            holder -> console.notice("Taking over from another merge (%s)".formatted(holder)));
    if (committer.shardsFound() > 0) {
      console.say(
          "%s of %s files (%s) are there from the merge before."
              .formatted(
                  committer.shardsFound(),
                  plan.shards().size(),
                  Sizes.bytes(committer.bytesFound())));
    }
  }

  /** The failure, with what is left of the merge and how to go on. */
  private static RuntimeException stopped(
      MergeCommitter committer, Location output, Exception failure) throws IOException {
    Optional<String> left = Optional.empty();
    try {
      left = committer.stop(output);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    if (left.isPresent() && (failure instanceof IOException || failure instanceof UserException)) {
      String reason =
          failure instanceof IOException file ? FileProblem.explain(file) : failure.getMessage();
      return new UserException("%s\n%s".formatted(reason, left.get()), failure);
    }
    if (failure instanceof IOException e) {
      throw e;
    }
    return (RuntimeException) failure;
  }

  private SparkMergeEngine start() {
    return start(store, settings);
  }

  /** Spark, ready for the tasks of a merge or of a comparison. */
  static SparkMergeEngine start(ObjectStore store, Settings settings) {
    PartSettings parts =
        new PartSettings(
            settings.chunkElements(),
            settings.taskMemory(),
            settings.checkFinite(),
            settings.report());
    return SparkMergeEngine.start(
        settings.tasks(),
        settings.gpu().isRequested(),
        new TaskEnvironment(store, settings.provider().word(), gpu(settings), parts));
  }

  private static SparkMergeEngine join(CompletableFuture<SparkMergeEngine> starting) {
    try {
      return starting.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UserException reason) {
        throw reason;
      }
      throw new UserException("Spark did not start: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private void make(SparkMergeEngine engine, MergePlan plan, MergeCommitter committer)
      throws IOException {
    if (committer.remaining().parts().isEmpty()) {
      return;
    }
    MergePlan known = engine.scan(committer.remaining());
    try (Console.Progress progress = console.progress("Merging", plan.bytesWritten())) {
      progress.add(committer.bytesFound());
      engine.make(
          known,
          committer::ticket,
          part -> {
            committer.accept(part);
            progress.add(part.receipt().ticket().range().length());
          });
    }
  }

  private void report(Planned planned, Location output, MergeTotals totals, double seconds) {
    MergePlan plan = planned.plan();
    console.say(
        "Merged %s by %s into %s: %s, %s in %s."
            .formatted(
                Sizes.count(planned.models().size(), "model"),
                planned.recipe().method().name(),
                output,
                Sizes.count(plan.tensors(), "tensor"),
                Sizes.bytes(plan.bytesWritten()),
                Sizes.count(plan.shards().size(), "file")));
    MergeReport.lines(totals, plan.bytesWritten(), seconds).forEach(console::say);
  }
}
