package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told from a base's configuration and the names of its tensors. */
class BaseModelTest {
  private static final String EMBEDDING = "model.embed_tokens.weight";

  private static ModelHeaders model(String config) {
    return ModelHeaders.named("base")
        .config(config)
        .tensor(EMBEDDING, 8, 4)
        .tensor("norm.weight", 4);
  }

  private static Optional<String> shared(ModelHeaders base) {
    return BaseModel.of(base.open()).sharedEmbedding();
  }

  @ParameterizedTest
  @CsvSource({
    "model.embed_tokens.weight, true, false",
    "transformer.wte.weight, true, false",
    "gpt_neox.embed_in.weight, true, false",
    "embed_out.weight, true, true",
    "lm_head.weight, true, true",
    "lm_head.bias, true, true",
    "decoder.lm_head.weight, true, true",
    "my_lm_head.weight, false, false",
    "model.embed_tokens_per_layer.weight, false, false",
    "model.norm.weight, false, false",
    "lm_head, false, false",
    "'', false, false"
  })
  void modulesOfTheVocabularyAreKnownByTheirNames(
      String tensor, boolean isVocabulary, boolean isHead) {
    assertThat(BaseModel.isVocabulary(tensor)).isEqualTo(isVocabulary);
    assertThat(BaseModel.isHead(tensor)).isEqualTo(isHead);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tie_word_embeddings\": true}",
        "{\"text_config\": {\"tie_word_embeddings\": true}}",
        "{\"tie_word_embeddings\": true, \"text_config\": {\"vocab_size\": 8}}",
        "{\"architectures\": [\"Gemma2ForCausalLM\"]}",
        "{\"architectures\": [\"GPT2LMHeadModel\"]}",
        "{\"tie_word_embeddings\": true, \"architectures\": [\"X\"]}"
      })
  void anEmbeddingIsTheHeadTooWhereNoneIsStored(String config) {
    assertThat(shared(model(config))).hasValue(EMBEDDING);
    assertThat(shared(model(config).tensor("lm_head.weight", 8, 4)))
        .as("a head that is stored is its own")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"architectures\": [\"BertModel\"]}",
        "{\"architectures\": [\"Gemma2ForCausalLM\"], \"tie_word_embeddings\": false}",
        "{\"tie_word_embeddings\": true, \"text_config\": {\"tie_word_embeddings\": false}}",
        "{\"tie_word_embeddings\": \"true\"}",
        "{\"architectures\": \"Gemma2ForCausalLM\"}"
      })
  void nothingIsSharedWhereNobodySaysSo(String config) {
    assertThat(shared(model(config))).isEmpty();
  }

  @Test
  void ofSeveralEmbeddingsNoneIsTakenForTheHead() {
    assertThat(shared(model("{\"tie_word_embeddings\": true}").tensor("decoder.wte.weight", 8, 4)))
        .isEmpty();
  }

  @Test
  void aBiasOfTheHeadIsAHeadOfItsOwn() {
    assertThat(shared(model("{\"tie_word_embeddings\": true}").tensor("lm_head.bias", 8)))
        .isEmpty();
  }

  @Test
  void whichExpertsAreTurnedIsToldByTheType() {
    assertThat(BaseModel.of(model("{\"model_type\": \"gpt_oss\"}").open()).turnsExperts()).isTrue();
    assertThat(
            BaseModel.of(
                    model(
                            "{\"model_type\": \"x\", \"text_config\": {\"model_type\": \"aria_text\"}}")
                        .open())
                .turnsExperts())
        .isTrue();
    assertThat(BaseModel.of(model("{\"model_type\": \"mixtral\"}").open()).turnsExperts())
        .isFalse();
    assertThat(BaseModel.of(model("{}").open()).isUntold()).isTrue();
    assertThat(BaseModel.of(model("{\"model_type\": \"x\"}").open()).isUntold()).isFalse();
  }

  private static String config(String before, Optional<Long> rows, boolean untied) {
    ModelConfig after = BaseModel.of(model(before).open()).config(rows, untied);
    return JsonWriter.text(JsonStyle.PYTHON, after.tree()).replaceAll("\\s+", "");
  }

  @Test
  void aNewSizeOfTheVocabularyIsWrittenWhereTheTextsModelHasIt() {
    assertThat(config("{\"a\": 1, \"vocab_size\": 8}", Optional.of(9L), false))
        .isEqualTo("{\"a\":1,\"vocab_size\":9}");
    assertThat(config("{\"text_config\": {\"vocab_size\": 8}, \"b\": 2}", Optional.of(9L), false))
        .isEqualTo("{\"text_config\":{\"vocab_size\":9},\"b\":2}");
  }

  @Test
  void aHeadOfItsOwnIsWrittenToBothPlacesThatTransformersLooksAt() {
    assertThat(config("{\"tie_word_embeddings\": true}", Optional.empty(), true))
        .isEqualTo("{\"tie_word_embeddings\":false}");
    assertThat(config("{\"text_config\": {\"tie_word_embeddings\": true}}", Optional.empty(), true))
        .isEqualTo(
            "{\"text_config\":{\"tie_word_embeddings\":false},\"tie_word_embeddings\":false}");
  }
}
