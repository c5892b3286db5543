package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that values of parameters have. */
class RecipeParameterFormsTest extends RecipeParameterCases {
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
}
