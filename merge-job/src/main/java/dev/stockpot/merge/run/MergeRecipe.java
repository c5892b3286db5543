package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;

/** What to merge: a recipe in a file, as text, or built. It is read when a merge begins. */
public abstract sealed class MergeRecipe {
  private static final String NO_FILE = "recipe";

  private MergeRecipe() {}

  /**
   * A recipe that lies somewhere.
   *
   * @param location a file of this machine, or {@code s3a://…}; HOCON if its name ends in {@code
   *     .conf} or {@code .hocon}, else YAML as mergekit has it
   */
  public static MergeRecipe at(String location) {
    return new InFile(new Location(location));
  }

  /** A recipe in YAML, as mergekit has it. */
  public static MergeRecipe yaml(String text) {
    return new Yaml(text);
  }

  /** A recipe in HOCON, which includes no files. */
  public static MergeRecipe hocon(String text) {
    return new Hocon(text);
  }

  /**
   * A recipe that is built.
   *
   * @param method its {@code merge_method}
   */
  public static RecipeBuilder by(String method) {
    return new RecipeBuilder(method);
  }

  abstract Recipe parse(ObjectSource store) throws IOException;

  /** Names the files that it is made of; a text is made of none. */
  void guard(OutputGuard guard) {}

  private static final class InFile extends MergeRecipe {
    private final Location location;

    private InFile(Location location) {
      this.location = location;
    }

    @Override
    Recipe parse(ObjectSource store) throws IOException {
      return RecipeFile.parse(store, location);
    }

    @Override
    void guard(OutputGuard guard) {
      RecipeFile.guard(location, guard);
    }

    @Override
    public String toString() {
      return location.path();
    }
  }

  private static final class Yaml extends MergeRecipe {
    private final String text;

    private Yaml(String text) {
      this.text = requireNonNull(text, "text is null");
    }

    @Override
    Recipe parse(ObjectSource store) {
      return RecipeFile.yaml(NO_FILE, text);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class Hocon extends MergeRecipe {
    private final String text;

    private Hocon(String text) {
      this.text = requireNonNull(text, "text is null");
    }

    @Override
    Recipe parse(ObjectSource store) {
      return RecipeFile.hocon(NO_FILE, text);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
