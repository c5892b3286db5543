package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.recipe.Arrangement.Groups;
import dev.stockpot.merge.recipe.Arrangement.Kept;
import dev.stockpot.merge.recipe.ComposeRule.Take;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Places, lengths, counts and names of rules of compositions, at their edges. */
class ComposeNumbersTest extends RecipeComposeCases {
  private static final String KEEP =
      ", must be the first place along the axis and the one after the last, for example [0, 4096]";

  @Test
  void keepsPlacesFromTheFirstOn() {
    assertThat(take("{from: a, keep: [0, 1]}").arrangement().kept()).contains(new Kept(0, 1));
    assertThat(take("{from: a, keep: [4096, '8192']}").arrangement().kept())
        .contains(new Kept(4096, 8192));
    assertThat(take("{from: a}").arrangement().kept()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[0, 4, x]", // one more word is no word less
        "[x, 0, 4]",
        "[0, 4, 8]",
        "[0]",
        "[]",
        "[0.5, 4]",
        "[-1, 4]",
        "[4, 4]",
        "[5, 4]",
        "[0, .inf]",
        "[0, 1e30]",
        "[0, .nan]",
        "[[0], 4]",
        "4"
      })
  void whatIsNoPlacesIsRefused(String keep) {
    assertProblems(
        ONE.formatted("{from: a, keep: %s}".formatted(keep)),
        "recipe.yml:2: `keep` is " + keep + KEEP);
  }

  @ParameterizedTest
  @CsvSource({
    "heads, HEADS, 0",
    "key_value_heads, KEY_VALUE_HEADS, 0",
    "rows, ROWS, 0",
    "1, COUNT, 1",
    "4, COUNT, 4"
  })
  void partsTakeTurns(String word, Groups.Kind kind, long count) {
    Take rule = take("{from: a, as: [q, k], groups: %s}".formatted(word));
    assertThat(rule.arrangement().groups()).isEqualTo(new Groups(kind, count));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-2", "1.5", ".inf", "1e19", "Heads"})
  void turnsAreANumberAboveZeroOrAWord(String groups) {
    assertProblems(
        ONE.formatted("{from: a, as: [q, k], groups: %s}".formatted(groups)),
        "recipe.yml:2: `groups` is %s, must be how often the parts take turns: a number, `heads`, `key_value_heads` or `rows`"
            .formatted(groups));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "2.0, 2"})
  void axesAreCounted(String axis, int number) {
    assertThat(take("{from: a, axis: %s}".formatted(axis)).arrangement().axis()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "-1", "0.5", "rows", "[0]", ".inf"})
  void thereAreEightAxes(String axis) {
    assertProblems(
        ONE.formatted("{from: a, axis: %s}".formatted(axis)),
        "recipe.yml:2: `axis` is %s, must be a whole number from 0, rows being 0".formatted(axis));
  }

  @Test
  void sizesAreLengthsOrThoseOfHeads() {
    assertThat(take("{from: a, as: [q, k], sizes: [1, 4096]}").arrangement().sizes().lengths())
        .containsExactly(1L, 4096L);
    assertThat(take("{from: a, as: [q, k, v], sizes: heads}").arrangement().sizes())
        .isEqualTo(Arrangement.Sizes.OF_HEADS);
    assertThat(take("{from: a, as: [q, k]}").arrangement().sizes())
        .isEqualTo(Arrangement.Sizes.EQUAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[.inf, 1]", "[x, 1]", "[1.5, 1]", "[0, 1]"})
  void sizesAreEachALength(String sizes) {
    assertProblems(
        ONE.formatted("{from: a, as: [q, k], sizes: %s}".formatted(sizes)),
        "recipe.yml:2: `sizes` is %s, must be lengths above 0, one for each name".formatted(sizes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[.inf]", "[1e30]", "[2, .nan]", "[2, -1]", "[[2]]", "[x]"})
  void aShapeIsOfLengths(String shape) {
    assertProblems(
        NEW.formatted("init: zeros, shape: " + shape),
        "recipe.yml:3: `shape` is %s, must be lengths above 0, for example [10, 512]"
            .formatted(shape));
  }

  @Test
  void aShapeOfMoreThanCanBeCountedIsRefused() {
    assertProblems(
        NEW.formatted("init: zeros, shape: [4294967296, 4294967296]"),
        "recipe.yml:3: `shape` is [4294967296, 4294967296], more elements than can be counted");
    assertThat(fresh("init: zeros, shape: [4294967296, 1024]").shape().dimensions())
        .isEqualTo(List.of(4294967296L, 1024L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "as: 'x$'       | x$   | Illegal group reference: group index is missing",
        "as: ['y', '$'] | $    | Illegal group reference: group index is missing",
        "as: 'x\\'      | x\\  | character to be escaped is missing",
        "as: '${n}'     | ${n} | No group with name {n}",
        "join: ['x$']   | x$   | Illegal group reference: group index is missing",
      })
  void whatStandsInANameIsUnderstoodBeforeAnyNameIsMade(String keys, String name, String why) {
    assertProblems(
        ONE.formatted("{from: a, match: '^h', %s}".formatted(keys)),
        "recipe.yml:2: `%s` makes no name: %s; write `\\$` for a dollar, and `\\\\` for a backslash"
            .formatted(name, why));
  }

  @Test
  void dollarsAndGroupsMayStandInNames() {
    Take rule = take("{from: a, match: '^(h)(?<n>[0-9])', as: 'x\\$$1-${n}-$2'}");
    assertThat(rule.match().replaced("h7.w", rule.as().get(0))).contains("x$h-7-7.w");
    assertThat(take("{from: a, match: '(?i)H', as: ''}").as()).containsExactly("");
  }

  @Test
  void aTensorIsJoinedFromOneModelAndNoPattern() {
    assertProblems(
        ONE.formatted("{from: a, match: q, join: [{from: 'b*', name: k}], as: qk}"),
        "recipe.yml:2: an element of `join` is a name, or {from: MODEL, name: NAME}, not {from:"
            + " …}");
  }
}
