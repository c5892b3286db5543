package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Slips of the pen that leave no YAML, in words. */
class YamlFaultTest {
  private static List<String> problems(String text) {
    Problems problems = new Problems("recipe.yml");
    YamlTree.parse(text, problems);
    return problems.sorted();
  }

  @Test
  void aLineThatIsIndentedBetweenTwoOthers() {
    assertThat(problems("models:\n  - model: a\n   parameters: {weight: 1}\n"))
        .containsExactly(
            "recipe.yml:3: this line is indented by 3 spaces, and line 2, which begins the list or"
                + " mapping that it should go on with, by 2 spaces; indent both alike, or further"
                + " if it belongs to the line above");
    assertThat(problems("a:\n    b: 1\n    c: 2\n  d: 3\n"))
        .containsExactly(
            "recipe.yml:4: this line is indented by 2 spaces, and line 1, which begins the list or"
                + " mapping that it should go on with, by 0 spaces; indent both alike, or further"
                + " if it belongs to the line above");
  }

  @Test
  void anEntryThatIsIndentedLessThanItsList() {
    assertThat(problems("models:\n  - model: a\n - model: b\n"))
        .containsExactly(
            "recipe.yml:3: this line is indented by 1 space, and line 1, which begins the list or"
                + " mapping that it should go on with, by 0 spaces; indent both alike, or further"
                + " if it belongs to the line above");
  }

  @Test
  void aLineThatIsIndentedBehindAValue() {
    assertThat(problems("merge_method: linear\n  dtype: float16\n"))
        .containsExactly(
            "recipe.yml:2: a second `:` at column 8; put text with a colon in quotes, and if the"
                + " line should go on with those above, indent it as they are");
  }

  @Test
  void aTab() {
    assertThat(problems("models:\n\t- model: a\n"))
        .containsExactly("recipe.yml:2: a tab at column 1; indent with spaces alone");
  }

  @Test
  void aKeyWithoutItsColon() {
    assertThat(problems("merge_method: linear\ndtype\nmodels: []\n"))
        .containsExactly(
            "recipe.yml:3: the line above has no `:`, or is indented less than it should be; write"
                + " `key: value`");
  }

  @Test
  void anEntryOfAListAmongKeys() {
    assertThat(problems("models:\n- model: a\nmerge_method: linear\n- model: b\n"))
        .containsExactly(
            "recipe.yml:4: this line belongs neither to the line above nor to a list or mapping"
                + " around it; begin entries of a list with `- `, and entries of a mapping with"
                + " `key: `");
  }

  @Test
  void anythingElseInTheWordsOfYaml() {
    assertThat(problems("a: [1, 2\n"))
        .singleElement()
        .asString()
        .startsWith("recipe.yml:2: not YAML at column 1: expected ',' or ']'");
  }
}
