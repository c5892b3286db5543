package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.recipe.TokenizerChoice.Padding;
import dev.stockpot.merge.recipe.TokenizerChoice.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What recipes say of tokenizers and chat templates, in mergekit's words and in ours. */
class RecipeVocabularyTest {
  private static final String LINEAR =
      """
      merge_method: linear
      models:
        - {model: a, parameters: {weight: 1}}
        - {model: b, parameters: {weight: 1}}
      """;

  private static VocabularyChoice choice(String lines) {
    return parse(LINEAR + lines).vocabulary();
  }

  private static TokenizerChoice tokenizer(String lines) {
    return choice(lines).tokenizer().orElseThrow();
  }

  @Test
  void aRecipeMaySayNothingOfTokens() {
    assertThat(choice("")).isEqualTo(VocabularyChoice.NONE);
  }

  @ParameterizedTest
  @CsvSource({"union, UNION", "base, BASE"})
  void aSourceIsAWord(String word, Source source) {
    assertThat(tokenizer("tokenizer_source: " + word))
        .isEqualTo(new TokenizerChoice(source, Optional.empty(), Map.of(), Padding.NONE, 5));
    assertThat(tokenizer("tokenizer: {source: %s}".formatted(word)).source()).isEqualTo(source);
  }

  @Test
  void aSourceIsAModel() {
    TokenizerChoice choice = tokenizer("tokenizer_source: models/b/\n");
    assertThat(choice.source()).isEqualTo(Source.MODEL);
    assertThat(choice.model()).contains(new ModelReference("models/b", 5));
    assertThat(tokenizer("tokenizer:\n  source: {model: b}\n").model())
        .contains(new ModelReference("b", 6));
  }

  @Test
  void withoutASourceItIsTheUnion() {
    assertThat(tokenizer("tokenizer: {}").source()).isEqualTo(Source.UNION);
    assertThat(tokenizer("tokenizer: {pad_to_multiple_of: 8}").source()).isEqualTo(Source.UNION);
  }

  @Test
  void paddingIsAMultipleOrKept() {
    assertThat(tokenizer("tokenizer: {pad_to_multiple_of: 64}").padding())
        .isEqualTo(new Padding(64, false));
    assertThat(tokenizer("tokenizer: {pad: keep}").padding()).isEqualTo(new Padding(1, true));
    assertThat(tokenizer("tokenizer: {pad: keep, pad_to_multiple_of: 2}").padding())
        .isEqualTo(new Padding(2, true));
  }

  @Test
  void tokensHaveRowsOfEveryKind() {
    Map<String, TokenChoice> tokens =
        tokenizer(
                """
                tokenizer:
                  source: base
                  tokens:
                    <|a|>: {source: a}
                    <|b|>: {source: {kind: model_token, model: b, token: </s>}, force: true}
                    <|c|>: {source: {kind: model_token, model: b, token_id: 79}}
                    <|d|>: {source: {kind: zero}}
                    <|e|>:
                    "yes": {}
                    <|f|>: {source: {model: b, token: x}}
                """)
            .tokens();
    ModelReference b = new ModelReference("b", 0);
    assertThat(tokens.keySet())
        .containsExactly("<|a|>", "<|b|>", "<|c|>", "<|d|>", "<|e|>", "yes", "<|f|>");
    assertThat(tokens.get("<|a|>").row())
        .contains(new TokenChoice.Same(new ModelReference("a", 0)));
    assertThat(tokens.get("<|a|>").isForced()).isFalse();
    assertThat(tokens.get("<|b|>").row()).contains(new TokenChoice.OfToken(b, "</s>"));
    assertThat(tokens.get("<|b|>").isForced()).isTrue();
    assertThat(tokens.get("<|c|>").row()).contains(new TokenChoice.OfId(b, 79));
    assertThat(tokens.get("<|d|>").row()).contains(new TokenChoice.Zeros());
    assertThat(tokens.get("<|e|>").row()).isEmpty();
    assertThat(tokens.get("yes").row()).isEmpty();
    assertThat(tokens.get("<|f|>").row()).contains(new TokenChoice.OfToken(b, "x"));
  }

  @Test
  void rejectsTwoWordsForOneThing() {
    assertProblems(
        LINEAR + "tokenizer_source: base\ntokenizer: {source: base}\n",
        "recipe.yml:6: `tokenizer` in line 6 and `tokenizer_source` in line 5 exclude each other;"
            + " keep one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-8", "1.5", "eight", "[8]", "1048577"})
  void rejectsAMultipleOfNoRows(String multiple) {
    assertProblems(
        LINEAR + "tokenizer: {pad_to_multiple_of: %s}".formatted(multiple),
        "recipe.yml:5: `pad_to_multiple_of` must be a whole number from 1 to 1048576, for example"
            + " 64, not "
            + multiple);
  }

