package dev.stockpot.merge.cli;

import dev.stockpot.merge.advice.Kinship;
import dev.stockpot.merge.run.Comparison;
import dev.stockpot.merge.run.MergeListener;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.PlannedMerge;
import dev.stockpot.merge.run.PlannedTrials;
import dev.stockpot.merge.run.Stockpot;
import dev.stockpot.merge.run.TimeEstimate;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a merge would do. */
@Command(
    name = "plan",
    description = "Checks a recipe and prints what would be read, made and written; makes nothing.",
    footer = {"", "Example: stockpot plan ties.yml --kinship"},
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  private static final int[] EXECUTORS = {1, 4, 16};
  private static final String ROW = "%-36s %8s %6s %10s %10s";

  @Parameters(paramLabel = "RECIPE", description = RecipeWord.DESCRIPTION)
  private String recipe;

  @Option(
      names = "--kinship",
      description =
          "Say how the models are related, too: of one run, one base, or trained apart, and what"
              + " to do. Reads a sample of each.")
  private boolean kinship;

  @Mixin private JsonOption json;
  @Mixin private SettingsOptions options;
  @Mixin private DTypeOption type;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (Stockpot stockpot = Stockpot.embedded()) {
      MergeRecipe wanted = RecipeWord.recipe(recipe);
      PlannedMerge plan = stockpot.plan(wanted, type.in(options.options()));
      Optional<Kinship> related =
          kinship ? Optional.of(kinship(stockpot, wanted)) : Optional.empty();
      PrintWriter out = spec.commandLine().getOut();
      if (json.isGiven()) {
        out.println(RecordJson.line(Results.Plan.of(plan, related.map(Related::of))));
        return 0;
      }
      print(plan, out);
      plan.notices().forEach(notice -> out.println("Note: " + notice));
      related.ifPresent(
          found -> {
            out.println();
            KinshipTable.lines(found).forEach(out::println);
            found.notices().forEach(notice -> out.println("Note: " + notice));
          });
    }
    return 0;
  }

  private Kinship kinship(Stockpot stockpot, MergeRecipe wanted) {
    return new Comparison(stockpot, options.options(), MergeListener.SILENT).kinship(wanted);
  }

  private static void print(String what, PlannedMerge.Model read, PrintWriter out) {
    out.println(
        "%s %s: %s in %s%s"
            .formatted(
                what,
                read.folder(),
                Sizes.count(read.tensors(), "tensor"),
                Sizes.count(read.files(), "file"),
                read.origin().map(from -> origin(read, from)).orElse("")));
  }

  private static String origin(PlannedMerge.Model read, String from) {
    return ", %s, from %s".formatted(Sizes.bytes(read.bytes()), from);
  }

  private static void print(PlannedMerge.Stage stage, PrintWriter out) {
    out.println(
        "Stage    %s, by %s: %s, %s, %s"
            .formatted(
                stage.name(),
                stage.method(),
                Sizes.count(stage.tensors(), "tensor"),
                Sizes.bytes(stage.bytes()),
                stage.written().isPresent() ? "written first" : "made on the way"));
  }

  private static void print(PlannedMerge plan, PrintWriter out) {
    plan.stages().forEach(stage -> print(stage, out));
    if (plan.composition().isEmpty()) {
      out.println("Method   " + plan.method());
    } else {
      out.println("Compose  " + Sizes.count(plan.tensors(), "tensor"));
    }
    plan.models().forEach(model -> print("Model   ", model, out));
    plan.statistics().forEach(statistics -> print("Beside  ", statistics, out));
    out.println();
    if (!plan.composition().isEmpty()) {
      ComposedTable.print(plan.composition(), out);
      out.println();
    }
    out.println(ROW.formatted("File", "tensors", "parts", "read", "write"));
    List<PlannedMerge.File> files = new ArrayList<>(plan.files());
    files.addAll(plan.sides());
    for (PlannedMerge.File file : files) {
      out.println(
          ROW.formatted(
              file.name(),
              file.tensors(),
              file.parts(),
              Sizes.bytes(file.bytesRead()),
              Sizes.bytes(file.bytes())));
    }
    out.println(
        ROW.formatted(
            "Total",
            plan.tensors(),
            plan.parts(),
            Sizes.bytes(plan.bytesRead()),
            Sizes.bytes(plan.bytesWritten())));
    out.println();
    if (plan.tensorsScanned() > 0) {
      out.println(
          "Too large for the memory of a task: %s, %s of inputs, scanned once or more before the merge."
              .formatted(
                  Sizes.count(plan.tensorsScanned(), "tensor"), Sizes.bytes(plan.bytesScanned())));
    }
    printMemory(plan, out);
    printTime(plan.time(), out);
    plan.trials().ifPresent(trials -> print(trials, out));
  }

  private static void print(PlannedTrials trials, PrintWriter out) {
    String hours = "";
    if (!Double.isInfinite(trials.hours())) {
      hours = ", in " + Sizes.count(Math.round(trials.hours() * 3600), "second") + " at most";
    }
    out.println();
    out.println(
        "This is the plan of one candidate. Trials: up to %s, %s at a time%s."
            .formatted(Sizes.count(trials.evaluations(), "evaluation"), trials.parallel(), hours));
    out.println(
        "Up to %s in one reading of %s: about %s, %s; candidates take up to %s of scratch beside the output."
            .formatted(
                Sizes.count(trials.together(), "candidate"),
                Sizes.bytes(trials.bytesRead()),
                Sizes.count(trials.readings(), "reading"),
                Sizes.bytes(trials.allBytesRead()),
                Sizes.bytes(trials.scratch())));
  }

  private static void printMemory(PlannedMerge plan, PrintWriter out) {
    long task = plan.taskMemory() + plan.partMemory();
    out.println(
        "Memory: at most %s of buffers in each task, and %s for its part where parts are uploaded; %s for %s at once, as when embedded."
            .formatted(
                Sizes.bytes(plan.taskMemory()),
                Sizes.bytes(plan.partMemory()),
                Sizes.bytes(plan.tasks() * task),
                Sizes.count(plan.tasks(), "task")));
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
