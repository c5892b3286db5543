package dev.stockpot.merge.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors with a row for each token are known by the names that families give them. */
class RowPartTest {
  @ParameterizedTest
  @CsvSource({
    "model.embed_tokens.weight, EMBEDDING",
    "model.language_model.embed_tokens.weight, EMBEDDING",
    "language_model.model.embed_tokens.weight, EMBEDDING",
    "model.layers.61.embed_tokens.weight, EMBEDDING",
    "transformer.wte.weight, EMBEDDING",
    "wte.weight, EMBEDDING",
    "layers.0.wte.weight, EMBEDDING",
    "transformer.word_embeddings.weight, EMBEDDING",
    "transformer.embedding.word_embeddings.weight, EMBEDDING",
    "bert.embeddings.word_embeddings.weight, EMBEDDING",
    "gpt_neox.embed_in.weight, EMBEDDING",
    "model.tok_embeddings.weight, EMBEDDING",
    "backbone.embeddings.weight, EMBEDDING",
    "shared.weight, EMBEDDING",
    "encoder.embed_tokens.weight, EMBEDDING",
    "lm_head.weight, HEAD",
    "embed_out.weight, HEAD",
    "output.weight, HEAD",
    "transformer.output_layer.weight, HEAD",
    "cls.predictions.decoder.weight, HEAD",
    "lm_head.decoder.weight, HEAD",
    "vocab_projector.weight, HEAD",
    "layers.25.linear.weight, HEAD",
    "model.layers.61.shared_head.head.weight, HEAD",
    "cls.predictions.bias, BIAS",
    "cls.predictions.decoder.bias, BIAS",
    "lm_head.bias, BIAS",
    "final_logits_bias, BIAS",
    "layers.25.linear.bias, BIAS"
  })
  void aNameTellsThePart(String name, RowPart part) {
    assertThat(RowPart.of(name)).contains(part);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.norm.weight",
        "visual.patch_embed.proj.weight",
        "visual.pos_embed.weight",
        "bert.embeddings.position_embeddings.weight",
        "bert.embeddings.token_type_embeddings.weight",
        "cls.predictions.transform.dense.bias",
        "bert.encoder.layer.0.attention.output.dense.weight",
        "encoder.layers.0.output.weight",
        "model.embedding_norm.weight",
        "transformer.wpe.weight",
        "my_lm_head.weight",
        "model.layers.0.block.linear.weight"
      })
  void otherNamesTellNothing(String name) {
    assertThat(RowPart.of(name)).isEmpty();
  }
}
