package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.Stockpot;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Merges. */
@Command(
    name = "merge",
    description = "Merges the models of a recipe into one checkpoint.",
    mixinStandardHelpOptions = true)
final class MergeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RECIPE", description = RecipeWord.DESCRIPTION)
  private String recipe;

  @Parameters(paramLabel = "OUT", description = "Folder of the merged checkpoint.")
  private String output;

  @Mixin private OutputOptions written;

  @Option(
      names = "--keep-stages",
      description =
          "Write each stage of the recipe, too, as a model in OUT-stages/NAME, and merge from"
              + " there.")
  private boolean keepStages;

  @Mixin private SettingsOptions options;
  @Mixin private DTypeOption type;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MergeOptions said = written.in(type.in(options.options()));
    said = keepStages ? said.keepingStages() : said;
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(written.console(spec))) {
      talk.end(stockpot.merge(RecipeWord.recipe(recipe), output, said, talk));
    }
    return 0;
  }
}
