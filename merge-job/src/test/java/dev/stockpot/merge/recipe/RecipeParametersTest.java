package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;

import org.junit.jupiter.api.Test;

/** What a recipe may give as parameters, and where. */
class RecipeParametersTest extends RecipeParameterCases {
  @Test
  void suggestsAParameterForOneThatIsMisspelled() {
    assertProblems(
        ties("densty: 0.5"),
        "recipe.yml:8: ties has no parameter `densty`; did you mean `density`? It has `weight`,"
            + " `density`, `normalize`, `rescale`, `lambda`, `int8_mask`");
  }

  @Test
  void namesAllParametersWhereAnUnknownOneIsLikeNone() {
    assertProblems(
        ties("gamma: 0.5"),
        "recipe.yml:8: `gamma` has no effect here: ties has no such parameter; it has `weight`,"
            + " `density`, `normalize`, `rescale`, `lambda`, `int8_mask`");
  }

  @Test
  void rejectsParametersLeftOverFromAnotherMethod() {
    assertProblems(
        """
        merge_method: slerp
        base_model: a
        models:
          - model: a
          - model: b
            parameters:
              weight: 0.5
        parameters:
          t: 0.5
          normalize: true
        """,
        "recipe.yml:7: `weight` has no effect here: slerp has no such parameter; remove the line",
        "recipe.yml:10: `normalize` has no effect here: slerp has no such parameter; remove the"
            + " line");
  }

  @Test
  void rejectsAParameterOfTheMergeUnderAModel() {
    assertProblems(
        """
        merge_method: linear
        models:
          - model: a
            parameters:
              weight: 1
              normalize: false
        """,
        "recipe.yml:6: `normalize` has no effect here: it has one value for all models; move it to"
            + " the `parameters` of the recipe");
  }

  @Test
  void rejectsAParameterThatStandsBesideParametersOfAModel() {
    assertProblems(
        """
        merge_method: passthrough
        models:
          - model: a
            scale: 2
        """,
        "recipe.yml:4: `scale` has no effect here: it is a parameter; put it under `parameters` to"
            + " have it in place of the default, 1");
  }

  @Test
  void rejectsParametersThatAreNoMapping() {
    assertProblems(
        """
        merge_method: passthrough
        models:
          - model: a
            parameters: [1]
        """,
        "recipe.yml:4: `parameters` must be a mapping, `name: value`");
  }

  @Test
  void rejectsValuesOutOfRangeInEveryElementAndEveryFilter() {
    assertProblems(
        """
        merge_method: ties
        base_model: base
        models:
          - model: a
            parameters:
              weight: 1
              density:
                - filter: mlp
                  value: [0.1, 1.1, -1]
                - filter: attn
                  value: 2
                - value:
                  - 0.5
                  - 7
        """,
        "recipe.yml:9: element 2 of `density` is 1.1, must be a number from 0 to 1",
        "recipe.yml:9: element 3 of `density` is -1, must be a number from 0 to 1",
        "recipe.yml:11: `density` is 2, must be a number from 0 to 1",
        "recipe.yml:14: element 2 of `density` is 7, must be a number from 0 to 1");
  }

  @Test
  void rejectsAParameterWithoutValue() {
    assertProblems(ties("lambda:"), "recipe.yml:8: `lambda` is empty, must be a number");
  }

  @Test
  void rejectsAModelWithoutARequiredParameter() {
    assertProblems(
        """
        merge_method: ties
        base_model: base
        models:
          - model: a
            parameters: {weight: 1}
          - model: b
            parameters: {density: 0.5}
        """,
        "recipe.yml:6: `b` has no `weight`, which ties needs; give it one under its `parameters`");
  }

  @Test
  void aFaultyValueIsNotAlsoMissing() {
    assertProblems(
        """
        merge_method: linear
        models:
          - model: a
            parameters: {weight: much}
        """,
        "recipe.yml:4: `weight` is much, must be a number");
  }

  @Test
  void rejectsAMergeWithoutARequiredParameter() {
    assertProblems(
        """
        merge_method: slerp
        base_model: a
        models:
          - model: a
          - model: b
        """,
        "recipe.yml:1: slerp needs `t`; give it under the recipe's `parameters`");
  }

  @Test
  void rejectsASliceWithoutAParameterThatOtherSlicesHave() {
    assertProblems(
        """
        merge_method: slerp
        base_model: a
        slices:
          - parameters: {t: 0.5}
            sources:
              - {model: a, layer_range: [0, 2]}
              - {model: b, layer_range: [0, 2]}
          - sources:
              - {model: a, layer_range: [2, 4]}
              - {model: b, layer_range: [2, 4]}
        """,
        "recipe.yml:8: this slice has no `t`, which slerp needs; give it under the `parameters` of"
            + " the slice or the recipe");
  }

  @Test
  void aFaultBehindAnAliasIsReportedOnce() {
    assertProblems(
        """
        merge_method: ties
        base_model: base
        models:
          - model: a
            parameters: &same
              weight: 1
              density: 3
          - model: b
            parameters: *same
          - model: c
            parameters:
              <<: *same
              weight: 2
        """,
        "recipe.yml:7: `density` is 3, must be a number from 0 to 1");
  }
}
