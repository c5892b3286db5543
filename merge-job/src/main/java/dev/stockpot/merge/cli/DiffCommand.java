package dev.stockpot.merge.cli;

import dev.stockpot.merge.advice.Kinship;
import dev.stockpot.merge.report.LayerChange;
import dev.stockpot.merge.run.Comparison;
import dev.stockpot.merge.run.Difference;
import dev.stockpot.merge.run.MergeListener;
import dev.stockpot.merge.run.Stockpot;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two checkpoints. */
@Command(
    name = "diff",
    description =
        "Compares two checkpoints tensor by tensor, all elements, and says how they are related;"
            + " merges nothing.",
    footer = {
      "",
      "Example: stockpot diff models/math models/code --base models/base --sample",
    },
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

  @Option(
      names = "--base",
      paramLabel = "ORIGIN",
      description =
          "Checkpoint that both began at: their task vectors are compared, too. Not for the table"
              + " of layers.")
  private String origin;

  @Option(
      names = "--sample",
      description =
          "Only say how they are related, by some elements of each tensor: seconds for any size.")
  private boolean sample;

  @Option(
      names = "--exact",
      description = "Say how they are related by all elements, not by some of each tensor.")
  private boolean exact;

  @Mixin private JsonOption json;
  @Mixin private OverwriteOptions overwrite;
  @Mixin private SettingsOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    checkWords();
    Console console = new Console(spec.commandLine(), /* quiet= */ false);
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(console)) {
      Optional<Difference> difference =
          sample ? Optional.empty() : Optional.of(difference(stockpot, talk));
      Kinship kinship =
          new Comparison(stockpot, options.options(), sample ? talk : MergeListener.SILENT)
              .kinship(List.of(base, model), Optional.ofNullable(origin), !exact);
      talk.endBar();
      Optional<String> page = difference.flatMap(Difference::publish);
      if (sample) {
        kinship.notices().forEach(console::notice);
      }
      print(difference, page, kinship, spec.commandLine().getOut());
    }
    return 0;
  }

  private Difference difference(Stockpot stockpot, MergeTalk talk) {
    return stockpot.diff(
        base,
        model,
        Optional.ofNullable(output),
        options.options().replacing(overwrite.word()),
        talk);
  }

  private void print(
      Optional<Difference> difference, Optional<String> page, Kinship kinship, PrintWriter out) {
    Related related = Related.of(kinship);
    if (json.isGiven()) {
      out.println(
          RecordJson.line(
              difference
                  .map(found -> Results.Compared.of(found, page, related))
                  .orElseGet(() -> Results.Compared.ofSample(related))));
      return;
    }
    difference.ifPresent(found -> print(found, out));
    if (difference.isPresent()) {
      out.println();
    }
    KinshipTable.lines(kinship).forEach(out::println);
    page.ifPresent(
        place -> {
          out.println();
          out.println("Report   %s".formatted(place));
        });
  }

  private void checkWords() {
    if (sample && (exact || output != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--sample looks at some elements and writes no report: leave out %s"
              .formatted(exact ? "--exact" : "--output " + output));
    }
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
    return share.isPresent()
        ? String.format(Locale.ROOT, "%.3f %%", 100 * share.getAsDouble())
        : "base is 0";
  }
}
