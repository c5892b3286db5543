package dev.stockpot.merge.cli;

import dev.stockpot.merge.report.LayerChange;
import dev.stockpot.merge.run.Difference;
import dev.stockpot.merge.run.Stockpot;
import java.io.PrintWriter;
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

  @Mixin private JsonOption json;
  @Mixin private OverwriteOptions overwrite;
  @Mixin private SettingsOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Console console = new Console(spec.commandLine(), /* quiet= */ false);
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(console)) {
      Difference difference =
          stockpot.diff(
              base,
              model,
              Optional.ofNullable(output),
              options.options().replacing(overwrite.word()),
              talk);
      talk.endBar();
      if (json.isGiven()) {
        Results.Compared compared = Results.Compared.of(difference, difference.publish());
        spec.commandLine().getOut().println(ResultJson.line(compared));
        return 0;
      }
      print(difference, spec.commandLine().getOut());
      difference
          .publish()
          .ifPresent(
              page -> {
                console.say("");
                console.say("Report   %s".formatted(page));
              });
    }
    return 0;
  }

  private static void print(Difference difference, PrintWriter out) {
    out.println(ROW.formatted("Layer", "change", "largest", "in"));
    for (LayerChange change : difference.layers()) {
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
            .formatted(Sizes.count(difference.tensors(), "tensor")));
  }

  private static String share(OptionalDouble share) {
    return share.isPresent() ? "%.3f %%".formatted(100 * share.getAsDouble()) : "base is 0";
  }
}
