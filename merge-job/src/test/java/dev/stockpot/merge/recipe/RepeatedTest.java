package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A model that is listed twice. */
class RepeatedTest {
  @Test
  void countsTwiceWhereModelsHaveWeights() {
    Recipe recipe =
        parse(
            """
            merge_method: linear
            models:
              - model: a
                parameters: {weight: 0.1}
              - model: b
                parameters: {weight: 1}
              - model: a/
                parameters: {weight: 0.4}
            """);

    assertThat(recipe.slices().get(0).sources())
        .extracting(source -> source.model().path())
        .containsExactly("a", "b", "a");
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:7: `a` is listed twice, here and in line 3, and counts for both: the weights"
                + " add. mergekit takes the first alone");
  }

  @Test
  void countsOnceWhereTheMethodWeighsNoModels() {
    Recipe recipe =
        parse(
            """
            merge_method: model_stock
            base_model: base
            models:
              - model: a
              - model: b
              - model: a
            """);

    assertThat(recipe.slices().get(0).sources())
        .extracting(source -> source.model().path())
        .containsExactly("a", "b", "base");
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:6: `a` is listed twice, here and in line 4, and counts once, as model_stock"
                + " weighs no models");
  }

  @Test
  void aBaseModelCountsOnce() {
    Recipe recipe =
        parse(
            """
            merge_method: ties
            base_model: base
            models:
              - model: base
              - model: a
                parameters: {weight: 1}
              - model: base
                parameters: {weight: 1}
            """);

    assertThat(recipe.slices().get(0).sources()).hasSize(2);
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:7: `base` is listed twice, here and in line 4, and counts once: it is the"
                + " base model");
  }

  @Test
  void otherLayersOfAModelAreMoreToMergeWhereModelsHaveWeights() {
    Recipe recipe =
        parse(
            """
            merge_method: linear
            slices:
              - sources:
                  - {model: a, layer_range: [0, 2], parameters: {weight: 1}}
                  - {model: a, layer_range: [2, 4], parameters: {weight: 1}}
            """);

    assertThat(recipe.slices().get(0).sources()).hasSize(2);
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:5: `a` is listed twice, here and in line 4 with other layers, and both"
                + " count. mergekit takes the first alone");
  }

  @Test
  void otherLayersOfAModelAreRefusedElsewhere() {
    assertProblems(
        """
        merge_method: slerp
        base_model: a
        parameters: {t: 0.5}
        slices:
          - sources:
              - {model: a, layer_range: [0, 2]}
              - {model: a, layer_range: [2, 4]}
        """,
        "recipe.yml:7: `a` is listed twice, here and in line 6 with other layers; remove one");
  }

  @Test
  void whatIsLeftMustStillBeEnough() {
    assertProblems(
        """
        merge_method: model_stock
        base_model: a
        models:
          - model: b
          - model: b
        """,
        "recipe.yml:3: model_stock takes 2 to 9 models beside its base model, and there is 1 here;"
            + " add 1");
  }
}
