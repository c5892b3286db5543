package dev.stockpot.merge.cli;

import dev.stockpot.merge.Shown;
import dev.stockpot.merge.run.Inspection;
import dev.stockpot.merge.run.Stockpot;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists a checkpoint. */
@Command(
    name = "inspect",
    description = "Lists a checkpoint's tensors, types, shapes and sizes; reports what is wrong.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  /** Letters of a name; the longest of published models have about 150. */
  private static final int MOST = 300;

  @Parameters(paramLabel = "CHECKPOINT", description = "Folder of a checkpoint.")
  private String folder;

  @Option(
      names = "--permutations",
      description =
          "Shows which units of a model may change places without changing what it computes, as a"
              + " spec that `align` in a recipe takes.")
  private boolean permutations;

  @Option(
      names = "--spec",
      paramLabel = "FILE",
      description = "With --permutations: a spec of your own, to see what it means for the model.")
  private String given;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (given != null && !permutations) {
      throw new ParameterException(spec.commandLine(), "--spec is of use with --permutations only");
    }
    if (permutations && json.isGiven()) {
      throw new ParameterException(
          spec.commandLine(), "--permutations prints YAML, a spec: leave --json out");
    }
    try (Stockpot stockpot = Stockpot.embedded()) {
      if (permutations) {
        Optional<String> own = Optional.ofNullable(given);
        spec.commandLine().getOut().println(stockpot.permutations(folder, own).stripTrailing());
        return 0;
      }
      Inspection checkpoint = stockpot.inspect(folder);
      if (json.isGiven()) {
        spec.commandLine().getOut().println(RecordJson.line(checkpoint));
      } else {
        print(checkpoint, spec.commandLine().getOut());
      }
    }
    return 0;
  }

  private static void print(Inspection checkpoint, PrintWriter out) {
    int widest =
        checkpoint.tensors().stream().mapToInt(it -> shown(it.name()).length()).max().orElse(0);
    String row = "%-" + Math.max(6, widest) + "s  %-8s %-20s %10s  %s";
    out.println(row.formatted("Tensor", "type", "shape", "size", "file"));
    Map<String, long[]> totals = new LinkedHashMap<>();
    for (Inspection.Tensor tensor : checkpoint.tensors()) {
      out.println(
          row.formatted(
              shown(tensor.name()),
              tensor.dtype(),
              tensor.shape(),
              Sizes.bytes(tensor.bytes()),
              shown(tensor.file())));
      long[] total = totals.computeIfAbsent(tensor.dtype(), any -> new long[2]);
      total[0] += tensor.elements();
      total[1] += tensor.bytes();
    }
    out.println();
    totals.forEach(
        (dtype, total) ->
            out.println(
                String.format(
                    Locale.ROOT, "%s: %,d elements, %s", dtype, total[0], Sizes.bytes(total[1]))));
    checkpoint
        .statistics()
        .ifPresent(
            what ->
                out.println(
                    "Statistics of a model: %s; `stockpot statistics show` says more"
                        .formatted(what)));
    out.println(
        "%s in %s; no problems found in their headers"
            .formatted(
                Sizes.count(checkpoint.tensors().size(), "tensor"),
                Sizes.count(checkpoint.files(), "file")));
  }

  private static String shown(String name) {
    return Shown.of(name, MOST);
  }
}
