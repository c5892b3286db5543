package dev.stockpot.merge.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which chat template the result has, and what is told of it. */
class ChatTemplateChoiceTest extends VocabularyCases {
  // chat templates

  @Test
  void theMostFrequentTemplateIsTaken() throws IOException {
    models.model("a", 1, words("x")).file("chat_template.jinja", "{{ one }}");
    models.model("b", 1, words("x")).file("chat_template.jinja", "  {{ two }}\n");
    models
        .model("c", 1, words("x"))
        .file("tokenizer_config.json", "{\"chat_template\": \"{{ two }}\"}");
    VocabularyPlan plan = models.plan("chat_template: auto\n");
    assertThat(models.file(plan, "a", "chat_template.jinja")).contains("{{ two }}");
  }

  @Test
  void ofEquallyManyTheFirstIsTakenTheBaseBeforeAll() throws IOException {
    models.model("a", 1, words("x")).file("chat_template.jinja", "{{ one }}");
    models.model("b", 1, words("x")).file("chat_template.jinja", "{{ two }}");
    assertThat(models.file(models.plan("chat_template: auto\n"), "a", "chat_template.jinja"))
        .contains("{{ one }}");
    String recipe =
        """
        merge_method: linear
        base_model: b
        models: [{model: a, parameters: {weight: 1}}, {model: b, parameters: {weight: 1}}]
        chat_template: auto
        """;
    assertThat(models.file(models.plan(recipe, List.of("a", "b")), "b", "chat_template.jinja"))
        .contains("{{ two }}");
  }

  @Test
  void nobodyHasATemplateAndThatIsTold() throws IOException {
    models.model("a", 1, words("x"));
    models.model("b", 1, words("x"));
    VocabularyPlan plan = models.plan("chat_template: auto\n");
    assertThat(plan.notices())
        .containsExactly("chat_template is auto, and no model has a chat template: there is none");
    assertThat(models.file(plan, "a", "chat_template.jinja")).isEmpty();
  }

  @Test
  void aTemplateStandsInOnePlaceAndOthersBesideIt() throws IOException {
    models
        .model("a", 1, words("x"))
        .file(
            "tokenizer_config.json",
            "{\"chat_template\": [{\"name\": \"default\", \"template\": \"{{ old }}\"}, {\"name\":"
                + " \"rag\", \"template\": \"{{ rag }}\"}, {\"name\": \"../x\", \"template\":"
                + " \"no\"}], \"k\": 1}")
        .file("chat_template.json", "{\"chat_template\": \"{{ oldest }}\"}");
    models.model("b", 1, words("x"));
    VocabularyPlan plan =
        models.plan("chat_template: \"{% for m in messages %}{{ m }}{% endfor %}\"\n");
    assertThat(models.file(plan, "a", "chat_template.jinja"))
        .contains("{% for m in messages %}{{ m }}{% endfor %}");
    assertThat(models.file(plan, "a", "tokenizer_config.json")).contains("{\n  \"k\": 1\n}\n");
    assertThat(models.file(plan, "a", "chat_template.json")).isEmpty();
    assertThat(models.file(plan, "a", "additional_chat_templates/rag.jinja")).contains("{{ rag }}");
    assertThat(models.file(plan, "a", "additional_chat_templates/../x.jinja")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chatml", "llama3", "exaone"})
  void controlTokensThatTheVocabularyLacksAreTold(String name) throws IOException {
    models.model("a", 1, words("x"));
    models.model("b", 1, words("x"));
    VocabularyPlan plan = models.plan("chat_template: %s\n".formatted(name));
    assertThat(plan.notices()).hasSize(1);
    assertThat(plan.notices().get(0))
        .startsWith("the chat template writes ")
        .contains("and the tokenizer has no such tokens: they are cut into pieces");
  }

  @Test
  void controlTokensThatTheVocabularyHasAreNotTold() throws IOException {
    models.model("a", 3, words("x").special("<|im_start|>", "<|im_end|>"));
    models.model("b", 1, words("x"));
    assertThat(models.plan("chat_template: chatml\n").notices()).isEmpty();
    assertThat(models.plan("chat_template: alpaca\n").notices()).isEmpty();
    assertThat(models.plan("chat_template: mistral\n").notices()).isEmpty();
  }

  @Test
  void aTemplateThatComesWithTheTokenizerIsCheckedToo() throws IOException {
    models
        .model("a", 1, words("x"))
        .file("chat_template.jinja", "{{ '<|im_start|>' + messages[0] + '<end_of_turn>' }}");
    models.model("b", 1, words("x"));
    assertThat(models.plan("tokenizer_source: base\n").notices())
        .containsExactly(
            "the chat template writes <|im_start|>, <end_of_turn>, and the tokenizer has no such"
                + " tokens: they are cut into pieces, and answers may be garbage. Take the"
                + " tokenizer of a model that has them, or another chat_template");
  }

  @Test
  void aTemplateIsSetAlsoWhereTheTokenizerCannotBeRead() throws IOException {
    models.model("a", 1, words("x")).without("tokenizer.json");
    models.model("b", 1, words("x"));
    VocabularyPlan plan = models.plan("chat_template: chatml\n");
    assertThat(models.file(plan, "a", "chat_template.jinja").orElseThrow())
        .contains("<|im_start|>");
    assertThat(plan.notices().get(0))
        .startsWith("whether the tokenizer has the tokens of the chat template is not known: a: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alpaca", "chatml", "exaone", "llama3", "mistral"})
  void builtInTemplatesAreThere(String name) throws IOException {
    models.model("a", 1, words("x"));
    models.model("b", 1, words("x"));
    VocabularyPlan plan = models.plan("chat_template: %s\n".formatted(name));
    assertThat(models.file(plan, "a", "chat_template.jinja").orElseThrow())
        .contains("message['content']", "{%- for message in ");
  }

  @Test
  void controlTokensAreFoundInTheOrderOfTheTemplate() {
    assertThat(
            ControlTokens.of(
                "{{ '<|a|>' + x }}<｜User｜>[|end|] <start_of_turn>{% if a <|b %}|>{% endif"
                    + " %}<s></s>[INST]<b>"))
        .isEqualTo(Set.of("<|a|>", "<｜User｜>", "[|end|]", "<start_of_turn>", "<s>", "</s>"));
  }
}