  @Test
  void rejectsOtherWordsForPadding() {
    assertProblems(
        LINEAR + "tokenizer: {pad: drop}",
        "recipe.yml:5: `pad` is drop, must be `keep`: as many rows as the model with most of them"
            + " has");
  }

  @Test
  void rejectsPatternsWhereOneModelIsMeant() {
    assertProblems(
        LINEAR + "tokenizer_source: runs/*\n",
        "recipe.yml:5: `tokenizer_source` is a pattern; name one model");
  }

  @Test
  void rejectsAMisspeltKey() {
    assertProblems(
        LINEAR + "tokenizer: {sources: union}",
        "recipe.yml:5: `sources` is not a key of `tokenizer`; did you mean `source`?");
  }

  @Test
  void rejectsTokensThatAreNoMapping() {
    assertProblems(
        LINEAR
            + """
            tokenizer:
              tokens:
                <|a|>: b
                <|b|>: {source: {kind: mean}}
                <|c|>: {force: true}
                <|d|>: {source: {kind: model_token, model: a, token: x, token_id: 3}}
                <|e|>: {source: {kind: model_token, model: a, token_id: -3}}
                <|f|>: {source: {kind: model_token, token: x}}
                <|g|>: {source: a, force: perhaps}
            """,
        "recipe.yml:7: `<|a|>` must be a mapping with `source`, for example `source: PATH`",
        "recipe.yml:8: the source of `<|b|>` has the kind `mean`, must be `zero`, or `model_token`"
            + " with `model` and `token` or `token_id`",
        "recipe.yml:9: `force` says that all models take their row from `source`, and there is"
            + " none; add it",
        "recipe.yml:10: a `model_token` needs either `token` or `token_id`; give one of them",
        "recipe.yml:11: `token_id` must be a whole number from 0, not -3",
        "recipe.yml:12: `model` is missing here; add the path of a model",
        "recipe.yml:13: `force` is perhaps, must be true or false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alpaca", "chatml", "exaone", "llama3", "mistral"})
  void aTemplateMayBeANameThatIsKnown(String name) {
    TemplateChoice template = choice("chat_template: " + name).template().orElseThrow();
    assertThat(template).isEqualTo(new TemplateChoice(name, 5));
    assertThat(template.isNamed()).isTrue();
    assertThat(template.isAuto()).isFalse();
  }

  @Test
  void aTemplateMayBeVotedFor() {
    assertThat(choice("chat_template: \"auto\"").template().orElseThrow().isAuto()).isTrue();
  }

  @Test
  void aTemplateMayBeWrittenOut() {
    String lines = "chat_template: |\n  {% for m in messages %}\n  {{ m }}{% endfor %}\n";
    TemplateChoice template = choice(lines).template().orElseThrow();
    assertThat(template.text()).isEqualTo("{% for m in messages %}\n{{ m }}{% endfor %}\n");
    assertThat(template.isNamed() || template.isAuto()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat-ml", "{{ m }}", "a text that is long and no template"})
  void rejectsATemplateThatIsNone(String text) {
    assertProblems(
        LINEAR + "chat_template: \"%s\"".formatted(text),
        ("recipe.yml:5: `chat_template` is `%s`, must be `auto`, one of `alpaca`, `chatml`,"
                + " `exaone`, `llama3`, `mistral`, or a template in Jinja")
            .formatted(text));
    assertThatThrownBy(() -> new TemplateChoice(text, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tensorsAreNamedByRegularExpressions() {
    assertThat(choice("vocab-tensors: [\"^score\\\\.\", head]").tensors())
        .contains(List.of("^score\\.", "head"));
    assertThat(choice("vocab-tensors: []").tensors()).contains(List.of());
    assertThat(choice("").tensors()).isEmpty();
  }

  @Test
  void rejectsWhatIsNoRegularExpression() {
    assertProblems(
        LINEAR + "vocab-tensors: [\"(\", {a: b}]",
        "recipe.yml:5: `(` is no regular expression: Unclosed group",
        "recipe.yml:5: an element of `vocab-tensors` must be a regular expression");
    assertProblems(
        LINEAR + "vocab-tensors: head",
        "recipe.yml:5: `vocab-tensors` must be a list of regular expressions for names of"
            + " tensors, not head");
  }

  @Test
  void aWordForTheMappingLeadsToItsKey() {
    assertProblems(
        LINEAR + "tokenizer: union",
        "recipe.yml:5: `tokenizer` is a mapping; a word alone is `tokenizer_source: union`");
  }

  @Test
  void whatIsSaidOfTokensStaysWhenModelsAreReplaced() {
    Recipe recipe = parse(LINEAR + "tokenizer_source: base\nchat_template: auto\n");
    Recipe replaced = recipe.with(recipe.base(), recipe.slices(), List.of());
    assertThat(replaced.vocabulary()).isEqualTo(recipe.vocabulary());
  }
}
