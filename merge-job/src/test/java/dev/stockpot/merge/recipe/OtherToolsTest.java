package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations of mergekit's other tools are told from recipes. */
class OtherToolsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{base_model: a, gate_mode: hidden} | a mixture of experts",
        "{genome: {models: [a, b], merge_method: ties}, tasks: [arc]} | mergekit-evolve",
        "{model: b, base_model: a, out_path: c, max_rank: 32} | mergekit-extract-lora",
        "{layer_slices: [{model: a, start: 0, end: 4}]} | bakllama"
      })
  void saysWhatAConfigurationIsInOneMessage(String yaml, String tool) {
    assertThatThrownBy(() -> Recipes.parse(yaml, UnknownKeys.NOTICE))
        .isInstanceOfSatisfying(
            RecipeException.class,
            refused ->
                assertThat(refused.getMessage())
                    .startsWith("recipe.yml:1: th")
                    .contains(tool)
                    .doesNotContain("\n"));
  }

  @Test
  void aRecipeWithAMethodIsNoneOfThem() {
    assertThatThrownBy(
            () ->
                Recipes.parse(
                    "merge_method: linear\nmax_rank: 3\nmodel: a\nbase_model: b\n",
                    UnknownKeys.NOTICE))
        .hasMessage(
            "recipe.yml:1: there is nothing to merge; add `models` or `slices`\n"
                + "recipe.yml:3: `model` is not a key of a recipe; did you mean `models`?");
  }

  @Test
  void whatIsNoneOfThemLacksItsMethod() {
    assertThatThrownBy(() -> Recipes.parse("models: [{model: a}]\n", UnknownKeys.NOTICE))
        .hasMessageStartingWith("recipe.yml:1: `merge_method` is missing; choose one of");
  }
}
