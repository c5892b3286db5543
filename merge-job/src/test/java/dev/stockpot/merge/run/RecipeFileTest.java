package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.recipe.RecipeException;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recipes in files and as texts: how they are read, what they are called, what they are made of.
 */
class RecipeFileTest {
  private static final String SOUP =
      "merge_method: uniform_soup\nmodels: [{model: a}, {model: b}]\n";
  private static final String TRIALS =
      """
      soup: {kind: uniform}
      models: [{model: a}, {model: b}]
      evaluate: {http: 'http://h/s', direction: max}
      """;

  @TempDir private Path folder;
  private final MemoryStore store = new MemoryStore();

  private WrittenRecipe stored(String name, String text) throws IOException {
    Location place = new Location("s3://b/" + name);
    store.write(place, text.getBytes(UTF_8));
    return MergeRecipe.at(place.path()).read(store, UnknownKeys.ERROR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.conf", "a.hocon"})
  void namesTellHocon(String name) throws IOException {
    String hocon = "merge_method = uniform_soup, models = [{model = a}, {model = b}]";
    assertThat(stored(name, hocon).ofOneMerge().references()).hasSize(2);
    Path file = Files.writeString(folder.resolve(name), hocon);
    assertThat(MergeRecipe.at(file.toString()).read(store, UnknownKeys.ERROR).ofOneMerge().source())
        .isEqualTo(file.toString());
    assertThatThrownBy(() -> stored("a.yml", hocon)).isInstanceOf(RecipeException.class);
  }

  @Test
  void aStoredOneIncludesNothing() {
    assertThatThrownBy(() -> stored("a.conf", "include \"b.conf\"\nmerge_method = linear"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("s3://b/a.conf")
        .hasMessageContaining("include");
  }

  @Test
  void textsAreCalledByTheirTurn() throws IOException {
    MergeRecipe none = MergeRecipe.yaml("merge_method: none\nmodels: [{model: a}]\n");
    assertThatThrownBy(() -> none.read(store, new MergeRecipe.Turn(0, 1), UnknownKeys.ERROR))
        .hasMessageStartingWith("recipe:1: ");
    assertThatThrownBy(() -> none.read(store, new MergeRecipe.Turn(2, 3), UnknownKeys.ERROR))
        .hasMessageStartingWith("recipe 3:1: ");
    assertThatThrownBy(
            () ->
                MergeRecipe.hocon("merge_method = none")
                    .read(store, new MergeRecipe.Turn(1, 2), UnknownKeys.ERROR))
        .hasMessageStartingWith("recipe 2:1: ");
  }

  @Test
  void whatAProgramMadeMustAllCountWhateverTheSettingSays() throws IOException {
    String stray = SOUP + "authors: [me]\n";
    assertThat(MergeRecipe.yaml(stray).read(store, UnknownKeys.NOTICE).ofOneMerge().references())
        .hasSize(2);
    assertThatThrownBy(() -> MergeRecipe.built(stray).read(store, UnknownKeys.NOTICE))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("authors");
  }

  @Test
  void trialsStandAlone() throws IOException {
    WrittenRecipe trials = stored("trials.yml", TRIALS);
    assertThat(trials.ofTrials().example().references()).hasSize(2);
    assertThatThrownBy(trials::ofOneMerge)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "s3://b/trials.yml makes trials, which is done for one recipe at a time. Merge it by"
                + " itself");
    assertThatThrownBy(() -> stored("both.yml", "name: x\n" + SOUP + "---\n" + TRIALS))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "s3://b/both.yml: a soup or a search stands in a file of several documents, where"
                + " nothing would be chosen. Give it a file of its own, and name stored models in"
                + " it");
  }

  @Test
  void aMergeHasNoTrials() throws IOException {
    WrittenRecipe merge = stored("merge.yml", SOUP);
    assertThat(merge.ofOneMerge().references()).hasSize(2);
    assertThatThrownBy(merge::ofTrials)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "s3://b/merge.yml has none of `soup`, `search` and `path`, so there is nothing to try."
                + " Merge it with `stockpot merge`");
  }

  @Test
  void filesThatAreNoRecipesAreToldSo() throws IOException {
    assertThatThrownBy(() -> MergeRecipe.at("s3://b/no.yml").read(store, UnknownKeys.ERROR))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("s3://b/no.yml");
    store.write(new Location("s3://b/a.bin"), new byte[] {(byte) 0xff, 1});
    assertThatThrownBy(() -> MergeRecipe.at("s3://b/a.bin").read(store, UnknownKeys.ERROR))
        .isInstanceOf(UserException.class)
        .hasMessage("s3://b/a.bin is not UTF-8 text. Is it a recipe?");
    store.write(new Location("s3://b/large.yml"), new byte[(10 << 20) + 1]);
    assertThatThrownBy(() -> MergeRecipe.at("s3://b/large.yml").read(store, UnknownKeys.ERROR))
        .hasMessage("s3://b/large.yml has 10485761 bytes. Is it a recipe?");
    assertThatThrownBy(() -> stored("empty.yml", "# nothing\n"))
        .hasMessage("s3://b/empty.yml: the recipe is empty; start with `merge_method: linear`");
  }

  private static void guard(MergeRecipe recipe, Path output) {
    OutputGuard guard = new OutputGuard(new Location(output.toString()));
    recipe.guard(guard);
    guard.check();
  }

  @Test
  void noOutputTakesThePlaceOfARecipeOrOfWhatItIncludes() throws IOException {
    Path yaml = Files.writeString(folder.resolve("a.yml"), SOUP);
    assertThatThrownBy(() -> guard(MergeRecipe.at(yaml.toString()), folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("%s holds the recipe, whose place is ".formatted(folder));

    Path below = Files.createDirectories(folder.resolve("below"));
    Files.writeString(below.resolve("b.conf"), "models = [{model = a}]");
    Path hocon =
        Files.writeString(
            folder.resolve("a.conf"), "include \"below/b.conf\"\nmerge_method = uniform_soup");
    MergeRecipe made = MergeRecipe.at(hocon.toString());
    assertThatThrownBy(() -> guard(made, below))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("%s holds a file of the recipe".formatted(below));
    assertThatThrownBy(() -> guard(made.as(made.read(store, UnknownKeys.ERROR)), below))
        .as("read already")
        .isInstanceOf(UserException.class);
    guard(made, folder.resolve("out"));
    guard(MergeRecipe.yaml(SOUP), folder);
  }
}
