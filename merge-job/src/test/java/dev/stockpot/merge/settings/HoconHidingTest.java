package dev.stockpot.merge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Node;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever stands in front, the look through HOCON sees what the library will see behind it: a
 * limit that can be passed by is none.
 */
class HoconHidingTest {
  private static final String DEEP = "y = " + "[".repeat(20_000) + "]".repeat(20_000);

  /** Ten times ten times ten, of keys and substitutions that are written so. */
  private static String laughs(String key, String equals, String target) {
    StringBuilder text = new StringBuilder("x0 = 1\n");
    for (int i = 1; i <= 9; i++) {
      text.append(key.formatted(i)).append(equals).append("[");
      text.append((target.formatted(i - 1) + ",").repeat(10)).append("]\n");
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x = \"\"\"a\"\"\"\"", // the fourth quote is the string's
        "x = \"\"\"a\"\"\"\"\"\"",
        "x = ${?\"a}b\"}", // the first brace is the name's
        "x = ${?a # no } and no \"\n}",
        "include \"x\" # }",
        "include \"x\" // 5\" of it",
        "a # }\n = 1",
        "\"a\\\"b\" = \"\\\\\"",
        "\"\"\"a\"b\"\"\" = 1",
        "a = b # \"",
        "a = \"b\" \"c\" // [\"",
      })
  void nothingHidesNesting(String before) {
    assertThatThrownBy(() -> HoconTree.parse("r.conf", before + "\n" + DEEP))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("r.conf:%s: ".formatted(before.lines().count() + 1))
        .hasMessageEndingWith("braces and brackets are nested deeper than 32");
  }

  @Test
  void aListInsteadOfFieldsIsNestedToo() {
    assertThatThrownBy(() -> HoconTree.parse("r.conf", "[".repeat(20_000)))
        .isInstanceOf(UserException.class)
        .hasMessage("r.conf:1: braces and brackets are nested deeper than 32");
    assertThatThrownBy(() -> HoconTree.parse("r.conf", "[1]"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("r.conf:1: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x%s            | = | ${x%s}",
        "x%s            | : | ${x%s}",
        "x%s            | ` \n\n= ` | ${ x%s }",
        "x%s            | ` # x\n= ` | ${?x%s}",
        "\"x%s\"        | = | ${x%s}",
        "\"\\u0078%s\"  | = | ${x%s}",
        "\"\"\"x%s\"\"\" | = | ${\"x%s\"}",
        "\"d.x%s\"      | = | ${\"d.x%s\"}",
        "d.\"x%s\"      | = | ${d.x%s}",
        "\"d\".x%s      | = | ${\"d\".\"x%s\"}",
      })
  void noSpellingOfAPathHidesWhatItComesTo(String key, String equals, String target) {
    assertThatThrownBy(() -> HoconTree.parse("r.conf", laughs(key, equals, target)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "r.conf: its substitutions come to more than 100000 values, as each stands for others;"
                + " write values where they belong");
  }

  @Test
  void substitutionsAreNoWayToNestDeeper() {
    StringBuilder text = new StringBuilder("a0 = 1\n");
    for (int i = 1; i <= 3; i++) {
      text.append("a%s = %s${a%s}%s\n".formatted(i, "[".repeat(12), i - 1, "]".repeat(12)));
    }
    assertThatThrownBy(() -> HoconTree.parse("r.conf", text.toString()))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "r.conf: a value lies deeper than 32 levels, as dots in keys and substitutions count,"
                + " too; write it flatter");
  }

  @Test
  void aChainThatTheLibraryCannotFollowIsRefusedInASentence() {
    StringBuilder text = new StringBuilder("a0 = 1\n");
    for (int i = 1; i <= 300; i++) {
      text.append("a%s = %s${a%s}%s\n".formatted(i, "[".repeat(30), i - 1, "]".repeat(30)));
    }
    assertThatThrownBy(() -> HoconTree.parse("r.conf", text.toString()))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("r.conf: ")
        .hasMessageContaining("write");
  }

  @Test
  void keysOfManyPartsAreNoWayToNestDeeper() {
    assertThat(HoconTree.parse("r.conf", "a.".repeat(31) + "a = 1").shown()).isEqualTo("{a: …}");
    assertThatThrownBy(() -> HoconTree.parse("r.conf", "a.".repeat(32) + "a = 1"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("r.conf: a value lies deeper than 32 levels");
  }

  @Test
  void whatIsStrangeAndHarmlessIsTaken() {
    String text =
        """
        a = \"""x\"""\"
        "b.c" = ${a}  # }}}]]]"
        d
          = y // "
        e = ${?"no}thing"}"f\\""
        g += ${"b.c"}
        """;
    assertThat(HoconTree.parse("r.conf", text))
        .isEqualTo(
            Node.map(
                List.of(
                    Map.entry("a", text("x\"", 1)),
                    Map.entry("b.c", text("x\"", 1)),
                    Map.entry("d", text("y", 4)),
                    Map.entry("e", text("f\"", 5)),
                    Map.entry("g", Node.list(List.of(text("x\"", 1)), 6))),
                1));
  }

  private static Node text(String text, int line) {
    return Node.scalar(text, text, line);
  }
}
