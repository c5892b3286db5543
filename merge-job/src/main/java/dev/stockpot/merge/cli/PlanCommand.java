package dev.stockpot.merge.cli;

import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a merge would do. */
@Command(
    name = "plan",
    description = "Checks a recipe and prints what would be read, made and written; runs nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  private static final int[] EXECUTORS = {1, 4, 16};

  @Parameters(
      paramLabel = "RECIPE",
      description = "Recipe in YAML (mergekit's) or HOCON (.conf): a file, or s3a://…")
  private String recipe;

  @Mixin private SettingsOptions options;
  @Mixin private DTypeOption type;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ObjectSource store = Stores.all();
    Settings settings = options.load(store);
    Planned planned =
        Planned.of(Planned.parse(store, new Location(recipe)), store, settings, type.dtype());
    PrintWriter out = spec.commandLine().getOut();
    print(planned, settings, out);
    planned.plan().notices().forEach(notice -> out.println("Note: " + notice));
    return 0;
  }

  private static void print(Planned planned, Settings settings, PrintWriter out) {
    MergePlan plan = planned.plan();
    long[] read = new long[plan.shards().size()];
    int[] parts = new int[plan.shards().size()];
    for (PartTask part : plan.parts()) {
      read[part.shard()] += part.bytesRead();
      parts[part.shard()]++;
    }
    out.println("Method   " + planned.recipe().method().name());
    planned
        .models()
        .values()
        .forEach(
            model ->
                out.println(
                    "Model    %s: %s in %s"
                        .formatted(
                            model.folder(),
                            Sizes.count(model.tensors().size(), "tensor"),
                            Sizes.count(model.shards().size(), "file"))));
    out.println();
    out.println("%-36s %8s %6s %10s %10s".formatted("File", "tensors", "parts", "read", "write"));
    for (int i = 0; i < plan.shards().size(); i++) {
      OutputShard shard = plan.shards().get(i);
      out.println(
          "%-36s %8s %6s %10s %10s"
              .formatted(
                  shard.file(),
                  shard.tensors().size(),
                  parts[i],
                  Sizes.bytes(read[i]),
                  Sizes.bytes(shard.size())));
    }
    long scanned =
        plan.scans().stream()
            .flatMap(tensor -> tensor.work().inputs().stream())
            .mapToLong(input -> input.bytes().length())
            .sum();
    out.println(
        "%-36s %8s %6s %10s %10s"
            .formatted(
                "Total",
                plan.tensors(),
                plan.parts().size(),
                Sizes.bytes(plan.bytesRead()),
                Sizes.bytes(plan.bytesWritten())));
    out.println();
    if (!plan.scans().isEmpty()) {
      out.println(
          "Too large for the memory of a task: %s, %s of inputs, scanned once or more before the merge."
              .formatted(Sizes.count(plan.scans().size(), "tensor"), Sizes.bytes(scanned)));
    }
    printMemory(plan, settings, out);
    printTime(TimeEstimate.of(plan, planned.recipe().method().card().cost()), out);
  }

  private static void printMemory(MergePlan plan, Settings settings, PrintWriter out) {
    long part = plan.parts().stream().mapToLong(PartTask::memory).max().orElse(0);
    long task = settings.taskMemory() + part;
    out.println(
        "Memory: at most %s of buffers in each task, and %s for its part where parts are uploaded; %s for %s at once, as when embedded."
            .formatted(
                Sizes.bytes(settings.taskMemory()),
                Sizes.bytes(part),
                Sizes.bytes(settings.tasks() * task),
                Sizes.count(settings.tasks(), "task")));
  }

  private static void printTime(TimeEstimate estimate, PrintWriter out) {
    out.println(
        "Time, estimated for executors with %s cores and 10 Gbit/s each, reading %s and writing %s:"
            .formatted(
                TimeEstimate.CORES,
                Sizes.bytes(estimate.bytesRead()),
                Sizes.bytes(estimate.bytesWritten())));
    for (int executors : EXECUTORS) {
      String limit =
          estimate.limit(executors) == TimeEstimate.Limit.NETWORK ? "network" : "computing";
      out.println(
          "%13s %8s, limited by %s"
              .formatted(
                  Sizes.count(executors, "executor"),
                  Sizes.seconds(estimate.seconds(executors)),
                  limit));
    }
  }
}
