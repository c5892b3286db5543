package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.MergeMethods;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterWordsTest {
  private static Map<String, String> words(String recipe) {
    return ParameterWords.of(new RecipeParser(MergeMethods.all()).parse("test", recipe));
  }

  @Test
  void eachModelHasItsOwnAndTheMergeTheRest() {
    Map<String, String> words =
        words(
            """
            merge_method: ties
            base_model: base
            models:
              - {model: a, parameters: {weight: 1, density: 0.5}}
              - {model: b, parameters: {weight: 0.25}}
            parameters: {density: 0.3, normalize: true}
            """);

    assertThat(words)
        .containsEntry("a", "weight 1, density 0.5")
        .containsEntry("b", "weight 0.25")
        .containsEntry("", "density 0.3, normalize true")
        .doesNotContainKey("base");
  }

  @Test
  void gradientsAndFiltersAreShown() {
    Map<String, String> words =
        words(
            """
            merge_method: linear
            models:
              - model: a
                parameters: {weight: [{filter: mlp, value: [0, 0.5, 1]}, {value: 0.3}]}
              - {model: b, parameters: {weight: 1}}
            """);

    assertThat(words).containsEntry("a", "weight 0 … 0.5 … 1 (mlp) / 0.3");
  }

  @Test
  void aModelOfSeveralSlicesHasWhatEachGivesIt() {
    Map<String, String> words =
        words(
            """
            merge_method: linear
            slices:
              - sources:
                  - {model: a, layer_range: [0, 2], parameters: {weight: 1}}
                  - {model: b, layer_range: [0, 2], parameters: {weight: 0.5}}
              - sources:
                  - {model: a, layer_range: [2, 4], parameters: {weight: 0.2}}
                  - {model: b, layer_range: [2, 4], parameters: {weight: 0.5}}
            """);

    assertThat(words).containsEntry("a", "weight 1; weight 0.2").containsEntry("b", "weight 0.5");
  }
}
