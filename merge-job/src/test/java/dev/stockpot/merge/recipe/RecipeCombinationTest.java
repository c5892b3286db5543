package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.recipe.Combination.Rule;
import dev.stockpot.merge.recipe.Combination.Space;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a recipe says that adapters become one. */
class RecipeCombinationTest {
  private static String recipe(String output) {
    return """
        merge_method: task_arithmetic
        base_model: base
        models:
          - {model: base+a, parameters: {weight: 1}}
        output: {kind: adapter, %s}
        """
        .formatted(output);
  }

  private static AdapterChoice adapter(String output) {
    return parse(recipe(output)).adapter().orElseThrow();
  }

  private static Combination combination(String output) {
    return adapter(output).combination().orElseThrow();
  }

  @Test
  void makesNoneUnlessItIsAskedFor() {
    assertThat(adapter("rank: 4").combination()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"cat, CAT", "svd, SUM", "linear, FACTORS", "lorahub, LORAHUB"})
  void knowsTheWordsOfPeft(String word, Rule rule) {
    assertThat(combination("combination_type: " + word))
        .isEqualTo(new Combination(rule, Space.DENSE, 1, false));
  }

  @ParameterizedTest
  @CsvSource({
    "ties_svd, TIES",
    "dare_linear_svd, DARE",
    "dare_ties_svd, DARE_TIES",
    "magnitude_prune_svd, PRUNE"
  })
  void takesADensityWhereSomethingIsLeftOut(String word, Rule rule) {
    assertThat(combination("combination_type: %s, density: 0.6".formatted(word)))
        .isEqualTo(new Combination(rule, Space.DENSE, 0.6, false));
  }

  @Test
  void takesASpaceASignAndARank() {
    AdapterChoice choice =
        adapter(
            "combination_type: ties_svd, density: 0.5, space: core, majority_sign_method: frequency, svd_rank: 6");
    assertThat(choice.combination())
        .contains(new Combination(Rule.TIES, Space.CORE, 0.5, /* countsSigns= */ true));
    assertThat(choice.rule()).isEqualTo(RankRule.number(6));
    assertThat(adapter("combination_type: svd").rule()).isEqualTo(RankRule.number(RankRule.ANY));
    assertThat(adapter("combination_type: svd, energy: 0.9").rule().kind())
        .isEqualTo(RankRule.Kind.ENERGY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "combination_type: mean | recipe.yml:5: `combination_type` is mean, must be one of `cat`, `svd`, `ties_svd`, `dare_linear_svd`, `dare_ties_svd`, `magnitude_prune_svd`, `linear`, `lorahub`",
        "combination_type: ties | recipe.yml:5: `combination_type` is ties, which looks at elements of the factors, where they mean nothing: write `ties_svd`",
        "combination_type: cat, rank: 4 | recipe.yml:5: `combination_type: cat` keeps the factors of the adapters, and so has a rank already; leave the rank away, or write `svd`",
        "combination_type: cat, space: core | recipe.yml:5: `space` has no effect with `combination_type: cat`; remove the line",
        "combination_type: svd, density: 0.5 | recipe.yml:5: `density` has no effect with `combination_type: svd`; remove the line",
        "combination_type: ties_svd | recipe.yml:5: `density` is missing, must be a number above 0 and at most 1 for ties_svd",
        "combination_type: ties_svd, density: 0 | recipe.yml:5: `density` is 0, must be a number above 0 and at most 1 for ties_svd",
        "combination_type: ties_svd, density: 1.5 | recipe.yml:5: `density` is 1.5, must be a number above 0 and at most 1 for ties_svd",
        "combination_type: svd, space: flat | recipe.yml:5: `space` is flat, must be one of `dense`, `core`, `knots`",
        "combination_type: svd, majority_sign_method: all | recipe.yml:5: `majority_sign_method` is all, must be one of `total`, `frequency`",
        "combination_type: svd, rank: 4, svd_rank: 4 | recipe.yml:5: `rank` in line 5 and `svd_rank` in line 5 mean the same; keep one",
        "density: 0.5 | recipe.yml:5: `density` belongs to `combination_type`, which is not there",
        "svd_rank: 5 | recipe.yml:5: `svd_rank` belongs to `combination_type`, which is not there",
      })
  void refusesWhatItDoesNotUnderstand(String output, String problem) {
    assertProblems(recipe(output), problem);
  }

  @Test
  void takesTheWeightsOfTaskArithmeticAlone() {
    assertProblems(
        """
        merge_method: ties
        base_model: base
        models:
          - {model: base+a, parameters: {weight: 1, density: 1}}
        output: {kind: adapter, combination_type: svd}
        """,
        "recipe.yml:5: `combination_type` takes the weights of `merge_method: task_arithmetic`, not of ties");
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> new Combination(Rule.TIES, Space.DENSE, 0, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("density 0.0");
  }
}
