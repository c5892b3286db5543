package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  private final Problems problems = new Problems("recipe.yml");

  @Test
  void listsProblemsByLineAndThoseOfOneLineInTheOrderFound() {
    problems.add(12, "b");
    problems.add(3, "c");
    problems.add(12, "a");
    problems.add(0, "whole");
    assertThatThrownBy(problems::throwIfAny)
        .isInstanceOf(UserException.class)
        .hasMessage("recipe.yml: whole\nrecipe.yml:3: c\nrecipe.yml:12: b\nrecipe.yml:12: a");
  }

  @Test
  void keepsAProblemOnOneLineWhateverItQuotes() {
    problems.add(3, "`a\r\nb\u001B[31m` is no key");
    assertThat(problems.sorted()).containsExactly("recipe.yml:3: `a b [31m` is no key");
  }

  @Test
  void saysTheSameThingOnce() {
    problems.add(3, "c");
    problems.add(3, "c");
    assertThat(problems.sorted()).containsExactly("recipe.yml:3: c");
  }

  @Test
  void addsOnlyWhatIsAProblem() {
    problems.addIf(false, 1, "no");
    assertThatCode(problems::throwIfAny).doesNotThrowAnyException();
    problems.addIf(true, 1, "yes");
    assertThat(problems.isEmpty()).isFalse();
  }

  @Test
  void rejectsNegativeLines() {
    assertThatThrownBy(() -> problems.add(-1, "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("line is -1");
  }
}
