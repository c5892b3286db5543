package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told and stops nothing, and what somebody else found. */
class ProblemsToldTest {
  private final Problems problems = new Problems("recipe.yml");

  private void tell(int from, int to, String message) {
    IntStream.rangeClosed(from, to).forEach(line -> problems.tell(line, message));
  }

  @Test
  void whatIsToldIsNoProblem() {
    problems.tell(3, "a");
    assertThat(problems.isEmpty()).isTrue();
    assertThat(problems.count()).isZero();
    assertThat(problems.sorted()).isEmpty();
    problems.throwIfAny();
    assertThat(problems.told()).containsExactly("recipe.yml:3: a");
  }

  @Test
  void isToldByTheFirstLineOfEach() {
    problems.tell(9, "late");
    problems.tell(2, "early");
    problems.tell(1, "late");
    problems.tell(0, "whole");
    assertThat(problems.told())
        .containsExactly(
            "recipe.yml: whole", "recipe.yml:1: late (also in line 9)", "recipe.yml:2: early");
  }

  @Test
  void namesEachLineOnceInTheirOrder() {
    problems.tell(5, "a");
    problems.tell(3, "a");
    problems.tell(5, "a");
    problems.tell(4, "a");
    assertThat(problems.told()).containsExactly("recipe.yml:3: a (also in line 4, 5)");
  }

  @Test
  void namesEightMoreLinesAndThenDots() {
    tell(1, 9, "a");
    assertThat(problems.told())
        .containsExactly("recipe.yml:1: a (also in line 2, 3, 4, 5, 6, 7, 8, 9)");
    tell(10, 10, "a");
    assertThat(problems.told())
        .containsExactly("recipe.yml:1: a (also in line 2, 3, 4, 5, 6, 7, 8, 9, …)");
  }

  @Test
  void whatIsToldStaysOnOneLine() {
    problems.tell(1, "a\u2028b\r\nc\u0000");
    assertThat(problems.told()).containsExactly("recipe.yml:1: a b c ");
  }

  @Test
  void whatOthersFoundComesBehindAndHasItsOwnPlaces() {
    Problems others = new Problems("stage");
    others.add(7, "x");
    others.add(1, "y");
    problems.include(found(others));
    assertThat(problems.isEmpty()).isFalse();
    assertThat(problems.count()).as("of its own").isZero();
    problems.add(4, "own");
    assertThatThrownBy(problems::throwIfAny)
        .isInstanceOf(RecipeException.class)
        .hasMessage("recipe.yml:4: own\nstage:1: y\nstage:7: x");
  }

  private static RecipeException found(Problems problems) {
    return new RecipeException(problems.sorted());
  }

  @Test
  void aRefusalMayHaveTheRestOfTheRecipe() {
    Recipe rest = Recipes.parse("merge_method: passthrough\nmodels: [{model: a}]\n");
    assertThat(new RecipeException(List.of("a", "b"), Optional.of(rest)).rest()).contains(rest);
    assertThat(new RecipeException(List.of("a", "b")).rest()).isEmpty();
  }
}
