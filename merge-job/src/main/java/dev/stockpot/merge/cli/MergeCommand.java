package dev.stockpot.merge.cli;

import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
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
  @Parameters(
      paramLabel = "RECIPE",
      description = "Recipe in YAML (mergekit's) or HOCON (.conf): a file, or s3a://…")
  private String recipe;

  @Parameters(paramLabel = "OUT", description = "Folder of the merged checkpoint.")
  private String output;

  @Mixin private OverwriteOptions overwrite;

  @Option(
      names = "--resume",
      description =
          "Go on where an earlier merge into OUT stopped, if one did; if this one fails, keep what is finished.")
  private boolean resume;

  @Option(names = "--quiet", description = "Print nothing unless the merge fails.")
  private boolean quiet;

  @Mixin private SettingsOptions options;
  @Mixin private DTypeOption type;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ObjectStore store = Stores.all();
    Settings settings = options.load(store);
    Recipe parsed = Planned.parse(store, new Location(recipe));
    Console console = new Console(spec.commandLine(), quiet);
    new MergeRun(store, settings, console)
        .run(
            parsed,
            type.dtype(),
            options.files(),
            new MergeRun.Output(new Location(output), overwrite, resume));
    return 0;
  }
}
