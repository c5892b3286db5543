package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which models a recipe names, and how. */
class RecipeModelsTest {

  private static List<String> modelsOf(String yaml) {
    return parse(yaml).slices().get(0).sources().stream()
        .map(source -> source.model().path())
        .toList();
  }

  @Test
  void modelsAreOneSliceOfWholeModels() {
    Recipe recipe =
        parse(
            """
            merge_method: linear
            parameters: {weight: 1}
            models:
              - model: s3a://runs/a/
              - model: b
            """);
    assertThat(recipe.wholeModels()).isTrue();
    assertThat(recipe.base()).isEmpty();
    assertThat(recipe.slices())
        .containsExactly(
            new Slice(
                List.of(
                    new Source(
                        new ModelReference("s3a://runs/a", 4),
                        Optional.empty(),
                        ParameterBlock.NONE,
                        4),
                    new Source(
                        new ModelReference("b", 5), Optional.empty(), ParameterBlock.NONE, 5)),
                Optional.empty(),
                ParameterBlock.NONE,
                3));
  }

  @Test
  void rejectsMoreModelsThanTheMethodTakes() {
    assertProblems(
        """
        merge_method: slerp
        base_model: a
        parameters: {t: 0.5}
        models:
          - model: a
          - model: b
          - model: c
        """,
        "recipe.yml:4: slerp takes exactly 2 models, one of them its base model, and there are 3"
            + " here; remove 1 or choose another `merge_method`");
  }

  @Test
  void rejectsFewerModelsThanTheMethodTakes() {
    assertProblems(
        """
        merge_method: model_stock
        base_model: base
        models:
          - model: base
          - model: a
        """,
        "recipe.yml:3: model_stock takes 2 to 9 models beside its base model, and there is 1 here;"
            + " add 1");
  }

  @Test
  void aPatternMayStandForManyModels() {
    Recipe recipe =
        parse(
            """
            merge_method: model_stock
            base_model: base
            models:
              - model: s3a://runs/checkpoint-*
            """);
    assertThat(recipe.slices().get(0).sources().get(0).model().isPattern()).isTrue();
    assertThat(recipe.base().orElseThrow().isPattern()).isFalse();
  }

  @Test
  void rejectsAnEmptyListOfModels() {
    assertProblems(
        "merge_method: linear\nmodels: []\n", "recipe.yml:2: `models` is empty; list at least one");
  }

  @Test
  void rejectsModelsThatAreNoList() {
    assertProblems(
        "merge_method: linear\nmodels: {model: a}\n", "recipe.yml:2: `models` must be a list");
  }

  @Test
  void rejectsAModelThatIsJustAPath() {
    assertProblems(
        "merge_method: linear\nmodels:\n  - a\n",
        "recipe.yml:3: an element of `models` must be a mapping; write `model: a`");
  }

  @Test
  void rejectsAnEntryWithoutModelAndSaysNothingOfTheNumberLeft() {
    assertProblems(
        """
        merge_method: slerp
        base_model: a
        parameters: {t: 0.5}
        models:
          - model: a
          - modle: b
        """,
        "recipe.yml:6: `modle` is not a key of an entry of `models`; did you mean `model`?",
        "recipe.yml:6: `model` is missing here; add the path of a model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "' '", "\"a\\nb\"", "'a '", "[a]", "{}"})
  void rejectsWhatIsNoPath(String model) {
    assertProblems(
        "merge_method: passthrough\nmodels:\n  - model: " + model,
        "recipe.yml:3: `model` must be the path of a model");
  }

  @Test
  void rejectsALayerRangeOfAWholeModel() {
    assertProblems(
        """
        merge_method: passthrough
        models:
          - model: a
            layer_range: [0, 2]
        """,
        "recipe.yml:4: `layer_range` has no effect here: it is a key of a source of `slices`, while what"
            + " `models` lists is merged with all layers; move it there, or remove it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{path: a}", "{model: a}", "{model: {path: a}}"})
  void readsTheLongFormOfAModelsName(String name) {
    assertThat(modelsOf("merge_method: passthrough\nmodels:\n  - model: " + name))
        .containsExactly("a");
  }

  @Test
  void adaptersStandBehindTheirModelInEitherForm() {
    assertThat(
            modelsOf(
                """
                merge_method: linear
                parameters: {weight: 1}
                models:
                  - model: a+b+c/d/
                  - model: {model: {path: e}, lora: f}
                  - model: {model: g, lora: {path: h}}
                  - model: {path: i, lora: [j, {path: k}]}
                """))
        .containsExactly("a+b+c/d", "e+f", "g+h", "i+j+k");
  }

  @Test
  void revisionsArePartOfNames() {
    assertThat(
            modelsOf(
                """
                merge_method: linear
                parameters: {weight: 1}
                models:
                  - model: a+adapter@v2
                  - model: org/b@v1.0
                  - model: {model: {path: org/c, revision: main}, lora: {path: d, revision: '2'}}
                  - model: {path: org/e, revision: refs/pr/7}
                """))
        .containsExactly("a+adapter@v2", "org/b@v1.0", "org/c@main+d@2", "org/e@refs/pr/7");
  }

  @Test
  void rejectsARevisionThatIsNoWord() {
    assertProblems(
        """
        merge_method: linear
        parameters: {weight: 1}
        models:
          - model: {path: org/c, revision: [main]}
        """,
        "recipe.yml:4: `revision` must be one word");
  }

  @Test
  void anAtSignInsideAPathIsNoRevision() {
    assertThat(
            modelsOf("merge_method: passthrough\nmodels:\n  - model: abfss://c@account.net/model"))
        .containsExactly("abfss://c@account.net/model");
  }
}
