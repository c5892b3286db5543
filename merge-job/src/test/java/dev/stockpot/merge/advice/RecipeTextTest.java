package dev.stockpot.merge.advice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class RecipeTextTest {
  private static Object read(String yaml) {
    return new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }

  @Test
  void readsAsPeopleWriteIt() {
    assertThat(
            RecipeText.of("ties")
                .base("models/base")
                .tokenizer(Optional.of("union"))
                .model("org/math@v2", "parameters: {weight: 1}")
                .model("s3a://bucket/code")
                .text())
        .isEqualTo(
            """
            merge_method: ties
            base_model: models/base
            tokenizer_source: union
            models:
              - model: org/math@v2
                parameters: {weight: 1}
              - model: s3a://bucket/code
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/base",
        "/abs/olute",
        "./here",
        "../there",
        "~/home",
        "org/name@main",
        "s3a://bucket/a b",
        "with space",
        "a: b",
        "a #b",
        "- dash",
        "'quoted'",
        "double \"quotes\"",
        "back\\slash",
        "tab\there",
        "line\nbreak",
        "true",
        "No",
        "null",
        "~",
        "123",
        "1e5",
        "*star",
        "&anchor",
        "{a: b}",
        "[a]",
        "%x",
        "@at",
        "!tag",
        "ünïcode/模型",
        "emoji 🍲",
        "a,b",
        "base+lora",
        "\u2028",
        "\u0085",
        ".nan",
        "hf://org/name",
        "C:/x",
        "0x10",
        "2026-01-01",
        "?",
        "|",
        ">",
        ":"
      })
  void everyNameIsReadBackAsItWas(String name) {
    String recipe = RecipeText.of("linear").base(name).model(name).text();
    assertThat(read(recipe))
        .isEqualTo(
            Map.of(
                "merge_method",
                "linear",
                "base_model",
                name,
                "models",
                List.of(Map.of("model", name))));
  }

  @Test
  void reasonsAreCommentsThatFitATerminal() {
    Proposal proposal =
        new Proposal(
            "a: 1\n", List.of("word ".repeat(50), "Two\nlines # and more: [", "x".repeat(200)));
    assertThat(read(proposal.text())).isEqualTo(Map.of("a", 1));
    assertThat(proposal.text().lines().filter(line -> !line.contains("xxx")))
        .allMatch(line -> line.length() <= 100)
        .contains("# Two lines # and more: [");
    assertThat(proposal.text().lines().filter(line -> line.startsWith("#   word"))).isNotEmpty();
  }
}
