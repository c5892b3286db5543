package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of specs: names of tensors and of groups, axes, numbers of heads. */
class SpecPiecesTest {
  @Test
  void numbersInANameAreFoundByTheirLetters() {
    TensorPattern pattern = new TensorPattern("[model.]layers.{l}.experts.{e}.{w1|w3}.weight");
    assertThat(pattern.numbers()).containsExactlyInAnyOrder("l", "e");
    assertThat(pattern.match("model.layers.3.experts.12.w1.weight"))
        .hasValue(Map.of("l", 3, "e", 12));
    assertThat(pattern.match("layers.0.experts.0.w3.weight")).hasValue(Map.of("l", 0, "e", 0));
    assertThat(pattern.match("layers.0.experts.0.w2.weight")).isEmpty();
    assertThat(pattern.match("layers.0.experts.0.w1.weight.x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.01", "a.-1", "a.1234567890", "a.", "a.x", "ax1", "b.1"})
  void whatIsNoNumberOrNoDotIsAnotherName(String name) {
    assertThat(new TensorPattern("a.{n}").match(name)).isEmpty();
  }

  @Test
  void aNumberIsReplacedInItsPlaceAlone() {
    TensorPattern pattern = new TensorPattern("a.{l}.b.{e}");
    assertThat(pattern.with("a.1.b.1", "e", "25")).isEqualTo("a.1.b.25");
    assertThat(pattern.with("a.10.b.1", "l", "2")).isEqualTo("a.2.b.1");
    assertThatThrownBy(() -> pattern.with("a.1.c.1", "e", "2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a.1.c.1 is no a.{l}.b.{e}");
    assertThat(pattern).hasToString("a.{l}.b.{e}");
  }

  @Test
  void lettersOfRegularExpressionsStandForThemselves() {
    TensorPattern pattern = new TensorPattern("a+(b).{x.y|z*}");
    assertThat(pattern.match("a+(b).x.y")).isPresent();
    assertThat(pattern.match("a+(b).z*")).isPresent();
    assertThat(pattern.match("aa(b).x.y")).isEmpty();
    assertThat(pattern.match("a+(b).xxy")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.{l", "a.l}", "a.[b", "a.b]", "a.{L}", "a.{}", "[]"})
  void bracketsHavePartners(String text) {
    assertThatThrownBy(() -> new TensorPattern(text).numbers())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "`%s` is no name of tensors: `{l}` stands for a number, `{a|b}` for either, `[a]` for what may be missing"
                .formatted(text));
  }

  @ParameterizedTest
  @CsvSource({
    "mlp.{l}, mlp.{}, l, THIS",
    "out.{s}.{<b}, out.{}.{}, s b, BEFORE",
    "out.{<=i}, out.{}, i, THIS_OR_BEFORE",
    "out.{last}, out.{}, last, LAST",
    "residual, residual, '', THIS"
  })
  void aGroupIsOneOfItsKind(String text, String kind, String letters, GroupName.Which which) {
    GroupName name = GroupName.of(text);
    assertThat(name.kind()).isEqualTo(kind);
    assertThat(String.join(" ", name.letters())).isEqualTo(letters);
    assertThat(name.which()).isEqualTo(which);
    assertThat(name.text()).isEqualTo(text);
  }

  @Test
  void aGroupIsNamedByItsNumbers() {
    GroupName name = GroupName.of("out.{s}.{b}");
    assertThat(name.numbers(Map.of("b", 7, "s", 2))).containsExactly(2, 7);
    assertThat(GroupName.of(name.kind(), List.of(2, 7))).isEqualTo("out.2.7");
    assertThat(GroupName.of("stem", List.of())).isEqualTo("stem");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a.{l", "a.{L}", "a.{>l}", "a/b", "a.<"})
  void refusesWhatIsNoNameOfAGroup(String text) {
    assertThatThrownBy(() -> GroupName.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("`%s` is no name of a group of units, such as mlp.{l}".formatted(text));
  }

  @Test
  void anAxisHasUnitsOfOneGroupOrOfSeveral() {
    AxisRule axis = AxisRule.of("heads.{l}/query + heads.{l}/key + heads.{l}/value each");
    assertThat(axis.parts()).extracting(AxisRule.Part::side).containsExactly(0, 1, 2);
    assertThat(axis.parts())
        .extracting(AxisRule.Part::hasMembers)
        .containsExactly(false, false, true);
    assertThat(axis.isFixed()).isFalse();
    assertThat(AxisRule.of(" fixed ").isFixed()).isTrue();
    assertThat(AxisRule.of("mlp").parts().get(0).side()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mlp + | `mlp +` is no axis: write `fixed`, a group such as mlp.{l}, or several joined by +",
        "mlp all | `mlp all` is no axis: write `fixed`, a group such as mlp.{l}, or several joined by +",
        "h/queries | `h` has no side `queries`, must be one of query, key, value, output"
      })
  void refusesWhatIsNoAxis(String text, String message) {
    assertThatThrownBy(() -> AxisRule.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static JsonObject config(String json) {
    try {
      return Json.parse(json.getBytes(StandardCharsets.UTF_8)).object().orElseThrow();
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  private static GroupRule.HeadRule heads(List<String> counts, List<String> keys) {
    return new GroupRule.HeadRule(counts, keys, true, true, true, Optional.empty());
  }

  @Test
  void headsAreCountedByTheFirstKeyThatIsThere() {
    GroupRule.HeadRule rule =
        heads(List.of("n_head", "num_attention_heads"), List.of("num_key_value_heads"));
    HeadCounts grouped =
        HeadCounts.of(rule, config("{\"num_attention_heads\": 8, \"num_key_value_heads\": 2}"));
    assertThat(grouped).isEqualTo(new HeadCounts(8, 2));
    assertThat(List.of(0, 1, 2, 3)).extracting(grouped::ofSide).containsExactly(8, 2, 2, 8);
    assertThat(HeadCounts.of(rule, config("{\"n_head\": 4, \"num_attention_heads\": 8}")))
        .as("as many of keys where nothing says how many")
        .isEqualTo(new HeadCounts(4, 4));
  }

  @Test
  void headsMayBeTheSpecsOwnNumberOrThoseOfTheTextPart() {
    assertThat(HeadCounts.of(heads(List.of("12"), List.of("4")), config("{}")))
        .isEqualTo(new HeadCounts(12, 4));
    assertThat(
            HeadCounts.of(
                heads(List.of("num_attention_heads"), List.of()),
                config("{\"text_config\": {\"num_attention_heads\": 6}}")))
        .isEqualTo(new HeadCounts(6, 6));
  }

  @Test
  void refusesHeadsThatNobodyCountsOrThatCannotBeShared() {
    assertThatThrownBy(() -> HeadCounts.of(heads(List.of("n", "m"), List.of()), config("{}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "nothing tells how many heads there are: config.json has none of n, m. Give the number in a spec of your own, as `heads: 12`");
    assertThatThrownBy(() -> HeadCounts.of(heads(List.of("n"), List.of("k")), config("{\"n\": 0}")))
        .hasMessageStartingWith("nothing tells how many heads there are");
    assertThatThrownBy(
            () -> HeadCounts.of(heads(List.of("n"), List.of("k")), config("{\"n\": 8, \"k\": 3}")))
        .hasMessage("8 heads of queries cannot share 3 of keys and values");
  }
}
