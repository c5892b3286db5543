package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeException;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models of a recipe become folders, each under one name, and stages are none. */
class ExpandedRecipeTest {
  private static final String STAGED =
      """
      name: first
      merge_method: uniform_soup
      models: [{model: s3://b/a}]
      ---
      merge_method: uniform_soup
      models:
      - model: s3://b/run/*
      - model: first
      - model: first+s3://b/x
      """;

  private final MemoryStore store = new MemoryStore();

  private void folders(String... names) {
    for (String name : names) {
      store.write(new Location(name + "/config.json"), new byte[2]);
    }
  }

  private Recipe expanded(String recipe, Map<String, String> settings, String... outputs)
      throws IOException {
    Recipe read = MergeRecipe.yaml(recipe).read(store, UnknownKeys.ERROR).ofOneMerge();
    return ExpandedRecipe.of(
        read,
        PlacesOfTests.in(store, settings),
        List.of(outputs).stream().map(Location::new).toList());
  }

  private static List<String> models(Recipe recipe) {
    return recipe.slices().get(0).sources().stream().map(source -> source.model().path()).toList();
  }

  @Test
  void patternsBecomeFoldersAndStagesStay() throws IOException {
    folders("s3://b/run/s10", "s3://b/run/s9");
    Recipe expanded = expanded(STAGED, Map.of());
    assertThat(models(expanded))
        .containsExactly("s3://b/run/s9", "s3://b/run/s10", "first", "first+s3://b/x");
    assertThat(expanded.stages().names()).containsExactly("first");
  }

  private static String matched(int line, String folder) {
    return "recipe:%s: s3://b/run/* matches s3://b/run/%s, where the output is to lie: the next merge would take it for a model. Name an output that no pattern matches"
        .formatted(line, folder);
  }

  @Test
  void noPatternMayMatchAnOutputOrWhatStagesLeaveBesideIt() {
    folders("s3://b/run/a"); // and no output yet
    assertThatThrownBy(() -> expanded(STAGED, Map.of(), "s3://b/run/out"))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            String.join(
                "\n", matched(7, "out"), matched(7, "out-stages"), matched(7, "out-scratch")));
    String alone = "merge_method: uniform_soup\nmodels: [{model: s3://b/run/*}]\n";
    assertThatThrownBy(() -> expanded(alone, Map.of(), "s3://b/run/out", "s3://c/out"))
        .hasMessage(matched(2, "out"));
  }

  @Test
  void aFolderThatIsNamedTwiceIsListedByTheNameOfTheBase() throws IOException {
    Recipe expanded =
        expanded(
            """
            merge_method: task_arithmetic
            base_model: s3://b/base
            models:
            - {model: s3a://b/a, parameters: {weight: 1}}
            - {model: s3n://b/base, parameters: {weight: 0.5}}
            """,
            Map.of());
    assertThat(models(expanded)).containsExactly("s3a://b/a", "s3://b/base");
    assertThat(expanded.base().map(ModelReference::path)).hasValue("s3://b/base");
  }

  @Test
  void aStageThatIsCalledLikeWhatIsThereIsRefusedWhereItIsNamed() {
    folders("first", "s3://b/run/a");
    assertThatThrownBy(() -> expanded(STAGED, Map.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessage("recipe:8: stage `first` is called like first, which exists; rename the stage");
    folders("s3://m/first/below");
    store.delete(new Location("first/config.json"));
    assertThatThrownBy(() -> expanded(STAGED, Map.of("model-root", "s3://m")))
        .hasMessage(
            "recipe:8: stage `first` is called like s3://m/first, which exists; rename the stage");
  }

  @Test
  void theFirstLineThatNamesItIsTold() {
    folders("first");
    String recipe =
        """
        name: first
        merge_method: uniform_soup
        models: [{model: s3://b/a}]
        ---
        name: second
        merge_method: uniform_soup
        models: [{model: first}, {model: s3://b/a}]
        ---
        merge_method: uniform_soup
        models: [{model: first}, {model: second}]
        """;
    assertThatThrownBy(() -> expanded(recipe, Map.of()))
        .hasMessage("recipe:7: stage `first` is called like first, which exists; rename the stage");
  }

  @Test
  void alsoWithItsAdapters() {
    folders("first+s3://b/x", "s3://b/run/a");
    assertThatThrownBy(() -> expanded(STAGED, Map.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "recipe:9: stage `first+s3://b/x` is called like first+s3://b/x, which exists; rename"
                + " the stage");
  }
}
