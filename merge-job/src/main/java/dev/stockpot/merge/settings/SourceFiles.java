package dev.stockpot.merge.settings;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files of this machine that a recipe or settings in HOCON are made of: what they include. */
public final class SourceFiles {
  private SourceFiles() {}

  /** What a recipe includes, directly and through others, and the recipe itself. */
  public static Set<Path> ofRecipe(Path recipe) {
    Path absolute = recipe.toAbsolutePath();
    FolderIncluder includer =
        new FolderIncluder(Optional.of(absolute.getParent()), recipe.toString());
    ConfigFactory.parseFile(
        absolute.toFile(), ConfigParseOptions.defaults().appendIncluder(includer));
    Set<Path> files = new LinkedHashSet<>(includer.included());
    files.add(recipe);
    return files;
  }

  /** What settings take a value from, and their file itself. */
  public static Set<Path> ofSettings(Path settings) {
    Set<Path> files = new LinkedHashSet<>();
    files.add(settings);
    for (Map.Entry<String, ConfigValue> value :
        ConfigFactory.parseFile(settings.toFile()).resolve().entrySet()) {
      Optional.ofNullable(value.getValue().origin().filename()).map(Path::of).ifPresent(files::add);
    }
    return files;
  }
}
