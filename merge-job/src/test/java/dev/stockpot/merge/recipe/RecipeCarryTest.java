package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.recipe.Carry.Method;
import dev.stockpot.merge.recipe.Carry.Tokens;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that carry tensors to another width or vocabulary. */
class RecipeCarryTest extends RecipeComposeCases {
  private static Tokens tokens(String tokens) {
    return take("{from: a, tokens: %s}".formatted(tokens)).carry().tokens().orElseThrow();
  }

  @Test
  void mostTensorsAreCarriedNowhere() {
    assertThat(take("{from: a}").carry()).isEqualTo(Carry.NONE);
  }

  @Test
  void aTensorGoesThroughOneMapAndOntoAnother() {
    assertThat(take("{from: a, through: s, onto: t}").carry())
        .isEqualTo(new Carry(Optional.of("s"), Optional.of("t"), Optional.empty()));
  }

  @Test
  void rowsOfTokensAreSumsOfSixtyFourUnlessSaid() {
    assertThat(tokens("{of: b}")).isEqualTo(new Tokens(new ModelReference("b", 2), Method.OMP, 64));
    assertThat(tokens("{of: b, k: 1}").most()).isEqualTo(1);
    assertThat(tokens("{of: b, k: 1000}").most()).isEqualTo(1000);
    assertThat(take("{from: a, tokens: {of: b}}").models())
        .extracting(ModelReference::path)
        .containsExactly("a", "b");
  }

  @ParameterizedTest
  @EnumSource
  void everyMethodHasItsWord(Method method) {
    assertThat(tokens("{of: b, method: %s}".formatted(method.word())).method()).isEqualTo(method);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1001", "1.5"})
  void sumsAreOfAWholeNumberOfRows(String k) {
    assertProblems(
        ONE.formatted("{from: a, tokens: {of: b, k: %s}}".formatted(k)),
        "recipe.yml:2: `k` is %s, must be a whole number from 1 to 1000"
            .formatted(Double.valueOf(k)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokens: {method: mean} | `tokens` names the model whose tokens they are: `of: MODEL`",
        "tokens: {of: b, method: avg} | `method` is avg, must be one of `omp`, `interpolation`,"
            + " `subword`, `mean`",
        "tokens: {of: 'b*'} | `of` is the pattern b*; name one model",
        "tokens: {of: b, most: 3} | `most` has no effect here: it is not a key of `tokens` of a"
            + " rule; its keys are `of`, `method`, `k`",
        "tokens: b | `tokens` must be a mapping, `name: value`",
        "tokens: {of: b}, onto: t | `tokens` gives rows to an embedding as it is; `through` and"
            + " `onto` belong to another rule",
        "tokens: {of: b}, through: t | `tokens` gives rows to an embedding as it is; `through` and"
            + " `onto` belong to another rule",
        "through: [t] | `through` must be one word",
      })
  void whatCarriesNothingIsRefused(String keys, String problem) {
    assertProblems(ONE.formatted("{from: a, %s}".formatted(keys)), "recipe.yml:2: " + problem);
  }

  @Test
  void aSumHasARow() {
    ModelReference model = new ModelReference("b", 2);
    assertThatThrownBy(() -> new Tokens(model, Method.OMP, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sums of 0 rows");
  }
}
