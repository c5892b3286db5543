package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How deep a tree may be, and how many values it may have, with aliases written out. */
class YamlDepthTest {
  private final Problems problems = new Problems("recipe.yml");

  private List<Node> parse(String yaml) {
    return YamlTree.parse(yaml, problems);
  }

  private void assertRefused(String yaml, int line) {
    assertThat(parse(yaml)).isEmpty();
    assertThat(problems.sorted())
        .containsExactly(
            "recipe.yml:%s: nested deeper than 32 levels; write it flatter".formatted(line));
  }

  private static String nested(int levels, String inner) {
    return "[".repeat(levels) + inner + "]".repeat(levels);
  }

  /** How many levels lie below the first, told by a walk. */
  private static int levels(Node node) {
    if (node instanceof ListNode list) {
      return list.elements().stream().mapToInt(each -> 1 + levels(each)).max().orElse(0);
    }
    return node instanceof MapNode map
        ? map.entries().stream().mapToInt(entry -> 1 + levels(entry.value())).max().orElse(0)
        : 0;
  }

  @Test
  void takesThirtyTwoLevelsAndNotOneMore() {
    assertThat(parse("a: " + nested(31, "1")))
        .extracting(YamlDepthTest::levels)
        .containsExactly(32);
    assertRefused("a: " + nested(32, "1"), 1);
  }

  @Test
  void mappingsAreLevelsAsListsAre() {
    assertThat(parse(keys(32))).extracting(YamlDepthTest::levels).containsExactly(32);
    assertRefused(keys(33), 33);
  }

  /** So many mappings, a line each, of which the last one has nothing. */
  private static String keys(int count) {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < count; i++) {
      yaml.append(" ".repeat(i)).append("k:\n");
    }
    return yaml.toString();
  }

  @ParameterizedTest
  @CsvSource({"15, 16, true", "15, 17, false", "16, 15, true", "1, 30, true", "1, 31, false"})
  void anAliasIsAsDeepAsWhatItStandsFor(int anchored, int around, boolean isTaken) {
    String yaml = "a: &a %s\nb: %s\n".formatted(nested(anchored, "1"), nested(around, "*a"));
    if (isTaken) {
      assertThat(parse(yaml))
          .extracting(YamlDepthTest::levels)
          .containsExactly(1 + Math.max(anchored, around + anchored));
    } else {
      assertRefused(yaml, 2);
    }
  }

  @Test
  void aliasesOfAliasesAddUp() {
    StringBuilder yaml = new StringBuilder("a0: &a0 1\n");
    for (int i = 1; i <= 4; i++) {
      yaml.append("a%s: &a%s %s\n".formatted(i, i, nested(10, "*a" + (i - 1))));
    }
    assertRefused(yaml.toString(), 5); // 1 + 40, where the one before has 1 + 30
  }

  @Test
  void aFlatAnchorAfterADeepOneIsFlat() {
    String yaml =
        "a: %s\nb: &b [%s]\nc: &c [1]\nd: %s\n".formatted(nested(31, "1"), "1", nested(30, "*c"));
    assertThat(parse(yaml)).hasSize(1);
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void whatFollowsADeepBranchCountsForItsAnchorToo() {
    assertRefused("a: &a [%s, 1]\nb: %s\n".formatted(nested(15, "1"), nested(16, "*a")), 2);
  }

  @Test
  void takesAHundredThousandValuesAndNotOneMore() {
    String list = "[%s]".formatted("1,".repeat(999)); // with itself 1000 values
    String yaml = "a: &a %s\nb: [%s%%s]\n".formatted(list, "*a,".repeat(98));
    // the mapping, two keys and a list, 99 lists of 1000 values, and more
    assertThat(parse(yaml.formatted("1,".repeat(996)))).hasSize(1);
    assertThat(problems.isEmpty()).isTrue();
    assertThat(parse(yaml.formatted("1,".repeat(997)))).isEmpty();
    assertThat(problems.sorted())
        .containsExactly(
            "recipe.yml:2: with its aliases written out, the recipe has more than 100000 values;"
                + " use fewer");
  }

  @Test
  void takesAMegabyteAndNotACharacterMore() {
    assertThat(parse("a: 1 #" + "x".repeat((1 << 20) - 6))).hasSize(1);
    assertThat(problems.isEmpty()).isTrue();
    assertThat(parse("a: 1 #" + "x".repeat((1 << 20) - 5))).isEmpty();
    assertThat(problems.sorted())
        .containsExactly(
            "recipe.yml: the recipe has 1048577 characters, must be at most 1048576; is it the"
                + " right file?");
  }
}
