package dev.stockpot.merge.compose;

import static dev.stockpot.merge.recipe.Composition.Config.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.recipe.Composition;
import dev.stockpot.merge.recipe.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration of a composition is its template, letter by letter but for what is asked. */
class ComposedConfigTest {
  private static final String TEMPLATE =
      """
      {
          "model_type" : "x", "eps": 1e-05,
          "window": null, "empty": {},
          "inner": {"k": 1, "deep": {"on": true}}
      }
      """;

  private final Problems problems = new Problems("recipe.yml");

  private ComposedConfig parsed(String text) {
    return ComposedConfig.parse("t.json", text, 7, problems);
  }

  private ComposedConfig edited(String template, String edits) {
    Composition.Config wanted = Compositions.config(edits);
    ComposedConfig before = parsed(template);
    return ComposedConfig.of(before.config(), before.text(), wanted, problems);
  }

  private String edited(String edits) {
    String text = edited(TEMPLATE, edits).text();
    assertThat(problems.isEmpty()).isTrue();
    return text;
  }

  private static JsonValue json(String text) {
    try {
      return Json.parsePythons(text);
    } catch (JsonException e) {
      throw new AssertionError(text, e);
    }
  }

  @Test
  void withoutEditsItIsTheTemplateToTheLetter() {
    ComposedConfig same = edited(TEMPLATE, "template: t.json");
    assertThat(same.text()).isEqualTo(TEMPLATE);
    assertThat(same.config().values()).containsEntry("inner.deep.on", "true");
  }

  @Test
  void whatIsNotNamedKeepsItsWriting() {
    assertThat(edited("set: {model_type: y, inner.k: 2}"))
        .isEqualTo(TEMPLATE.replace("\"x\"", "\"y\"").replace("\"k\": 1", "\"k\": 2"));
  }

  @Test
  void whatIsNewComesLastAndInsideOfWhatIsNamed() {
    assertThat(edited("{\"a\": 1}", "set: {b.c.d: 2, e: x}").text())
        .isEqualTo("{\"a\": 1, \"b\": {\"c\":{\"d\":2}}, \"e\": \"x\"}");
  }

