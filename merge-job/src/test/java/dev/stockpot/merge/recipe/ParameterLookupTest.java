package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterLookupTest {
  private static final String SLERP =
      """
      # the shape of most published slerp recipes
      slices:
        - sources:
            - model: OpenPipe/mistral-ft-optimized-1218
              layer_range: [0, 32]
            - model: mlabonne/NeuralHermes-2.5-Mistral-7B
              layer_range: [0, 32]
      merge_method: slerp
      base_model: OpenPipe/mistral-ft-optimized-1218
      parameters:
        t:
          - filter: self_attn
            value: [0, 0.5, 0.3, 0.7, 1]
          - filter: mlp
            value: [1, 0.5, 0.7, 0.3, 0]
          - value: 0.5 # fallback for rest of tensors
      dtype: bfloat16
      """;

  private static final String TIES =
      """
      models:
        - model: base # no parameters necessary for base model
        - model: math
          parameters:
            density: [1, 0.7, 0.1]
            weight: 1.0
        - model: code
          parameters:
            density: 0.33
            weight:
              - filter: mlp
                value: 0.5
              - filter: layers.3.
                value: 0.25
        - model: chat
      merge_method: ties
      base_model: base
      parameters:
        weight:
          - filter: self_attn
            value: [0.2, 0.6]
          - filter: mlp
            value: 0.9
        normalize: yes
        int8_mask: true
      dtype: float16
      """;

  private static ResolvedParameters model(int source, String tensor, double t) {
    Recipe recipe = parse(TIES);
    Slice slice = recipe.slices().get(0);
    return new ParameterLookup(recipe).modelValues(slice, slice.sources().get(source), tensor, t);
  }

  // gradient over 32 layers: layer 4 is at t = 4/31, so x = 16/31 of the first line, and so on
  @ParameterizedTest
  @CsvSource({
    "model.layers.0.self_attn.q_proj.weight, 0, 0",
    "model.layers.4.self_attn.q_proj.weight, 0.12903225806451613, 0.25806451612903225",
    "model.layers.31.self_attn.q_proj.weight, 1, 1",
    "model.layers.0.mlp.up_proj.weight, 0, 1",
    "model.layers.12.mlp.up_proj.weight, 0.375, 0.6",
    "model.layers.31.mlp.up_proj.weight, 1, 0",
    "model.layers.31.input_layernorm.weight, 1, 0.5",
    "lm_head.weight, 0, 0.5"
  })
  void aPublishedSlerpRecipeGivesEveryTensorItsT(String tensor, double t, double expected) {
    Recipe recipe = parse(SLERP);
    ResolvedParameters found =
        new ParameterLookup(recipe).mergeValues(recipe.slices().get(0), tensor, t);
    // the last digit: the sum of two rounded products
    assertThat((Double) found.values().values().get("t")).isCloseTo(expected, offset(1e-15));
    assertThat(found.missing()).isEmpty();
  }

  @Test
  void aModelsOwnValueComesFirst() {
    assertThat(model(1, "model.layers.0.self_attn.q_proj.weight", 0.25).values().values())
        .isEqualTo(Map.of("weight", 1.0, "density", 0.85));
  }

  @Test
  void theFirstFilterThatMatchesTheInputTensorCounts() {
    assertThat(model(2, "model.layers.3.mlp.up_proj.weight", 1).values().values().get("weight"))
        .isEqualTo(0.5);
    assertThat(
            model(2, "model.layers.3.self_attn.q_proj.weight", 1).values().values().get("weight"))
        .isEqualTo(0.25);
  }

  @Test
  void aTensorThatNoFilterMatchesFallsThroughToTheRecipe() {
    assertThat(model(2, "model.layers.4.self_attn.q_proj.weight", 0.5).values().values())
        .isEqualTo(Map.of("weight", 0.4, "density", 0.33));
  }

  @Test
  void aModelWithoutParametersTakesTheRecipesAndTheDefaults() {
    assertThat(model(3, "model.layers.9.mlp.up_proj.weight", 0.5).values().values())
        .isEqualTo(Map.of("weight", 0.9, "density", 1.0));
  }

  @Test
  void namesARequiredParameterThatNoFilterGives() {
    ResolvedParameters found = model(3, "lm_head.weight", 0);
    assertThat(found.missing()).containsExactly("weight");
    assertThat(found.values().values()).isEqualTo(Map.of("density", 1.0));
  }

  @Test
  void aBaseThatIsNotMergedNeedsNothing() {
    assertThat(model(0, "lm_head.weight", 0)).isEqualTo(ResolvedParameters.NONE);
  }

  @Test
  void parametersOfTheMergeAreThoseOfTheRecipeAndTheDefaults() {
    Recipe recipe = parse(TIES);
    assertThat(
            new ParameterLookup(recipe)
                .mergeValues(recipe.slices().get(0), "lm_head.weight", 0)
                .values()
                .values())
        .isEqualTo(Map.of("normalize", true, "rescale", false, "lambda", 1.0, "int8_mask", true));
  }

  @Test
  void aSlicesValueStandsBetweenTheModelsAndTheRecipes() {
    Recipe recipe =
        parse(
            """
            merge_method: linear
            parameters: {weight: 1, normalize: true}
            slices:
              - parameters: {weight: 2, normalize: false}
                sources:
                  - {model: a, layer_range: [0, 2]}
                  - {model: b, layer_range: [0, 2], parameters: {weight: 3}}
              - sources:
                  - {model: a, layer_range: [2, 4]}
            """);
    ParameterLookup lookup = new ParameterLookup(recipe);
    Slice first = recipe.slices().get(0);
    Slice second = recipe.slices().get(1);
    assertThat(
            lookup
                .modelValues(first, first.sources().get(0), "x", 0)
                .values()
                .values()
                .get("weight"))
        .isEqualTo(2.0);
    assertThat(
            lookup
                .modelValues(first, first.sources().get(1), "x", 0)
                .values()
                .values()
                .get("weight"))
        .isEqualTo(3.0);
    assertThat(
            lookup
                .modelValues(second, second.sources().get(0), "x", 0)
                .values()
                .values()
                .get("weight"))
        .isEqualTo(1.0);
    assertThat(lookup.mergeValues(first, "x", 0).values().values().get("normalize"))
        .isEqualTo(false);
    assertThat(lookup.mergeValues(second, "x", 0).values().values().get("normalize"))
        .isEqualTo(true);
  }
}
