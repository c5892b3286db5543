package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.commit.ChosenBy;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.Optional;

/** What to merge: a recipe in a file, as text, or built. It is read when a merge begins. */
public abstract sealed class MergeRecipe {
  private static final String NO_FILE = "recipe";

  /** Where a recipe stands among those of one call, for messages about one that is no file. */
  record Turn(int place, int of) {
    private String name() {
      return of == 1 ? NO_FILE : "%s %s".formatted(NO_FILE, place + 1);
    }
  }

  private MergeRecipe() {}

  /**
   * A recipe that lies somewhere.
   *
   * @param location a file of this machine, or {@code s3a://…}; HOCON if its name ends in {@code
   *     .conf} or {@code .hocon}, else YAML as mergekit has it
   */
  public static MergeRecipe at(String location) {
    return new InFile(Location.typed(location));
  }

  /** A recipe in YAML, as mergekit has it. */
  public static MergeRecipe yaml(String text) {
    return new Yaml(text, Optional.empty());
  }

  /** A recipe in YAML that a program made: nothing in it is there by habit, so all must count. */
  static MergeRecipe built(String text) {
    return new Yaml(text, Optional.of(UnknownKeys.ERROR));
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

  abstract WrittenRecipe read(ObjectSource store, Turn turn, UnknownKeys unknown)
      throws IOException;

  /** The only one of a call. */
  WrittenRecipe read(ObjectSource store, UnknownKeys unknown) throws IOException {
    return read(store, new Turn(0, 1), unknown);
  }

  /** This one, read already. */
  MergeRecipe as(WrittenRecipe written) {
    return new Read(this, written);
  }

  /** Trials that led to it, as a manifest has them; none if it was not chosen. */
  Optional<ChosenBy> chosenBy() {
    return Optional.empty();
  }

  /** A recipe that trials chose. */
  static MergeRecipe chosen(MergeRecipe written, String text, ChosenBy trials) {
    return new Chosen(written, text, trials);
  }

  /** Names the files that it is made of; a text is made of none. */
  void guard(OutputGuard guard) {}

  private static final class InFile extends MergeRecipe {
    private final Location location;

    private InFile(Location location) {
      this.location = location;
    }

    @Override
    WrittenRecipe read(ObjectSource store, Turn turn, UnknownKeys unknown) throws IOException {
      return RecipeFile.read(store, location, unknown);
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
    private final Optional<UnknownKeys> policy;

    private Yaml(String text, Optional<UnknownKeys> policy) {
      this.text = requireNonNull(text, "text is null");
      this.policy = policy;
    }

    @Override
    WrittenRecipe read(ObjectSource store, Turn turn, UnknownKeys unknown) {
      return RecipeFile.yaml(store, turn.name(), text, policy.orElse(unknown));
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
    WrittenRecipe read(ObjectSource store, Turn turn, UnknownKeys unknown) {
      return RecipeFile.hocon(store, turn.name(), text, unknown);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class Read extends MergeRecipe {
    private final MergeRecipe original;
    private final WrittenRecipe written;

    private Read(MergeRecipe original, WrittenRecipe written) {
      this.original = original;
      this.written = written;
    }

    @Override
    WrittenRecipe read(ObjectSource store, Turn turn, UnknownKeys unknown) {
      return written;
    }

    @Override
    void guard(OutputGuard guard) {
      original.guard(guard);
    }

    @Override
    public String toString() {
      return original.toString();
    }
  }

  private static final class Chosen extends MergeRecipe {
    private final MergeRecipe original;
    private final String text;
    private final ChosenBy trials;

    private Chosen(MergeRecipe original, String text, ChosenBy trials) {
      this.original = original;
      this.text = text;
      this.trials = trials;
    }

    @Override
    WrittenRecipe read(ObjectSource store, Turn turn, UnknownKeys unknown) {
      return RecipeFile.yaml(store, "the chosen recipe", text, unknown);
    }

    @Override
    Optional<ChosenBy> chosenBy() {
      return Optional.of(trials);
    }

    @Override
    void guard(OutputGuard guard) {
      original.guard(guard);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
