package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Experts that are taken out of a mixture. */
class RecipeTakenTest {
  private static ExpertChoice taken(String keys) {
    return parse("base_model: m\n" + keys + "\n").taken().orElseThrow();
  }

  @Test
  void oneExpertBecomesADenseModel() {
    assertThat(taken("expert: 3")).isEqualTo(new ExpertChoice(List.of(3), true, false, 2));
    assertThat(taken("expert: 0").experts()).containsExactly(0);
  }

  @Test
  void theSharedExpertHasNoNumber() {
    assertThat(taken("expert: shared")).isEqualTo(new ExpertChoice(List.of(), true, true, 2));
  }

  @Test
  void severalStayAMixtureInTheirOrder() {
    assertThat(taken("keep_experts: [5, 0, 999999]"))
        .isEqualTo(new ExpertChoice(List.of(5, 0, 999_999), false, false, 2));
    Recipe recipe =
        parse("base_model: m\nkeep_experts: [1]\ndtype: bfloat16\nout_dtype: float16\n");
    assertThat(recipe.dtype()).contains(DType.BF16);
    assertThat(recipe.outDtype()).contains(DType.F16);
    assertThat(recipe.references()).extracting(ModelReference::path).containsExactly("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expert: first | `expert` is first, must be the number of an expert, counted from 0, or"
            + " `shared`",
        "expert: -1 | `expert` is -1, must be the number of an expert, counted from 0, or `shared`",
        "expert: 1.0 | `expert` is 1.0, must be the number of an expert, counted from 0, or"
            + " `shared`",
        "expert: 1000000 | `expert` is 1000000, must be the number of an expert, counted from 0, or"
            + " `shared`",
        "expert: [1] | `expert` must be one word",
        "keep_experts: [0, x] | an element of `keep_experts` is x, must be the number of an expert,"
            + " counted from 0",
        "keep_experts: [0, [1]] | an element of `keep_experts` is [1], must be the number of an"
            + " expert, counted from 0",
        "keep_experts: [2, 1, 2] | expert 2 is kept twice, and each token would find both or none;"
            + " keep it once",
        "keep_experts: [] | `keep_experts` is empty; list at least one",
        "keep_experts: 3 | `keep_experts` must be a list",
      })
  void whatNamesNoExpertIsRefused(String keys, String problem) {
    assertProblems("base_model: m\n" + keys + "\n", "recipe.yml:2: " + problem);
  }

  @Test
  void oneAndSeveralExcludeEachOther() {
    assertProblems(
        "base_model: m\nexpert: 1\nkeep_experts: [2]\n",
        "recipe.yml:3: `expert` makes a dense model and `keep_experts` a mixture; keep one of"
            + " them");
  }

  @Test
  void aKeyWithoutAValueNamesNoExpert() {
    for (String key : List.of("expert:", "keep_experts:")) {
      assertProblems(
          "base_model: m\n" + key + "\n",
          "recipe.yml:%s: no expert is named; `keep_experts: [0, 2]` names those that stay, counted from 0, `expert: 2` one"
              .formatted(key.equals("expert:") ? 1 : 2));
    }
  }

  @Test
  void theMixtureIsNamed() {
    assertProblems(
        "expert: 1\n",
        "recipe.yml:1: `base_model` is missing: the mixture whose experts are taken");
    assertProblems(
        "base_model: 'm*'\nexpert: 1\n",
        "recipe.yml:1: `base_model` is the pattern m*; name one model");
  }

  @Test
  void otherWaysToTakeExpertsAreNone() {
    assertThatThrownBy(() -> new ExpertChoice(List.of(0, 1), true, false, 1))
        .hasMessage("experts [0, 1] of a mixture");
    assertThatThrownBy(() -> new ExpertChoice(List.of(0), true, true, 1))
        .hasMessage("experts [0] of a mixture");
    assertThatThrownBy(() -> new ExpertChoice(List.of(), false, false, 1))
        .hasMessage("experts [] of a mixture");
    assertThatThrownBy(() -> new ExpertChoice(List.of(0), false, true, 1))
        .hasMessage("experts [0] of a mixture");
  }
}
