package dev.stockpot.merge.vocabulary;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part that a tensor with a row for each token plays in a model, by the names that families of
 * {@code transformers} give it.
 */
enum RowPart {
  EMBEDDING(
      "embed_tokens.weight",
      "wte.weight",
      "word_embeddings.weight",
      "word_embedding.weight",
      "embed_in.weight",
      "tok_embeddings.weight",
      "token_embedding.weight",
      "tokens_embed.weight",
      "backbone.embeddings.weight",
      "shared.weight"),
  HEAD(
      "lm_head.weight",
      "embed_out.weight",
      "output_layer.weight",
      "predictions.decoder.weight",
      "lm_head.decoder.weight",
      "generator_lm_head.weight",
      "vocab_projector.weight",
      "shared_head.head.weight"),
  BIAS(
      "predictions.bias",
      "predictions.decoder.bias",
      "lm_head.bias",
      "lm_head.decoder.bias",
      "embed_out.bias",
      "generator_lm_head.bias",
      "vocab_projector.bias",
      "final_logits_bias"),
  /** One that only a recipe knows of. */
  NAMED();

  /** InternLM2's head, and that of the first Phi: elsewhere other tensors end so. */
  private static final Pattern OTHER_HEAD =
      Pattern.compile("output\\.weight|layers\\.\\d+\\.linear\\.weight");

  private static final Pattern OTHER_BIAS = Pattern.compile("layers\\.\\d+\\.linear\\.bias");

  private final Pattern names;

  RowPart(String... names) {
    this.names =
        Pattern.compile(
            "(.*\\.)?(%s)"
                .formatted(Arrays.stream(names).map(Pattern::quote).collect(joining("|"))));
  }

  /** The part of a tensor by its name alone. */
  static Optional<RowPart> of(String tensor) {
    if (OTHER_HEAD.matcher(tensor).matches()) {
      return Optional.of(HEAD);
    }
    if (OTHER_BIAS.matcher(tensor).matches()) {
      return Optional.of(BIAS);
    }
    return Arrays.stream(values())
        .filter(part -> part != NAMED && part.names.matcher(tensor).matches())
        .findFirst();
  }
}
