package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.Place;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pattern stands for all folders that it matches, and for nothing that the recipe names. */
class ModelPatternsTest {
  private final MemoryStore store = new MemoryStore();

  private void folders(String... names) {
    for (String name : names) {
      store.write(new Location("/root/" + name + "/model.safetensors"), new byte[1]);
    }
  }

  private static Recipe recipe(String... models) {
    StringBuilder text = new StringBuilder("merge_method: uniform_soup\nmodels:\n");
    for (String model : models) {
      text.append("- model: '").append(model).append("'\n");
    }
    return parsed(text.toString());
  }

  private static Recipe parsed(String text) {
    return new RecipeParser(MergeMethods.all()).parse("r.yml", text);
  }

  private Recipe expanded(Recipe recipe, String... outputs) throws IOException {
    List<Place> places = Arrays.stream(outputs).map(Location::new).map(Place::of).toList();
    return new ModelPatterns(
            store,
            model ->
                new Location(model.path().startsWith("/") ? model.path() : "/root/" + model.path()),
            places)
        .expand(recipe);
  }

  private static List<String> models(Recipe recipe) {
    return recipe.slices().get(0).sources().stream().map(source -> source.model().path()).toList();
  }

  @Test
  void aRecipeWithoutPatternsIsItself() throws IOException {
    Recipe plain = recipe("a", "b");
    assertThat(expanded(plain)).isSameAs(plain);
  }

  @Test
  void foldersAreFoundInNaturalOrder() throws IOException {
    folders("runs/checkpoint-9", "runs/checkpoint-100", "runs/checkpoint-10", "runs/best");
    assertThat(models(expanded(recipe("runs/checkpoint-*"))))
        .containsExactly("runs/checkpoint-9", "runs/checkpoint-10", "runs/checkpoint-100");
  }

  @ParameterizedTest
  @CsvSource({
    "run-?, 'run-1 run-2'",
    "run-*, 'run-1 run-2 run-10'",
    "*-1, 'run-1 x-1'",
    "r?n-1*, 'run-1 run-10'",
    "*, 'run-1 run-2 run-10 x-1 x.1'",
    "x.?, x.1",
    "/root/run-?, '/root/run-1 /root/run-2'"
  })
  void starsAreAnyCharactersAndQuestionMarksOne(String pattern, String found) throws IOException {
    folders("run-1", "run-2", "run-10", "x-1", "x.1");
    assertThat(models(expanded(recipe(pattern)))).containsExactlyInAnyOrder(found.split(" ", -1));
  }

  @Test
  void aPatternMayStandInTheMiddleOfAPath() throws IOException {
    folders("run-1/final", "run-2/final", "run-2/best", "other/final");
    assertThat(models(expanded(recipe("run-*/final"))))
        .containsExactly("run-1/final", "run-2/final");
    assertThat(models(expanded(recipe("run-*/*"))))
        .containsExactly("run-1/final", "run-2/best", "run-2/final");
  }

  @Test
  void modelsThatAreNamedAreNotMatchedAgain() throws IOException {
    folders("run-1", "run-2", "run-3");
    assertThat(models(expanded(recipe("run-2", "run-*"))))
        .containsExactly("run-2", "run-1", "run-3");
    Recipe withBase =
        parsed(
            """
            merge_method: task_arithmetic
            base_model: run-1
            models:
            - {model: 'run-*', parameters: {weight: 0.5}}
            """);
    assertThat(models(expanded(withBase))).doesNotHaveDuplicates().contains("run-2", "run-3");
  }

  @Test
  void parametersOfAPatternAreThoseOfEachModel() throws IOException {
    folders("run-1", "run-2");
    Recipe recipe =
        parsed("merge_method: linear\nmodels:\n- {model: 'run-*', parameters: {weight: 0.25}}\n");
    assertThat(expanded(recipe).slices().get(0).sources())
        .hasSize(2)
        .allSatisfy(
            source ->
                assertThat(source.parameters())
                    .isEqualTo(recipe.slices().get(0).sources().get(0).parameters()));
  }

  @Test
  void aPatternThatMatchesNothingIsAProblemWithItsLine() {
    folders("run-1");
    assertThatThrownBy(() -> expanded(recipe("walk-*", "run-1", "nowhere/*")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("r.yml:3: no folder matches walk-*; check the pattern")
        .hasMessageContaining("r.yml:5: no folder matches nowhere/*; check the pattern");
  }

  @Test
  void filesAreNoModels() {
    store.write(new Location("/root/run-1.json"), new byte[1]);
    assertThatThrownBy(() -> expanded(recipe("run-*")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no folder matches run-*");
  }

  @Test
  void anOutputThatTheNextMergeWouldTakeForAModelIsRefused() throws IOException {
    folders("run-1", "run-2");
    assertThatThrownBy(() -> expanded(recipe("run-*"), "/root/run-merged"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("run-* matches run-merged, where the output is to lie");
    assertThat(models(expanded(recipe("run-?"), "/root/run-merged"))).hasSize(2);
    assertThat(models(expanded(recipe("run-*"), "/elsewhere/run-3"))).hasSize(2);
  }

  @Test
  void adaptersCannotBePatterns() {
    folders("run-1", "lora-1");
    assertThatThrownBy(() -> expanded(recipe("run-1+lora-*")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("run-1+lora-*: an adapter cannot be a pattern; name each of them");
  }

  @Test
  void aPatternOfBasesKeepsItsAdapters() throws IOException {
    folders("run-1", "run-2", "lora");
    assertThat(models(expanded(recipe("run-*+lora")))).containsExactly("run-1+lora", "run-2+lora");
  }

  @Test
  void whatTwoPatternsMatchCountsOnce() throws IOException {
    folders("run-1", "run-2");
    assertThat(models(expanded(recipe("run-*", "*-2")))).containsExactly("run-1", "run-2");
  }

  @Test
  void whatTwoPatternsWithWeightsMatchCountsForBothAndIsTold() throws IOException {
    folders("run-1", "run-2");
    Recipe both =
        expanded(
            parsed(
                """
                merge_method: linear
                models:
                - {model: 'run-*', parameters: {weight: 0.25}}
                - {model: '*-2', parameters: {weight: 0.5}}
                """));
    assertThat(models(both)).containsExactly("run-1", "run-2", "run-2");
    assertThat(both.notices())
        .singleElement()
        .asString()
        .contains("`run-2` is listed twice", "the weights add");
  }

  @Test
  void aRunWithoutTheFolderThatIsWantedIsPassedOverAndTold() throws IOException {
    folders("runs/1/model", "runs/2/logs", "runs/10/model");

    Recipe found = expanded(recipe("runs/*/model"));

    assertThat(models(found)).containsExactly("runs/1/model", "runs/10/model");
    assertThat(found.notices())
        .anyMatch(notice -> notice.equals("passed over, as no such folder is there: runs/2/model"));
  }

  @Test
  void bracketsAndBracesAreLetters() throws IOException {
    folders("w[1]", "w{2}", "w1");

    assertThat(models(expanded(recipe("w[1]", "w{2}")))).containsExactly("w[1]", "w{2}");
    assertThat(models(expanded(recipe("w[*")))).containsExactly("w[1]");
  }

  @Test
  void aFolderThatIsCalledLikeThePatternIsMeant() throws IOException {
    folders("w*", "w1", "w2");

    assertThat(models(expanded(recipe("w*")))).containsExactly("w*");
  }
}
