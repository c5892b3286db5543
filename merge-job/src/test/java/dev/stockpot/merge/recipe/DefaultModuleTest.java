package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** mergekit's {@code modules} of a model that has one part. */
class DefaultModuleTest {
  @Test
  void isReadAsTheRecipeItself() {
    Recipe recipe =
        parse(
            """
            merge_method: slerp
            base_model: a
            parameters: {t: 0.5}
            modules:
              default:
                slices:
                  - sources:
                      - {model: a, layer_range: [0, 2]}
                      - {model: b, layer_range: [0, 2]}
            """);

    assertThat(recipe.slices()).singleElement().matches(slice -> slice.sources().size() == 2);
    assertThat(recipe.parameters().sets("t")).isTrue();
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:4: `modules` with `default` alone says what the recipe says without them");
  }

  @Test
  void itsParametersComeBeforeThoseOfTheRecipe() {
    Recipe recipe =
        parse(
            """
            merge_method: linear
            parameters: {weight: 1, normalize: false}
            modules:
              default:
                parameters:
                  weight: [{filter: mlp, value: 0.25}]
                models:
                  - model: a
            """);

    ParameterSetting weight = recipe.parameters().setting("weight").orElseThrow();
    assertThat(weight.at("model.layers.0.mlp.up_proj.weight", 0)).isEqualTo(Optional.of(0.25));
    assertThat(weight.at("lm_head.weight", 0)).isEqualTo(Optional.of(1.0));
    assertThat(recipe.parameters().setting("normalize").orElseThrow().at("any", 0))
        .isEqualTo(Optional.of(false));
  }

  @Test
  void aValueForAllTensorsReplacesTheRecipes() {
    Recipe recipe =
        parse(
            """
            merge_method: linear
            parameters: {weight: [{filter: mlp, value: 3}, {value: 1}]}
            modules: {default: {parameters: {weight: [0, 2]}, models: [{model: a}]}}
            """);

    ParameterSetting weight = recipe.parameters().setting("weight").orElseThrow();
    assertThat(weight.at("model.layers.1.mlp.up_proj.weight", 1)).isEqualTo(Optional.of(2.0));
  }

  @Test
  void severalPartsAreRefusedWithWhatToWrite() {
    assertProblems(
        """
        merge_method: linear
        parameters: {weight: 1}
        models: [{model: a}]
        modules:
          text_decoder: {models: [{model: a}]}
          vision_tower: {models: [{model: a}]}
        """,
        "recipe.yml:4: `modules` is taken with a single module `default`; give `models` for all"
            + " parts of a model, or `slices` whose sources say which stack they mean, `stack:"
            + " text`");
  }

  @Test
  void refusesWhatIsGivenTwiceAndWhatAModuleDoesNotHave() {
    assertProblems(
        """
        merge_method: linear
        parameters: {weight: 1}
        models: [{model: a}]
        modules:
          default:
            models: [{model: b}]
            dtype: float32
        """,
        "recipe.yml:6: `models` is given twice, here and beside `modules`; keep one",
        "recipe.yml:7: `dtype` is not a key of a module; its keys are `models`, `slices`,"
            + " `parameters`");
  }
}
