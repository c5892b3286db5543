package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTreeTest {
  private final Problems problems = new Problems("recipe.yml");

  private Optional<Node> parse(String yaml) {
    return YamlTree.parse(yaml, problems).stream().findFirst();
  }

  private Node value(String yaml, String key) {
    return ((MapNode) parse(yaml).orElseThrow()).entry(key).orElseThrow().value();
  }

  private void assertProblem(String yaml, String expected) {
    parse(yaml);
    assertThat(problems.sorted()).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "12, 12",
    "-3, -3",
    "+3, 3",
    "0.30, 0.3",
    ".5, 0.5",
    "1e-3, 0.001",
    "1., 1",
    "0x10, 16",
    "0o10, 8",
    "6.02E23, 6.02e23"
  })
  void readsNumbersAsTheCoreSchemaSpellsThem(String text, double number) {
    assertThat(value("a: " + text, "a")).isEqualTo(new ScalarNode(number, text, 1));
  }

  @Test
  void readsWordsFlagsAndNull() {
    String yaml = "word: ties\nflag: True\nnothing:\nquoted: '0.5'\ntilde: ~";
    assertThat(value(yaml, "word")).isEqualTo(new ScalarNode("ties", "ties", 1));
    assertThat(value(yaml, "flag")).isEqualTo(new ScalarNode(true, "True", 2));
    assertThat(value(yaml, "nothing")).isEqualTo(new ScalarNode(null, "", 3));
    assertThat(value(yaml, "quoted")).isEqualTo(new ScalarNode("0.5", "0.5", 4));
    assertThat(value(yaml, "tilde")).isEqualTo(new ScalarNode(null, "~", 5));
  }

  @Test
  void keepsTheLineOfEveryKeyAndElement() {
    String yaml =
        """
        # a comment
        first: 1

        second:
          - x
          - y
        """;
    assertThat(parse(yaml))
        .hasValue(
            new MapNode(
                List.of(
                    new MapNode.Entry("first", 2, new ScalarNode(1.0, "1", 2)),
                    new MapNode.Entry(
                        "second",
                        4,
                        new ListNode(
                            List.of(ScalarNode.ofText("x", 5), ScalarNode.ofText("y", 6)), 5))),
                2));
  }

  @Test
  void anAliasIsTheNodeOfItsAnchor() {
    String yaml = "a: &here [1, 2]\nb: *here";
    assertThat(value(yaml, "b")).isEqualTo(value(yaml, "a"));
  }

  @Test
  void mergeKeysYieldToTheMappingsOwnAndToEarlierOnes() {
    String yaml =
        """
        one: &one {weight: 1, density: 1}
        two: &two {density: 2, scale: 2}
        merged:
          <<: [*one, *two]
          weight: 3
        """;
    MapNode merged = (MapNode) value(yaml, "merged");
    assertThat(merged.entries())
        .extracting(MapNode.Entry::key)
        .containsExactly("weight", "density", "scale");
    assertThat(merged.entries())
        .extracting(entry -> ((ScalarNode) entry.value()).text())
        .containsExactly("3", "1", "2");
    assertThat(merged.entries()).extracting(MapNode.Entry::line).containsExactly(5, 1, 2);
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void rejectsMergingWhatIsNoMapping() {
    assertProblem("<<: 3", "recipe.yml:1: `<<` must name a mapping, or a list of them, not 3");
  }

  @Test
  void rejectsDuplicateKeysWithBothLines() {
    assertProblem(
        "dtype: float16\nbase_model: a\ndtype: bfloat16\n",
        "recipe.yml:3: `dtype` is given twice, here and in line 1; keep one");
  }

  @Test
  void rejectsKeysThatAreNoWords() {
    assertProblem("a: 1\n[b, c]: 2\n", "recipe.yml:2: a key must be a word, not a list");
  }

  @Test
  void reportsSyntaxErrorsWithLineAndColumn() {
    assertProblem(
        "a: 1\nb: c: d\n",
        "recipe.yml:2: a second `:` at column 5; put text with a colon in quotes, and if the line"
            + " should go on with those above, indent it as they are");
  }

  @Test
  void reportsTabsUsedForIndentation() {
    assertProblem("a:\n\tb: 1\n", "recipe.yml:2: a tab at column 1; indent with spaces alone");
  }

  @Test
  void reportsCharactersThatYamlForbids() {
    assertProblem(
        "a: 1\nb: \u0007\n", "recipe.yml:2: not YAML: character U+0007 is not allowed; remove it");
  }

  @Test
  void ignoresAByteOrderMark() {
    assertThat(value("\uFEFFa: 1", "a")).isEqualTo(new ScalarNode(1.0, "1", 1));
  }

  @Test
  void readsDocumentsOneBehindTheOtherWithTheirLines() {
    List<Node> documents = YamlTree.parse("a: 1\n---\nb: 2\n---\n", problems);

    assertThat(documents).extracting(Node::line).containsExactly(1, 3, 5);
    assertThat(((MapNode) documents.get(1)).entry("b").orElseThrow().line()).isEqualTo(3);
    assertThat(documents.get(2)).isEqualTo(new ScalarNode(null, "", 5));
  }

  @Test
  void anAnchorHoldsInItsDocument() {
    assertProblem(
        "a: &x 1\n---\nb: *x\n",
        "recipe.yml:3: `*x` has no `&x` above it; add one or write it out");
  }

  @Test
  void anEmptyTextHasNoDocument() {
    assertThat(parse("# nothing but a comment\n")).isEmpty();
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void rejectsAnAliasOfWhatContainsIt() {
    assertProblem("a: &a [*a]", "recipe.yml:1: `*a` contains itself; remove it");
  }

  @Test
  void rejectsAnAliasWithoutAnchor() {
    assertProblem("a: *b", "recipe.yml:1: `*b` has no `&b` above it; add one or write it out");
  }

  @Test
  void rejectsAliasesThatMultiplyBeyondMeasure() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (int i = 1; i < 30; i++) {
      laughs.append(
          "aN: &aN [*aM, *aM, *aM, *aM, *aM, *aM, *aM, *aM, *aM, *aM]\n"
              .replace("N", String.valueOf(i))
              .replace("M", String.valueOf(i - 1)));
    }
    assertProblem(
        laughs.toString(),
        "recipe.yml:5: with its aliases written out, the recipe has more than 100000 values; use"
            + " fewer");
  }

  @Test
  void rejectsDeepNestingBeforeTheStackEnds() {
    assertProblem(
        "a: " + "[".repeat(100_000),
        "recipe.yml:1: nested deeper than 32 levels; write it flatter");
  }

  @Test
  void rejectsTextThatIsTooLongToBeARecipe() {
    assertProblem(
        "#".repeat(1_048_577),
        "recipe.yml: the recipe has 1048577 characters, must be at most 1048576; is it the right"
            + " file?");
  }

  @Test
  void rejectsTagsThatNameProgramsTypes() {
    assertProblem(
        "a: !!python/object:os.system {}",
        "recipe.yml:1: tag `tag:yaml.org,2002:python/object:os.system` means nothing in a recipe;"
            + " remove it");
  }

  @Test
  void rejectsTagsThatEndInBlanks() {
    assertProblem("a: !b%20 5", "recipe.yml:1: tag `!b ` means nothing in a recipe; remove it");
  }

  @Test
  void rejectsEscapesWithoutDigits() {
    assertProblem(
        "a: \"\\U",
        "recipe.yml: not YAML: a backslash and x, u or U in quotes wants digits behind it");
  }

  @Test
  void anExplicitTagDecidesOverTheSpelling() {
    assertThat(value("a: !!str 5", "a")).isEqualTo(new ScalarNode("5", "5", 1));
    assertThat(value("a: !!float '5'", "a")).isEqualTo(new ScalarNode(5.0, "5", 1));
  }
}
