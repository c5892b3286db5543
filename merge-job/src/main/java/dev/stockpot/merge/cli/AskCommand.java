package dev.stockpot.merge.cli;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.run.Asked;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Stockpot;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names the candidates of a soup or search that wait for a score. */
@Command(
    name = "ask",
    description =
        "Makes the candidates of a soup or search that are to be scored elsewhere next, and names"
            + " them.",
    footer = {
      "",
      "Example: stockpot ask soup.yml s3a://models/soup --most 4 --json",
      "The recipe says `evaluate: {on: nowhere, direction: max}`. Scores are told by `stockpot"
          + " tell`."
    },
    mixinStandardHelpOptions = true)
final class AskCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RECIPE", description = "Recipe with `soup` or `search`.")
  private String recipe;

  @Parameters(paramLabel = "OUT", description = "Folder of the checkpoint that will be merged.")
  private String output;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "How many at once; as the recipe's `parallel` if left out, or a generation.")
  private Integer most;

  @Option(names = "--json", description = "Print a line of JSON for each.")
  private boolean json;

  @Mixin private OverwriteOptions overwrite;
  @Mixin private SettingsOptions options;
  @Mixin private DTypeOption type;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (most != null && most < 1) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(), "--most is %s, must be at least 1".formatted(most));
    }
    OptionalInt count = most == null ? OptionalInt.empty() : OptionalInt.of(most);
    Console console = new Console(spec.commandLine(), json);
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(console, "Making")) {
      List<Asked> asked =
          stockpot.ask(
              MergeRecipe.at(recipe),
              output,
              count,
              type.in(options.options()).replacing(overwrite.word()),
              talk);
      talk.endBar();
      asked.forEach(this::print);
      console.say(
          asked.isEmpty()
              ? "All is scored. This merges the best: stockpot merge %s %s --resume"
                  .formatted(recipe, output)
              : "Score %s, then: stockpot tell %s %s CANDIDATE=SCORE…"
                  .formatted(asked.size() == 1 ? "it" : "them", recipe, output));
    }
    return 0;
  }

  private void print(Asked asked) {
    spec.commandLine()
        .getOut()
        .println(
            json
                ? JsonWriter.text(JsonStyle.COMPACT, json(asked))
                : "%s  %s  (%s)".formatted(asked.candidate(), asked.model(), asked.what()));
  }

  private static JsonObject json(Asked asked) {
    JsonObject json =
        JsonObject.EMPTY
            .with("candidate", asked.candidate())
            .with("model", asked.model())
            .with("what", asked.what())
            .with("recipe", asked.recipe());
    return asked.budget() == 0 ? json : json.with("budget", asked.budget());
  }
}
