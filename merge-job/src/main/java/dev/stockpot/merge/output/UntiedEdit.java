package dev.stockpot.merge.output;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says that the output head shares nothing with the embedding, wherever loaders look for that: of a
 * composition, some read the key of the whole and some that of its language model.
 */
enum UntiedEdit implements ConfigEdit {
  UNTIED;

  private static final String TIED = "tie_word_embeddings";

  /** What families call the configuration of their language model, and what is around it. */
  private static final Set<String> LANGUAGE_MODELS =
      Set.of("text_config", "llm_config", "language_config");

  @Override
  public JsonObject apply(JsonObject config) {
    return inParts(config).with(TIED, false);
  }

  private static JsonObject inParts(JsonObject config) {
    JsonObject untied = config;
    for (Map.Entry<String, JsonValue> field : config.fields().entrySet()) {
      Optional<JsonObject> part = field.getValue().object();
      if (part.isPresent()) {
        JsonObject inner = inParts(part.get());
        boolean speaks = inner.has(TIED) || LANGUAGE_MODELS.contains(field.getKey());
        untied = untied.with(field.getKey(), speaks ? inner.with(TIED, false) : inner);
      }
    }
    return untied;
  }
}
