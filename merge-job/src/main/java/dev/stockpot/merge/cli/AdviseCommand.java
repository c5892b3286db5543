package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.Comparison;
import dev.stockpot.merge.run.Stockpot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proposes a recipe. */
@Command(
    name = "advise",
    description =
        "Looks at models and prints a recipe for them, with reasons: by headers, configurations and"
            + " a sample of the weights. Merges nothing.",
    footer = {
      "",
      "Example: stockpot advise models/math models/code --base models/base > recipe.yml",
      "The recipe goes to standard output, so that `stockpot merge - merged` can take it.",
    },
    mixinStandardHelpOptions = true)
final class AdviseCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      arity = "1..*",
      description =
          "Models as a recipe names them: folders, URIs, names of a hub, patterns, adapters.")
  private List<String> models;

  @Option(
      names = "--base",
      paramLabel = "ORIGIN",
      description =
          "Model that they began at. Among three models or more it may be found by itself.")
  private String base;

  @Mixin private SettingsOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Console console = new Console(spec.commandLine(), /* quiet= */ false);
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(console)) {
      String text =
          new Comparison(stockpot, options.options(), talk)
              .advice(models, Optional.ofNullable(base))
              .text();
      talk.endBar();
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
