package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Stockpot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes models and merges them: a first success in one command. */
@Command(
    name = "quickstart",
    description = "Makes a small base model and three fine-tunes of it, and merges them.",
    mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
  private static final List<String> MODELS = List.of("base", "math", "code", "chat");

  @Option(
      names = "--folder",
      defaultValue = "quickstart",
      description = "Where to work (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Console console = new Console(spec.commandLine(), false);
    Path recipe = folder.resolve("ties.yml");
    Path merged = folder.resolve("merged");
    refuseForeignFolder(recipe);
    QuickstartFolder files = new QuickstartFolder(folder);
    for (int task = 0; task < MODELS.size(); task++) {
      Path model = folder.resolve(MODELS.get(task));
      QuickstartModels.files(task)
          .forEach((name, content) -> files.add(model.resolve(name), content));
    }
    files.add(recipe, recipe().getBytes(UTF_8));
    files.write();
    console.say("Made a base model and three fine-tunes of it in %s.".formatted(folder));
    console.say("");
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(console)) {
      stockpot.discard(merged.toString()); // of a quickstart that was killed
      talk.end(
          stockpot.merge(
              MergeRecipe.at(recipe.toString()),
              merged.toString(),
              MergeOptions.DEFAULT.overwriting(),
              talk));
    }
    console.say("");
    console.say("The recipe      %s".formatted(recipe));
    console.say("The result      %s".formatted(merged));
    console.say("Look at it      ./stockpot inspect %s".formatted(merged));
    console.say("Check it        ./stockpot verify %s".formatted(merged));
    console.say("Merge again     ./stockpot merge %s %s --overwrite".formatted(recipe, merged));
    console.say("Other methods   ./stockpot methods");
    return 0;
  }

  /** A folder with something in it must be that of an earlier quickstart. */
  private void refuseForeignFolder(Path recipe) throws IOException {
    if (Files.isRegularFile(folder)) {
      throw new UserException("%s is a file; choose a folder with --folder".formatted(folder));
    }
    if (!Files.isDirectory(folder) || Files.exists(recipe)) {
      return;
    }
    try (var entries = Files.list(folder)) {
      if (entries.findAny().isPresent()) {
        throw new UserException(
            "%s holds something else; choose another folder with --folder".formatted(folder));
      }
    }
  }

  private String recipe() {
    String path = folder.toString();
    return """
    # TIES: of each fine-tune's changes to the base keep the largest, let the signs vote, average.
    merge_method: ties
    base_model: %1$s/base
    models:
      - model: %1$s/math
        parameters: {weight: 1.0, density: 0.5}
      - model: %1$s/code
        parameters: {weight: 1.0, density: 0.5}
      - model: %1$s/chat
        parameters: {weight: 0.5, density: 0.3}
    dtype: bfloat16
    """
        .formatted(path);
  }
}