  @Test
  void aModelWithoutAConfigurationGetsWhatIsSet() {
    Composition.Config wanted = Compositions.config("set: {a: 1}");
    ComposedConfig none = parsed("{}");
    ComposedConfig made = ComposedConfig.of(none.config(), "", wanted, problems);
    assertThat(json(made.text())).isEqualTo(json("{\"a\": 1}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 | 10",
        "-7 | -7",
        "+7 | 7",
        "123456789012345678 | 123456789012345678",
        "1.50 | 1.50",
        ".5 | 0.5",
        "1_000 | \"1_000\"",
        "0x10 | 16",
        "0o17 | 15",
        ".inf | Infinity",
        "true | true",
        "'yes sir' | \"yes sir\"",
        "'\"10\"' | \"10\"",
        "null | null",
        "~ | null",
        "[1, x, [2]] | [1,\"x\",[2]]",
        "{k: 1, l: {m: null}} | {\"k\":1,\"l\":{\"m\":null}}",
      })
  void valuesHaveTheTypeThatTheyAreWrittenWith(String yaml, String expected) {
    ComposedConfig made = edited("{}", "set: {a: %s}".formatted(yaml));
    assertThat(made.text()).isEqualTo("{\"a\": %s}".formatted(expected));
    assertThat(made.config().values())
        .isEqualTo(ModelConfig.of(json(made.text()).object().orElseThrow()).values());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e-5", "1e-05", "1E-5"})
  void aNumberKeepsItsExponent(String number) {
    String text = edited("{}", "set: {a: %s}".formatted(number)).text();
    assertThat(text).matches("\\{\"a\": 1[eE]-0?5}|\\{\"a\": 0\\.00001}");
    assertThat(json(text).object().orElseThrow().get("a").orElseThrow().number()).hasValue(1e-5);
  }

  @Test
  void whatIsRemovedIsGoneWithAllThatIsInIt() {
    assertThat(json(edited("remove: [inner.deep, eps]")))
        .isEqualTo(
            json(
                "{\"model_type\": \"x\", \"window\": null, \"empty\": {}, \"inner\": {\"k\": 1}}"));
    assertThat(json(edited("remove: inner"))).isEqualTo(json(without("\"inner\"")));
    assertThat(problems.told()).isEmpty();
  }

  /** The template without the field of its last line. */
  private static String without(String field) {
    return TEMPLATE.substring(0, TEMPLATE.indexOf(field)).strip().replaceAll(",$", "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"window", "empty"})
  void whatIsNullOrEmptyCanBeRemovedToo(String key) {
    String made = edited("remove: [%s]".formatted(key));
    assertThat(json(made).object().orElseThrow().fields()).doesNotContainKey(key).hasSize(4);
    assertThat(problems.told()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "absent.k", "model_type.k", "inner.k.l", "eps.a.b", "inn"})
  void whatIsNotThereIsToldAndChangesNothing(String path) {
    assertThat(edited("remove: [%s]".formatted(path))).isEqualTo(TEMPLATE);
    assertThat(problems.told())
        .containsExactly(
            "recipe.yml:4: `remove` names `%s`, which the template does not have".formatted(path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1] | the template t.json is no JSON object",
        "'7' | the template t.json is no JSON object",
      })
  void aTemplateThatIsNoObjectIsAProblemWhateverIsSet(String text, String problem) {
    edited(text, "set: {a: 1}");
    assertThat(problems.sorted()).containsExactly("recipe.yml:7: " + problem);
  }

  @Test
  void aTemplateThatIsDamagedIsAProblemWhateverIsSet() {
    edited("{\"a\": ", "set: {a: 1}, remove: [b]");
    assertThat(problems.sorted()).hasSize(1);
    assertThat(problems.sorted().get(0))
        .startsWith("recipe.yml:7: the template t.json is not valid JSON: ");
  }

  private static String followed(String template, String edits, Object... values) {
    Map<String, Optional<JsonValue>> all = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i += 2) {
      all.put((String) values[i], Optional.of(JsonValue.of(((Number) values[i + 1]).longValue())));
    }
    Problems none = new Problems("recipe.yml");
    return ComposedConfig.parse("t.json", template, 1, none)
        .with(all, edits.isEmpty() ? UNCHANGED : Compositions.config(edits))
        .text();
  }

  @Test
  void whatFollowsTheTensorsIsInThePartThatDescribesTheLanguageModel() {
    assertThat(followed("{\"vocab_size\": 8}", "", "vocab_size", 9, "eos_token_id", 3))
        .isEqualTo("{\"vocab_size\": 9, \"eos_token_id\": 3}");
    assertThat(
            followed(
                "{\"a\": 1, \"text_config\": {\"num_hidden_layers\": 2, \"vocab_size\": 8}}",
                "",
                "vocab_size",
                9))
        .isEqualTo("{\"a\": 1, \"text_config\": {\"num_hidden_layers\": 2, \"vocab_size\": 9}}");
  }

  @Test
  void whatTheRecipeSaysCountsBeforeWhatFollows() {
    String flat = "{\"vocab_size\": 8}";
    assertThat(followed(flat, "set: {vocab_size: 8}", "vocab_size", 9, "eos_token_id", 3))
        .isEqualTo("{\"vocab_size\": 8, \"eos_token_id\": 3}");
    assertThat(followed(flat, "remove: [eos_token_id]", "vocab_size", 9, "eos_token_id", 3))
        .isEqualTo("{\"vocab_size\": 9}");
    assertThat(followed(flat, "set: {text_config.vocab_size: 8}", "vocab_size", 9))
        .as("which lies elsewhere")
        .isEqualTo("{\"vocab_size\": 9}");
  }

  @Test
  void whatTheRecipeSaysOfTheLanguageModelCountsBeforeWhatFollows() {
    String inner = "{\"text_config\": {\"n_layer\": 2, \"vocab_size\": 8}}";
    assertThat(followed(inner, "set: {text_config.vocab_size: 8}", "vocab_size", 9))
        .isEqualTo(inner);
    assertThat(followed(inner, "remove: [text_config.bos_token_id]", "bos_token_id", 1))
        .isEqualTo(inner);
    assertThat(followed(inner, "set: {vocab_size: 7}", "vocab_size", 9))
        .as("which lies elsewhere")
        .isEqualTo(inner.replace("8", "9"));
  }

  @Test
  void aModelWithoutAConfigurationGetsNoneByItsTokens() {
    ComposedConfig none = new ComposedConfig(parsed("{}").config(), "");
    Map<String, Optional<JsonValue>> values =
        Map.of("vocab_size", Optional.of(JsonValue.of(List.of())));
    assertThat(none.with(values, UNCHANGED)).isSameAs(none);
  }
}
