package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a configuration says how many rows embeddings have. */
final class VocabularySize {
  private static final String KEY = "vocab_size";

  private VocabularySize() {}

  /** All such values by their paths, names joined by dots, the outermost first. */
  static Map<String, Integer> in(JsonObject config) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    add("", config, sizes);
    return sizes;
  }

  private static void add(String prefix, JsonObject config, Map<String, Integer> sizes) {
    config.integer(KEY).ifPresent(size -> sizes.put(prefix + KEY, size));
    config
        .fields()
        .forEach(
            (name, value) ->
                value.object().ifPresent(part -> add(prefix + name + ".", part, sizes)));
  }
}
