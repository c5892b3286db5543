package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recipe may give as parameters, and where. */
class RecipeParametersTest {

  private static String ties(String parameters) {
    return """
    merge_method: ties
    base_model: base
    models:
      - model: a
        parameters:
          weight: 1
    parameters:
      %s
    """
        .formatted(parameters);
  }

  private static Object valueOf(String parameters, String name) {
    Recipe recipe = parse(ties(parameters));
    Slice slice = recipe.slices().get(0);
    return new ParameterLookup(recipe).mergeValues(slice, "x", 0).values().values().get(name);
  }

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

  @ParameterizedTest
  @CsvSource({"heavy, heavy", "true, true", ".nan, .nan", ".inf, .inf", "'', empty", "0x, 0x"})
  void rejectsValuesThatAreNoNumbers(String value, String shown) {
    assertProblems(
        ties("lambda: " + (value.isEmpty() ? "''" : value)),
        "recipe.yml:8: `lambda` is %s, must be a number".formatted(shown));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "'\"0.5\"', 0.5", "'\"-1e-3\"', -0.001", ".5, 0.5"})
  void numbersMayBeWholeOrQuoted(String value, double number) {
    assertThat(valueOf("lambda: " + value, "lambda")).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true",
    "yes, true",
    "On, true",
    "1, true",
    "1.0, true",
    "'\"true\"', true",
    "false, false",
    "no, false",
    "OFF, false",
    "0, false"
  })
  void flagsMayBeSpelledAsPythonToolsReadThem(String value, boolean flag) {
    assertThat(valueOf("rescale: " + value, "rescale")).isEqualTo(flag);
  }

  @Test
  void rejectsFlagsThatAreNeitherTrueNorFalse() {
    assertProblems(ties("rescale: 0.5"), "recipe.yml:8: `rescale` is 0.5, must be true or false");
  }

  @Test
  void rejectsAGradientOfAFlag() {
    assertProblems(
        ties("rescale: [0, 1]"),
        "recipe.yml:8: `rescale` must be true or false, the same for all layers; give it one"
            + " value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[0.5, {value: 1}]", "[[1]]", "[{value: {value: 1}}]"})
  void rejectsValuesOfAnyOtherForm(String value) {
    assertProblems(
        ties("lambda: " + value),
        "recipe.yml:8: `lambda` must be a value, a list of numbers, `{steps: [numbers]}` or a list"
            + " of `{filter: …, value: …}`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{steps: []}", "{steps: 1}", "{steps: [[1]]}", "{steps: [1], value: 2}"})
  void rejectsStepsThatAreNoNumbers(String value) {
    assertProblems(
        ties("lambda: " + value),
        "recipe.yml:8: `steps` of `lambda` must be a list of numbers, one for each group of layers,"
            + " with nothing beside it");
  }

  @Test
  void rejectsStepsOfAFlagAndNumbersOutOfRange() {
    assertProblems(
        ties("rescale: {steps: [0, 1]}"),
        "recipe.yml:8: `rescale` must be true or false, the same for all layers; give it one"
            + " value");
    assertProblems(
        ties("lambda: {steps: [1, x]}"),
        "recipe.yml:8: element 2 of `lambda` is x, must be a number");
  }

  @Test
  void stepsMayStandBehindAFilter() {
    assertThat(valueOf("lambda: [{filter: x, value: {steps: [2, 3]}}]", "lambda")).isEqualTo(2.0);
    assertThat(valueOf("lambda: {steps: [2, 3]}", "lambda")).isEqualTo(2.0);
  }

  @Test
  void rejectsAChoiceWithoutValueOrWithOtherKeys() {
    assertProblems(
        ties("lambda: [{filter: mlp}, {filtre: mlp, value: 1}]"),
        "recipe.yml:8: this choice for `lambda` has no `value`; add one",
        "recipe.yml:8: `filtre` is not a key of a filtered value; did you mean `filter`?");
  }

  @Test
  void aSingleChoiceNeedsNoList() {
    assertThat(valueOf("lambda: {filter: x, value: 2}", "lambda")).isEqualTo(2.0);
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
