package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What mergekit passes over in silence is told; what looks like a slip is a problem. */
class RecipeLeniencyTest {
  private static final String LINEAR =
      """
      merge_method: linear
      models:
        - model: a
          parameters: {weight: 1}
      """;

  private static List<String> told(String yaml) {
    return lenient(yaml).notices();
  }

  private static Recipe lenient(String yaml) {
    return Recipes.parse(yaml, UnknownKeys.NOTICE);
  }

  @Test
  void saysNothingOfARecipeInWhichAllCounts() {
    assertThat(told(LINEAR)).isEmpty();
  }

  @Test
  void tellsOfAKeyThatNoRecipeHas() {
    assertThat(told(LINEAR + "out_path: ./merged\n"))
        .containsExactly(
            "recipe.yml:5: `out_path` has no effect here: it is not a key of a recipe; its keys are"
                + " `merge_method`, `base_model`, `models`, `slices`, `parameters`, `statistics`,"
                + " `dtype`, `out_dtype`, `tokenizer_source`, `tokenizer`, `chat_template`,"
                + " `vocab-tensors`, `heads`, `freeze`, `post`, `output`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dype: float32 | recipe.yml:5: `dype` is not a key of a recipe; did you mean `dtype`?",
        "Dtype: float32 | recipe.yml:5: `Dtype` is not a key of a recipe; did you mean `dtype`?",
        "out-dtype: float32 | recipe.yml:5: `out-dtype` is not a key of a recipe; did you mean `out_dtype`?",
        "normalise: false | recipe.yml:5: `normalise` is not a key of a recipe; did you mean the parameter `normalize`? It goes under `parameters`",
        "parameters: {normalise: false} | recipe.yml:5: linear has no parameter `normalise`; did you mean `normalize`? It has `weight`, `normalize`"
      })
  void refusesAWordThatLooksLikeAnotherWhateverTheSetting(String line, String problem) {
    for (UnknownKeys policy : UnknownKeys.values()) {
      assertThatThrownBy(() -> Recipes.parse(LINEAR + line, policy))
          .isInstanceOf(RecipeException.class)
          .hasMessage(problem);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normalize: false | put it under `parameters` to have it in place of the default, true",
        "normalize: 1 | remove the line, as `normalize` is true anyway",
        "weight: 0.5 | put it under `parameters`, where linear needs it",
        "density: 0.5 | linear does not have it either, so remove the line"
      })
  void saysWhatAParameterBesideParametersWouldDo(String line, String remedy) {
    String parameter = line.substring(0, line.indexOf(':'));
    assertThat(told(LINEAR + line))
        .containsExactly(
            "recipe.yml:5: `%s` has no effect here: it is a parameter; %s"
                .formatted(parameter, remedy));
  }

  @Test
  void aParameterOfTheMergeBesideThoseOfAModelBelongsToTheRecipe() {
    assertThat(told(LINEAR + "    normalize: false\n"))
        .containsExactly(
            "recipe.yml:5: `normalize` has no effect here: it is a parameter; put it under the"
                + " `parameters` of the recipe to have it in place of the default, true");
  }

  @Test
  void aWeightBesideParametersIsNoWeight() {
    assertThatThrownBy(() -> lenient("merge_method: linear\nmodels:\n  - {model: a, weight: 1}\n"))
        .hasMessage(
            "recipe.yml:3: `a` has no `weight`, which linear needs; give it one under its"
                + " `parameters`");
  }

