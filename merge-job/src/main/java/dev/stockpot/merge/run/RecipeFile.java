package dev.stockpot.merge.run;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.MethodRefusedException;
import dev.stockpot.kernels.methods.PostSteps;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.settings.HoconTree;
import dev.stockpot.merge.settings.SourceFiles;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.trial.TrialReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Parses recipes, wherever they are: YAML, or HOCON if a name ends in .conf or .hocon. */
final class RecipeFile {
  private static final String A_RECIPE = "a recipe";

  private RecipeFile() {}

  static WrittenRecipe read(ObjectSource store, Location recipe, UnknownKeys unknown)
      throws IOException {
    if (recipe.isPlainPath()) {
      return read(store, recipe.localPath(), unknown);
    }
    String text = SmallText.read(store, recipe, A_RECIPE);
    return isHocon(recipe.name())
        ? hocon(store, recipe.path(), text, unknown)
        : yaml(store, recipe.path(), text, unknown);
  }

  /** A file of this machine. HOCON may include others beside it. */
  private static WrittenRecipe read(ObjectSource store, Path file, UnknownKeys unknown)
      throws IOException {
    if (Files.isDirectory(file)) {
      throw new UserException("%s is a folder. Name the recipe in it".formatted(file));
    }
    String text = SmallText.read(file, A_RECIPE);
    return isHocon(file.getFileName().toString())
        ? written(
            store,
            file.toString(),
            text,
            List.of(HoconTree.parse(file.toString(), text, file)),
            unknown)
        : yaml(store, file.toString(), text, unknown);
  }

  /**
   * YAML.
   *
   * @param name in messages
   */
  static WrittenRecipe yaml(ObjectSource store, String name, String text, UnknownKeys unknown) {
    return written(store, name, text, RecipeParser.trees(name, text), unknown);
  }

  /** HOCON that is no file of this machine, and so includes nothing. */
  static WrittenRecipe hocon(ObjectSource store, String name, String text, UnknownKeys unknown) {
    return written(store, name, text, List.of(HoconTree.parse(name, text)), unknown);
  }

  private static WrittenRecipe written(
      ObjectSource store, String name, String text, List<Node> trees, UnknownKeys unknown) {
    RecipeParser parser = parser(unknown);
    if (trees.stream().noneMatch(TrialReader::isOne)) {
      return WrittenRecipe.of(parser.parse(name, text, trees));
    }
    if (trees.size() > 1) {
      throw new UserException(
          "%s: a soup or a search stands in a file of several documents, where nothing would be chosen. Give it a file of its own, and name stored models in it"
              .formatted(name));
    }
    Node tree = trees.get(0);
    return WrittenRecipe.of(
        TrialReader.parse(
            name,
            text,
            tree,
            part -> parser.parse(name, text, part),
            location -> SmallText.read(store, Location.typed(location), "a file of scores")));
  }

  /** Names the files that a recipe is made of. */
  static void guard(Location recipe, OutputGuard guard) {
    if (recipe.isPlainPath() && isHocon(recipe.name())) {
      for (Path file : SourceFiles.of(recipe.localPath())) {
        guard.file("a file of the recipe", new Location(file.toString()));
      }
    } else {
      guard.file("the recipe", recipe);
    }
  }

  private static RecipeParser parser(UnknownKeys unknown) {
    try {
      return new RecipeParser(MergeMethods.all(), PostSteps.all(), unknown);
    } catch (MethodRefusedException e) { // a jar that was written for another version
      throw new UserException(e.getMessage(), e);
    }
  }

  private static boolean isHocon(String name) {
    return name.endsWith(".conf") || name.endsWith(".hocon");
  }
}
