package dev.stockpot.merge.run;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.MethodRefusedException;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.settings.HoconTree;
import dev.stockpot.merge.settings.SourceFiles;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Parses recipes, wherever they are: YAML, or HOCON if a name ends in .conf or .hocon. */
final class RecipeFile {
  private static final String A_RECIPE = "a recipe";

  private RecipeFile() {}

  static Recipe parse(ObjectSource store, Location recipe, UnknownKeys unknown) throws IOException {
    if (recipe.isPlainPath()) {
      return parse(Path.of(recipe.path()), unknown);
    }
    String text = SmallText.read(store, recipe, A_RECIPE);
    return isHocon(recipe.name())
        ? hocon(recipe.path(), text, unknown)
        : yaml(recipe.path(), text, unknown);
  }

  /** A file of this machine. HOCON may include others beside it. */
  private static Recipe parse(Path file, UnknownKeys unknown) throws IOException {
    String text;
    if (Files.isDirectory(file)) {
      throw new UserException("%s is a folder. Name the recipe in it".formatted(file));
    }
    try {
      text = Files.readString(file);
    } catch (MalformedInputException e) {
      throw SmallText.notText(file.toString(), A_RECIPE, e);
    }
    return isHocon(file.getFileName().toString())
        ? parser(unknown).parse(file.toString(), text, HoconTree.parse(file.toString(), text, file))
        : yaml(file.toString(), text, unknown);
  }

  /**
   * YAML.
   *
   * @param name in messages
   */
  static Recipe yaml(String name, String text, UnknownKeys unknown) {
    return parser(unknown).parse(name, text);
  }

  /** HOCON that is no file of this machine, and so includes nothing. */
  static Recipe hocon(String name, String text, UnknownKeys unknown) {
    return parser(unknown).parse(name, text, HoconTree.parse(name, text));
  }

  /** Names the files that a recipe is made of. */
  static void guard(Location recipe, OutputGuard guard) {
    if (recipe.isPlainPath() && isHocon(recipe.name())) {
      for (Path file : SourceFiles.ofRecipe(Path.of(recipe.path()))) {
        guard.file("a file of the recipe", new Location(file.toString()));
      }
    } else {
      guard.file("the recipe", recipe);
    }
  }

  private static RecipeParser parser(UnknownKeys unknown) {
    try {
      return new RecipeParser(MergeMethods.all(), unknown);
    } catch (MethodRefusedException e) { // a jar that was written for another version
      throw new UserException(e.getMessage(), e);
    }
  }

  private static boolean isHocon(String name) {
    return name.endsWith(".conf") || name.endsWith(".hocon");
  }
}
