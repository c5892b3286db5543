package dev.stockpot.merge.output;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;

/** Says that the output head shares nothing with the embedding, where loaders look for that. */
enum UntiedEdit implements ConfigEdit {
  UNTIED;

  private static final String TIED = "tie_word_embeddings";

  @Override
  public JsonObject apply(JsonObject config) {
    return ModelConfig.textPart(config).has(TIED)
        ? ModelConfig.withTextPart(config, text -> text.with(TIED, false))
        : config.with(TIED, false);
  }
}
