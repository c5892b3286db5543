package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written as YAML is read as the same tree. */
class YamlTextTest {
  private static Node read(String yaml) {
    Problems problems = new Problems("recipe.yml");
    List<Node> documents = YamlTree.parse(yaml, problems);
    assertThat(problems.sorted()).as(yaml).isEmpty();
    assertThat(documents).as(yaml).hasSize(1);
    return documents.get(0);
  }

  /** Keys and values alone, without lines and spelling. */
  private static Object plain(Node node) {
    if (node instanceof MapNode map) {
      Map<String, Object> values = new LinkedHashMap<>();
      map.entries().forEach(entry -> values.put(entry.key(), plain(entry.value())));
      return List.copyOf(values.entrySet());
    }
    if (node instanceof ListNode list) {
      List<Object> values = new ArrayList<>();
      list.elements().forEach(element -> values.add(plain(element)));
      return values;
    }
    return String.valueOf(((ScalarNode) node).value())
        + " "
        + (((ScalarNode) node).value() instanceof String);
  }

  private static void assertSame(Node tree) {
    assertThat(plain(read(YamlText.of(tree)))).isEqualTo(plain(tree));
  }

  @Test
  void isABlockOfLines() {
    Node tree =
        Node.map(
            List.of(
                Map.entry("merge_method", ScalarNode.ofText("linear", 1)),
                Map.entry(
                    "models",
                    Node.list(
                        List.of(
                            Node.map(
                                List.of(
                                    Map.entry("model", ScalarNode.ofText("a", 1)),
                                    Map.entry("weight", ScalarNode.ofNumber(0.5, 1)),
                                    Map.entry("fast", new ScalarNode(true, "yes", 1))),
                                1)),
                        1))),
            1);
    assertThat(YamlText.of(tree))
        .isEqualTo("merge_method: linear\nmodels:\n- model: a\n  weight: 0.5\n  fast: true\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "~",
        "null",
        "Null",
        "true",
        "True",
        "TRUE",
        "yes",
        "no",
        "0",
        "-1",
        "+3",
        "0.5",
        ".5",
        "1.",
        "1e3",
        "0x10",
        "0o7",
        "012",
        ".inf",
        "-.Inf",
        ".NaN",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "'a'",
        "\"a",
        "[a",
        "{a}",
        "*a",
        "&a",
        "!a",
        "!!str a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "<<",
        "a\nb",
        "a\n",
        "\ta",
        "a\\b",
        "\u0007",
        "\u00e9\u4e2d\ud83c\udf72",
        "---",
        "..."
      })
  void textStaysTextHoweverItLooks(String text) {
    assertSame(ScalarNode.ofText(text, 1));
    assertSame(Node.list(List.of(ScalarNode.ofText(text, 1), ScalarNode.ofText("x", 1)), 1));
    assertSame(Node.map(List.of(Map.entry(text, ScalarNode.ofText(text, 1))), 1));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0,
        -0.0,
        1,
        -1,
        0.1,
        1e-5,
        1e22,
        123456789,
        9007199254740992.0,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
      })
  void numbersStayTheSameToTheLastDigit(double number) {
    Node node = ScalarNode.ofNumber(number, 1);
    assertThat(((ScalarNode) read(YamlText.of(node))).value()).isEqualTo(number);
  }

  @Test
  void whatIsSharedIsWrittenTwice() {
    Node shared = Node.list(List.of(ScalarNode.ofText("a", 1)), 1);
    Node tree = Node.map(List.of(Map.entry("x", shared), Map.entry("y", shared)), 1);
    assertThat(YamlText.of(tree)).isEqualTo("x:\n- a\ny:\n- a\n");
  }

  @Property(tries = 200)
  void anyTreeIsReadAsItWasWritten(@ForAll("trees") Node tree) {
    assertSame(tree);
  }

  @Provide
  Arbitrary<Node> trees() {
    Arbitrary<String> texts =
        Arbitraries.strings().withChars("a1 -:#'\"\n[]{}&*!,.~<>|%@").ofMaxLength(6);
    Arbitrary<Node> leaves =
        Arbitraries.oneOf(
            texts.map(text -> ScalarNode.ofText(text, 1)),
            Arbitraries.doubles().map(number -> ScalarNode.ofNumber(number, 1)),
            Arbitraries.of(true, false).map(flag -> new ScalarNode(flag, flag + "", 1)),
            Arbitraries.of(new ScalarNode(null, "~", 1)));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(3).map(elements -> Node.list(elements, 1)),
                Arbitraries.maps(texts, inner)
                    .ofMaxSize(3)
                    .map(values -> Node.map(values.entrySet(), 1))),
        3);
  }
}