  @Test
  void tellsOnceOfWhatStandsInSeveralLines() {
    Recipe recipe =
        lenient(
            """
            merge_method: model_stock
            base_model: base
            models:
              - model: a
                parameters: {weight: 0.5}
              - model: b
                parameters: {weight: heavy}
              - model: c
                parameters:
                  weight: [1, 2]
            """);
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:5: `weight` has no effect here: model_stock has no such parameter; remove"
                + " the line (also in line 7, 10)");
    assertThat(recipe.slices().get(0).sources())
        .allSatisfy(source -> assertThat(source.parameters()).isEqualTo(ParameterBlock.NONE));
  }

  @Test
  void tellsOfAParameterOfTheMergeUnderAModel() {
    assertThat(told(LINEAR.replace("{weight: 1}", "{weight: 1, normalize: false}")))
        .containsExactly(
            "recipe.yml:4: `normalize` has no effect here: it has one value for all models; move it"
                + " to the `parameters` of the recipe");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pad_to_multiple_of: 8 | a key of `tokenizer`",
        "layer_range: [0, 2] | a key of a source of `slices`, while what `models` lists is merged with all layers",
        "parameters: {dtype: float32} | a key of a recipe"
      })
  void tellsOfAKeyThatStandsInTheWrongPlace(String line, String what) {
    assertThat(told(LINEAR + line))
        .singleElement()
        .asString()
        .endsWith("has no effect here: it is %s; move it there, or remove it".formatted(what));
  }

  @Test
  void aMethodOfASliceIsTheRecipes() {
    List<String> told =
        told(
            """
            merge_method: passthrough
            slices:
              - merge_method: passthrough
                residual_weight: 0.5
                sources:
                  - model: a
                    layer_range: [0, 2]
            """);
    assertThat(told)
        .containsExactly(
            "recipe.yml:3: `merge_method` has no effect here: it is a key of a recipe; move it"
                + " there, or remove it",
            "recipe.yml:4: `residual_weight` changes nothing, in mergekit neither");
  }

  @Test
  void aNameOfTheOnlyMergeIsTold() {
    assertThat(told(LINEAR + "name: my-merge\n"))
        .containsExactly("recipe.yml:5: `name` says what a stage is called, and there is only one");
  }

  @Test
  void aKeyWithoutAValueCountsAsNotGiven() {
    Recipe recipe = lenient(LINEAR + "parameters:\ndtype:\nbase_model: ~\n");

    assertThat(recipe.parameters()).isEqualTo(ParameterBlock.NONE);
    assertThat(recipe.dtype()).isEmpty();
    assertThat(recipe.base()).isEmpty();
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:5: `parameters` has no value, and counts as not given",
            "recipe.yml:6: `dtype` has no value, and counts as not given",
            "recipe.yml:7: `base_model` has no value, and counts as not given");
  }

  @Test
  void whatIsMergedIsSaidByOneKeyAndTheOthersMayBeEmpty() {
    assertThat(told(LINEAR + "slices:\nmodules: ~\n"))
        .containsExactlyInAnyOrder(
            "recipe.yml:5: `slices` has no value, and counts as not given",
            "recipe.yml:6: `modules` has no value, and counts as not given");
    assertThatThrownBy(() -> lenient("merge_method: linear\nmodels:\nslices:\n"))
        .hasMessageContaining("recipe.yml:2: `models` has no value; give it one");
  }

  @Test
  void aFilterWithoutAValuePassesEveryTensorAsSearchesWriteIt() {
    Recipe recipe =
        Recipes.parse(
            LINEAR.replace(
                "{weight: 1}", "{weight: [{filter: mlp, value: 0.5}, {filter: null, value: 1}]}"));

    ParameterSetting weight =
        recipe.slices().get(0).sources().get(0).parameters().setting("weight").orElseThrow();
    assertThat(weight.at("model.layers.0.mlp.up_proj.weight", 0)).isEqualTo(Optional.of(0.5));
    assertThat(weight.at("lm_head.weight", 0)).isEqualTo(Optional.of(1.0));
  }

  @Test
  void aModelsArchitectureIsNotOverridden() {
    assertThat(told(LINEAR.replace("model: a", "model: {path: a, override_architecture: X}")))
        .containsExactly(
            "recipe.yml:3: `override_architecture` changes nothing: names of tensors tell how a"
                + " model is built");
  }

  @Test
  void whoWantsNoWordWithoutEffectGetsAProblem() {
    assertProblems(
        LINEAR + "weight: 1\nout_path: x\nparameters: {density: 1}\n",
        "recipe.yml:5: `weight` has no effect here: it is a parameter; put it under `parameters`,"
            + " where linear needs it",
        "recipe.yml:6: `out_path` has no effect here: it is not a key of a recipe; its keys are"
            + " `merge_method`, `base_model`, `models`, `slices`, `parameters`, `statistics`,"
            + " `dtype`, `out_dtype`, `tokenizer_source`, `tokenizer`, `chat_template`, `vocab-tensors`, `heads`, `freeze`, `post`, `output`",
        "recipe.yml:7: `density` has no effect here: linear has no such parameter; remove the line");
  }
}
