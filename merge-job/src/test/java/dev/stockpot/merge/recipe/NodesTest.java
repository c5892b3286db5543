package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.Range.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values as somebody wrote them: how messages show them, and what they count as. */
class NodesTest {
  private static Node text(String text) {
    return ScalarNode.ofText(text, 1);
  }

  private static ListNode list(String... texts) {
    return new ListNode(List.of(texts).stream().map(NodesTest::text).toList(), 1);
  }

  @Test
  void aListShowsFourElements() {
    assertThat(list().shown()).isEqualTo("[]");
    assertThat(list("a", "b", "c", "d").shown()).isEqualTo("[a, b, c, d]");
    assertThat(list("a", "b", "c", "d", "e").shown()).isEqualTo("[a, b, c, d, …]");
  }

  @Test
  void aMappingShowsItsFirstKey() {
    MapNode.Entry first = new MapNode.Entry("filter", 1, text("mlp"));
    assertThat(new MapNode(List.of(), 1).shown()).isEqualTo("{}");
    assertThat(new MapNode(List.of(first), 1).shown()).isEqualTo("{filter: …}");
    assertThat(new ListNode(List.of(new MapNode(List.of(first), 1), list("x")), 1).shown())
        .isEqualTo("[{filter: …}, [x]]");
  }

  @Test
  void textShowsSixtyCharacters() {
    assertThat(text("x".repeat(60)).shown()).isEqualTo("x".repeat(60));
    assertThat(text("x".repeat(60) + "y").shown()).isEqualTo("x".repeat(60) + "…");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void blankTextIsShownAsEmpty(String text) {
    assertThat(text(text).shown()).isEqualTo("empty");
  }

  @Test
  void aKeyIsThereOnce() {
    MapNode.Entry entry = new MapNode.Entry("weight", 3, text("1"));
    assertThatThrownBy(() -> new MapNode(List.of(entry, entry), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key weight is there twice");
  }

  @Test
  void aKeyOfAMappingFromElsewhereHasTheLineOfItsValue() {
    Node map = Node.map(List.of(Map.entry("b", text("1")), Map.entry("a", list("x"))), 7);
    assertThat(map)
        .isEqualTo(
            new MapNode(
                List.of(new MapNode.Entry("b", 1, text("1")), new MapNode.Entry("a", 1, list("x"))),
                7));
  }

  @Test
  void whatIsGivenMayChangeAndANodeDoesNot() {
    List<Node> elements = new ArrayList<>(List.of(text("a")));
    ListNode list = new ListNode(elements, 1);
    elements.add(text("b"));
    assertThat(list.shown()).isEqualTo("[a]");
  }

  @Test
  void aValueIsTextANumberAFlagOrNothing() {
    assertThatThrownBy(() -> new ScalarNode(1, "1", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 is a class java.lang.Integer");
    assertThat(new ScalarNode(null, "~", 1).isNull()).isTrue();
    assertThat(ScalarNode.ofText("null", 1).isNull()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "-1, -1",
    "+.5, 0.5",
    "1., 1",
    "1e3, 1000",
    "1.5E-3, 0.0015",
    "-0, -0.0",
    "007, 7"
  })
  void aQuotedNumberIsANumber(String quoted, double number) {
    assertThat(ScalarNode.ofText(quoted, 1).number()).contains(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "1e", "e3", "1_000", "0x10", "1d", "1f", "NaN", "Infinity", " 1", "1 "})
  void whatJavaAloneReadsIsNoNumber(String quoted) {
    assertThat(ScalarNode.ofText(quoted, 1).number()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "yes, true",
    "Yes, true",
    "ON, true",
    "true, true",
    "1, true",
    "1.0, true",
    "no, false",
    "Off, false",
    "FALSE, false",
    "0, false",
    "-0.0, false"
  })
  void aFlagIsSpelledInMoreWaysThanYamlHas(String word, boolean flag) {
    assertThat(ScalarNode.ofText(word, 1).flag()).contains(flag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"y", "n", "2", "0.5", "", "yess"})
  void otherWordsAreNoFlags(String word) {
    assertThat(ScalarNode.ofText(word, 1).flag()).isEmpty();
  }

  @Test
  void aValueIsWhatItsRangeWantsOrElseItsText() {
    ScalarNode one = new ScalarNode(1.0, "1", 1);
    assertThat(one.as(Numbers.ANY)).isEqualTo(1.0);
    assertThat(one.as(new Range.Flag())).isEqualTo(true);
    assertThat(ScalarNode.ofText("one", 1).as(Numbers.ANY)).isEqualTo("one");
    assertThat(ScalarNode.ofText("2", 1).as(new Range.Flag())).isEqualTo("2");
    assertThat(new ScalarNode(true, "true", 1).as(Numbers.ANY)).isEqualTo("true");
  }
}
