package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regular expressions for names of tensors. */
class NamePatternTest {
  private final Problems problems = new Problems("recipe.yml");

  @ParameterizedTest
  @CsvSource({
    "mlp, model.layers.0.mlp.up_proj.weight, true",
    "^mlp, model.layers.0.mlp.up_proj.weight, false",
    "weight$, lm_head.weight, true",
    "weight$, lm_head.weight_scale, false",
    "MLP, a.mlp.b, false",
    "(?i)MLP, a.mlp.b, true",
    "'', anything, true"
  })
  void isFoundAnywhereUnlessItSaysWhere(String pattern, String name, boolean isIn) {
    assertThat(new NamePattern(pattern).isIn(name)).isEqualTo(isIn);
    assertThat(new NamePattern(pattern).replaced(name, "x").isPresent()).isEqualTo(isIn);
  }

  @ParameterizedTest
  @CsvSource({
    "a, banana, o, bonana", // where it is first, and nowhere else
    "'^h\\.(\\d+)\\.', h.12.w, layers.$1., layers.12.w",
    "(\\w+)\\.(\\w+), q.weight, $2.$1, weight.q",
    "x, axb, '', ab",
    "x, axb, \\$1, a$1b",
    "^.*$, a.b, c.$0, c.a.b"
  })
  void somethingElseStandsWhereItIsFirst(String pattern, String name, String to, String becomes) {
    assertThat(new NamePattern(pattern).replaced(name, to)).contains(becomes);
  }

  @Test
  void anyIsTheWholeNameOnce() {
    assertThat(NamePattern.ANY.replaced("a.b", "x")).contains("x");
    assertThat(NamePattern.ANY.replaced("", "x")).contains("x");
  }

  @Test
  void thoseThatAreWrittenAlikeAreEqual() {
    assertThat(new NamePattern("a|b")).isEqualTo(new NamePattern("a|b"));
    assertThat(new NamePattern("a|b")).isNotEqualTo(new NamePattern("b|a"));
    assertThatThrownBy(() -> new NamePattern("(")).isInstanceOf(PatternSyntaxException.class);
  }

  @Test
  void isReadFromOneWord() {
    assertThat(NamePattern.read(ScalarNode.ofText("^h", 3), "match", problems))
        .contains(new NamePattern("^h"));
    assertThat(NamePattern.read(new ScalarNode(5.0, "5", 3), "match", problems))
        .as("a number is text here")
        .contains(new NamePattern("5"));
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void whatIsNoneIsAProblemWithItsReason() {
    assertThat(NamePattern.read(ScalarNode.ofText("a[", 3), "match", problems)).isEmpty();
    assertThat(NamePattern.read(ScalarNode.ofText("*", 4), "except", problems)).isEmpty();
    assertThat(NamePattern.read(new ListNode(List.of(), 5), "filter", problems)).isEmpty();
    assertThat(problems.sorted())
        .containsExactly(
            "recipe.yml:3: `match` is `a[`, no regular expression: Unclosed character class",
            "recipe.yml:4: `except` is `*`, no regular expression: Dangling meta character '*'",
            "recipe.yml:5: `filter` must be a regular expression, not []");
  }
}
