package dev.stockpot.merge.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed as a recipe is read as what was meant, whatever models are called. */
class RecipeTextTest {
  private static ScalarNode read(String text) {
    MapNode map = (MapNode) RecipeParser.trees("r.yml", "model: " + RecipeText.quoted(text)).get(0);
    return (ScalarNode) map.entry("model").orElseThrow().value();
  }

  private static void assertIsRead(String text) {
    ScalarNode scalar = read(text);
    assertThat(scalar.text()).isEqualTo(text);
    assertThat(scalar.value()).as("a word, and nothing else").isEqualTo(text);
  }

  @Property(tries = 500)
  void namesOfFoldersAreRead(
      @ForAll
          @AlphaChars
          @NumericChars
          @Chars({'.', '/', '~', ':', '#', ' ', '-', '_', '@', '+', '=', ',', '{', '"', '\\', '\''})
          @StringLength(min = 1, max = 8)
          String name) {
    assertIsRead(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/a",
        "./a",
        "../a",
        "~/a",
        "/a",
        "org/name@v2",
        "hf://org/name",
        "s3a://b/k",
        ".cache/a"
      })
  void commonNamesStandAsTheyAre(String name) {
    assertThat(RecipeText.quoted(name)).isEqualTo(name);
    assertIsRead(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " a",
        "a ",
        "a b",
        "a: b",
        "a #b",
        "- a",
        "? a",
        "true",
        "No",
        "NULL",
        "~",
        "1",
        "1e5",
        ".5",
        ".5e3",
        "0x1F",
        ".inf",
        "-.Inf",
        ".NaN",
        "2026-11-30",
        "*a",
        "&a",
        "!a",
        "{a}",
        "[a]",
        "'a'",
        "\"a\"",
        "a\\b",
        "%a",
        "`a`",
        "a\tb",
        "a\nb",
        "a\u0085b",
        "a\u0080b",
        "a\u2028b",
        "a\u007fb",
        "\u30e2\u30c7\u30eb",
        "\ud83c\udf72",
        "\ufeffa"
      })
  void oddNamesAreQuoted(String name) {
    assertThat(RecipeText.quoted(name)).startsWith("\"").endsWith("\"");
    assertIsRead(name);
  }

  @Test
  void aRecipeHasALineAKeyAndAModelALine() {
    String text =
        RecipeText.of("ties")
            .base(Optional.of("base"))
            .base(Optional.empty())
            .parameters("density: 0.5")
            .tokenizer(Optional.of("union"))
            .tokenizer(Optional.empty())
            .model("a b", "parameters: {weight: 1}")
            .models(List.of("c", "d"))
            .line("dtype: bfloat16")
            .text();
    assertThat(text)
        .isEqualTo(
            """
            merge_method: ties
            base_model: base
            parameters: {density: 0.5}
            tokenizer_source: union
            dtype: bfloat16
            models:
              - model: "a b"
                parameters: {weight: 1}
              - model: c
              - model: d
            """);
  }
}
