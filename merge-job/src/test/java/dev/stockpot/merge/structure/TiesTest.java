package dev.stockpot.merge.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors that stand for others. */
class TiesTest {
  private static Ties ties(String config) {
    return Structure.of(JsonConfiguration.of(config), List.of()).ties();
  }

  private static Optional<String> twin(String config, String absent, String... names) {
    TreeSet<String> held = new TreeSet<>(List.of(names));
    return ties(config).twinOf(absent, held, held::contains);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gemma",
        "gemma2",
        "gemma3_text",
        "cohere2",
        "falcon",
        "starcoder2",
        "smollm3",
        "t5"
      })
  void followTheClassWhereTheConfigurationIsSilent(String family) {
    assertThat(ties("{\"model_type\": \"%s\"}".formatted(family)).sharing())
        .isEqualTo(Sharing.SHARED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "qwen2", "qwen3_moe", "phi3", "deepseek_v3", "olmo2"})
  void areNoneInFamiliesThatDoNotTie(String family) {
    assertThat(ties("{\"model_type\": \"%s\"}".formatted(family)).sharing())
        .isEqualTo(Sharing.SEPARATE);
  }

  @Test
  void followTheConfigurationWhereItSpeaks() {
    assertThat(ties("{\"model_type\": \"gemma2\", \"tie_word_embeddings\": false}").sharing())
        .isEqualTo(Sharing.SEPARATE);
    assertThat(ties("{\"text_config\": {\"tie_word_embeddings\": true}}").sharing())
        .isEqualTo(Sharing.SHARED);
    assertThat(
            ties("{\"tie_word_embeddings\": false, \"text_config\": {\"tie_word_embeddings\": true}}")
                .sharing())
        .isEqualTo(Sharing.SHARED);
    assertThat(
            ties("{\"tie_word_embeddings\": true, \"text_config\": {\"tie_word_embeddings\": false}}")
                .sharing())
        .isEqualTo(Sharing.SHARED);
    assertThat(
            ties("{\"tie_word_embeddings\": false, \"text_config\": {\"tie_word_embeddings\": false}}")
                .sharing())
        .isEqualTo(Sharing.SEPARATE);
  }

  /** One version reads the key of the whole, which its class has, another that of the part. */
  @Test
  void leaveAnAbsentHeadToTheClassWhereThePartAloneSpeaks() {
    String config =
        "{\"model_type\": \"internvl\", \"text_config\": {\"tie_word_embeddings\": false}}";
    assertThat(
            twin(
                config,
                "language_model.lm_head.weight",
                "language_model.model.embed_tokens.weight"))
        .contains("language_model.model.embed_tokens.weight");
  }

  @ParameterizedTest
  @CsvSource({
    "model.decoder.embed_tokens.weight, model.shared.weight",
    "model.encoder.embed_tokens.weight, model.shared.weight",
    "encoder.embed_tokens.weight, shared.weight",
    "prophetnet.decoder.word_embeddings.weight, prophetnet.word_embeddings.weight",
  })
  void giveTheCommonEmbeddingOfAnEncoderAndADecoder(String absent, String common) {
    String bart = "{\"model_type\": \"bart\", \"tie_word_embeddings\": false}";
    assertThat(twin(bart, absent, common)).contains(common);
    assertThat(twin(bart, absent, "other.shared.weight")).isEmpty();
    assertThat(twin(bart, "model.embed_tokens.weight", "model.shared.weight")).isEmpty();
  }

  @Test
  void areNotGuessedOfAnUnknownFamily() {
    assertThat(ties("{\"model_type\": \"ours\"}").sharing()).isEqualTo(Sharing.UNTOLD);
    assertThat(ties("{}").sharing()).isEqualTo(Sharing.UNTOLD);
    assertThat(twin("{}", "lm_head.weight", "model.embed_tokens.weight")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gemma2,  lm_head.weight,                model.embed_tokens.weight",
    "gpt2,    lm_head.weight,                transformer.wte.weight",
    "whisper, proj_out.weight,               model.decoder.embed_tokens.weight",
    "t5,      lm_head.weight,                shared.weight",
    "t5,      decoder.embed_tokens.weight,   shared.weight",
    "bert,    cls.predictions.decoder.weight, bert.embeddings.word_embeddings.weight",
  })
  void giveTheTensorThatStandsForAnAbsentOne(String family, String absent, String twin) {
    String config = "{\"model_type\": \"%s\"}".formatted(family);
    assertThat(twin(config, absent, "a.weight", twin)).contains(twin);
    assertThat(twin(config, absent, "a.weight")).isEmpty();
    assertThat(twin(config, "b.weight", twin)).isEmpty();
  }

  @Test
  void ofEncoderAndDecoderHoldWhateverTheHeadIs() {
    String flan = "{\"model_type\": \"t5\", \"tie_word_embeddings\": false}";
    assertThat(twin(flan, "encoder.embed_tokens.weight", "shared.weight"))
        .contains("shared.weight");
    assertThat(twin(flan, "lm_head.weight", "shared.weight")).isEmpty();
  }

  @Test
  void knowHeads() {
    assertThat(ties("{}").isHead("language_model.lm_head.weight")).isTrue();
    assertThat(ties("{}").isHead("proj_out.weight")).isFalse();
    assertThat(ties("{\"model_type\": \"whisper\"}").isHead("proj_out.weight")).isTrue();
    assertThat(ties("{\"model_type\": \"t5\"}").isHead("decoder.embed_tokens.weight")).isFalse();
    assertThat(ties("{}").isHead("my_lm_head.weight")).isFalse();
  }
}
