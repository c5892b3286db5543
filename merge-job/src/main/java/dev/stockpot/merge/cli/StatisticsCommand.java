package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.ShownStatistics;
import dev.stockpot.merge.run.StatisticsAdded;
import dev.stockpot.merge.run.Stockpot;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be done with statistics of models. */
@Command(
    name = "statistics",
    description = "Adds up statistics of a model over parts of the data, or shows them.",
    footer = {
      "",
      "Example: stockpot statistics add stats/part-1.safetensors stats/part-2.safetensors stats/all",
      "stockpot-tools makes them, beside PyTorch."
    },
    subcommands = {StatisticsCommand.Add.class, StatisticsCommand.Show.class},
    mixinStandardHelpOptions = true)
final class StatisticsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: add or show");
  }

  /** Adds up. */
  @Command(
      name = "add",
      description =
          "Adds up statistics of one kind and one model over two sets of examples; means are weighed by their counts.",
      footer = {
        "",
        "Example: stockpot statistics add stats/part-1.safetensors stats/part-2.safetensors stats/all"
      },
      mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {
    @Parameters(paramLabel = "A", description = "File or folder of statistics.")
    private String first;

    @Parameters(paramLabel = "B", description = "Those over other examples.")
    private String second;

    @Parameters(paramLabel = "OUT", description = "Folder to write, in which one file will lie.")
    private String output;

    @Mixin private SettingsOptions options;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      MergeOptions said = options.options();
      Console console = new Console(spec.commandLine(), /* quiet= */ false);
      try (Stockpot stockpot = Stockpot.embedded()) {
        StatisticsAdded added = stockpot.addStatistics(first, second, output, said);
        added.remarks().forEach(console::notice);
        console.say(
            "Added up %s into %s: %s%s."
                .formatted(
                    Sizes.count(added.tensors(), "tensor"),
                    added.file(),
                    Sizes.bytes(added.bytes()),
                    added.examples().map(", of %s examples"::formatted).orElse("")));
      }
      return 0;
    }
  }

  /** Shows. */
  @Command(
      name = "show",
      description = "Says what statistics are of, lists them, and reports what is wrong.",
      footer = {"", "Example: stockpot statistics show stats/math-gram.safetensors"},
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Parameters(paramLabel = "STATISTICS", description = "File or folder of statistics.")
    private String place;

    @Mixin private SettingsOptions options;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      try (Stockpot stockpot = Stockpot.embedded()) {
        ShownStatistics shown = stockpot.showStatistics(place, options.options());
        print(shown, spec.commandLine().getOut());
        return shown.faults().isEmpty() ? 0 : 1;
      }
    }

    private static void print(ShownStatistics shown, PrintWriter out) {
      shown.notes().forEach((key, value) -> out.println("%-16s %s".formatted(key, value)));
      out.println();
      int widest = shown.statistics().stream().mapToInt(it -> it.name().length()).max().orElse(0);
      String row = "%-" + Math.max(9, widest) + "s  %-5s %-20s %14s";
      out.println(row.formatted("Statistic", "type", "shape", "samples"));
      for (ShownStatistics.Statistic one : shown.statistics()) {
        String count =
            one.count().isPresent()
                ? String.format(Locale.ROOT, "%,.0f", one.count().getAsDouble())
                : "";
        out.println(row.formatted(one.name(), one.dtype(), one.shape(), count).stripTrailing());
      }
      out.println();
      shown.faults().forEach(fault -> out.println("Wrong: " + fault));
      out.println(
          "%s; %s"
              .formatted(
                  Sizes.count(shown.statistics().size(), "statistic"),
                  shown.faults().isEmpty()
                      ? "nothing wrong with the numbers that were read"
                      : "a merge would refuse them"));
    }
  }
}
