package dev.stockpot.merge.cli;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.MergeCommitter;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.commit.OutputFiles;
import dev.stockpot.merge.part.PartSettings;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.spark.MergeTotals;
import dev.stockpot.merge.spark.SparkMergeEngine;
import dev.stockpot.merge.spark.TaskEnvironment;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  void run(Recipe recipe, Optional<DType> dtype, Location output, boolean overwrite)
      throws IOException {
    long start = System.nanoTime();
    // Spark takes longer to start than headers take to read
    CompletableFuture<SparkMergeEngine> starting = CompletableFuture.supplyAsync(this::start);
    try {
      Planned planned = Planned.of(recipe, store, settings, dtype);
      planned.plan().notices().forEach(console::notice);
      try (MergeCommitter committer =
          MergeCommitter.begin(store, output, overwrite, planned.plan())) {
        SparkMergeEngine engine = join(starting);
        make(engine, planned.plan(), committer);
        MergeFacts facts =
            new MergeFacts(
                recipe.text(),
                recipe.method().name(),
                settings.seed(),
                Planned.rounding(settings),
                committer.updates(),
                Map.of("stockpot", Versions.stockpot()));
        Map<String, ByteBuffer> files = new LinkedHashMap<>();
        if (settings.report()) {
          files.putAll(ReportOfMerge.files(planned, committer));
        }
        files.putAll(
            OutputFiles.of(
                store,
                facts,
                planned.donor(),
                List.copyOf(planned.models().values()),
                planned.plan(),
                committer.checksums()));
        committer.publish(files);
        double seconds = (System.nanoTime() - start) / 1e9;
        report(planned, output, engine.totals(), seconds);
        LostUpdatesReport.of(planned.plan(), facts).ifPresent(console::say);
      }
    } finally {
      join(starting).close(); // also if the plan failed: one JVM can hold one Spark only
    }
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
        settings.tasks(), new TaskEnvironment(store, settings.kernels(), parts));
  }

  private static SparkMergeEngine join(CompletableFuture<SparkMergeEngine> starting) {
    try {
      return starting.join();
    } catch (CompletionException e) {
      throw new UserException("Spark did not start: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private void make(SparkMergeEngine engine, MergePlan plan, MergeCommitter committer)
      throws IOException {
    MergePlan known = engine.scan(plan);
    try (Console.Progress progress = console.progress("Merging", plan.bytesWritten())) {
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
