package dev.stockpot.merge.cli;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.commit.OutputFiles;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.plan.DifferencePlan;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.report.LayerChange;
import dev.stockpot.merge.report.Report;
import dev.stockpot.merge.report.ReportFiles;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.spark.SparkMergeEngine;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two checkpoints. */
@Command(
    name = "diff",
    description = "Compares two checkpoints tensor by tensor, all elements; merges nothing.",
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
  private static final String ROW = "%-8s %12s   %12s  %s";

  @Parameters(paramLabel = "BASE", description = "Folder of the checkpoint to compare with.")
  private String base;

  @Parameters(paramLabel = "MODEL", description = "Folder of the checkpoint that is compared.")
  private String model;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "Write the report into FOLDER/report.")
  private String output;

  @Mixin private OverwriteOptions overwrite;
  @Mixin private SettingsOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ObjectStore store = Stores.all();
    Settings settings = options.load(store);
    Console console = new Console(spec.commandLine(), /* quiet= */ false);
    Replaceable replaceable = guarded(store, console);
    Checkpoint from = CheckpointReader.open(store, new Location(base));
    Checkpoint to = CheckpointReader.open(store, new Location(model));
    DifferencePlan plan = DifferencePlan.of(from, to, Planned.cuts(settings));
    plan.notices().forEach(console::notice);
    if (plan.tensors().isEmpty()) {
      throw new UserException(
          "%s and %s have no tensor in common that could be compared".formatted(base, model));
    }
    Report.Heading heading =
        new Report.Heading(
            "Difference report", "difference", Optional.of(base), "", plan.notices());
    Report report =
        Report.ofDifference(heading, model, plan.tensors(), compare(store, settings, plan));
    print(report, spec.commandLine().getOut());
    if (output != null) {
      write(store, report, replaceable);
      console.say("");
      console.say("Report   %s/%s".formatted(output, ReportFiles.PAGE));
    }
    return 0;
  }

  /** What may go of what is where the report is to lie. */
  private Replaceable guarded(ObjectStore store, Console console) throws IOException {
    if (output == null) {
      return Replaceable.NOTHING;
    }
    Location place = new Location(output);
    OutputGuard guard = new OutputGuard(place);
    guard.folder("the checkpoint " + base, new Location(base));
    guard.folder("the checkpoint " + model, new Location(model));
    options.files().forEach(file -> guard.file("a file of settings", file));
    guard.check();
    Replaceable replaceable = overwrite.replaceable(store, place, console);
    replaceable.requireNothingElse(place, store.tree(place, replaceable.enough()));
    return replaceable;
  }

  private static Map<String, Figures> compare(
      ObjectStore store, Settings settings, DifferencePlan plan) throws IOException {
    try (SparkMergeEngine engine = MergeRun.start(store, settings)) {
      MergePlan scanned = engine.scan(plan.scans());
      return DifferencePlan.figures(scanned);
    }
  }

  private void write(ObjectStore store, Report report, Replaceable replaceable) throws IOException {
    Map<String, ByteBuffer> files =
        OutputFiles.ofDifference(
            base, model, Map.of("stockpot", Versions.stockpot()), ReportFiles.of(report));
    try (PendingFolder folder = store.create(new Location(output), replaceable)) {
      for (Map.Entry<String, ByteBuffer> file : files.entrySet()) {
        folder.put(file.getKey(), file.getValue());
      }
      folder.publish();
    }
  }

  private static void print(Report report, PrintWriter out) {
    out.println(ROW.formatted("Layer", "change", "largest", "in"));
    for (LayerChange change : LayerChange.of(report)) {
      out.println(
          ROW.formatted(
              change.layer(),
              share(change.change()),
              share(change.largestChange()),
              change.largest()));
    }
    out.println();
    out.println(
        "Lengths of the changes, in units of the length of what is changed; %s compared"
            .formatted(Sizes.count(report.tensors().size(), "tensor")));
  }

  private static String share(OptionalDouble share) {
    return share.isPresent() ? "%.3f %%".formatted(100 * share.getAsDouble()) : "base is 0";
  }
}
