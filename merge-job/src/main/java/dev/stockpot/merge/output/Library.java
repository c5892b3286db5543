package dev.stockpot.merge.output;

import dev.stockpot.merge.json.JsonObject;
import java.util.Collection;
import java.util.regex.Pattern;

/** Which library loads a model, in the words of a hub: by what lies beside the weights. */
public enum Library {
  SENTENCE_TRANSFORMERS("sentence-transformers", ""),
  DIFFUSERS("diffusers", "_class_name|_diffusers_version"),
  OPEN_CLIP("open_clip", "model_cfg"),
  TIMM("timm", "architecture"),
  TRANSFORMERS("transformers", ""),
  UNKNOWN("", "");

  private static final String MODULES = "modules.json";
  private static final String PIPELINE = "model_index.json";

  private final String word;
  private final Pattern keys;

  Library(String word, String keys) {
    this.word = word;
    this.keys = Pattern.compile(keys);
  }

  /**
   * The library of a model.
   *
   * @param config its configuration; without keys if it has none
   * @param companions names of the files beside it
   */
  public static Library of(JsonObject config, Collection<String> companions) {
    if (companions.contains(MODULES)) {
      return SENTENCE_TRANSFORMERS;
    }
    if (companions.contains(PIPELINE)) {
      return DIFFUSERS;
    }
    for (Library library : values()) {
      if (config.fields().keySet().stream().anyMatch(library.keys.asMatchPredicate())) {
        return library;
      }
    }
    return config.fields().isEmpty() ? UNKNOWN : TRANSFORMERS;
  }

  /** As a hub calls it; empty if it is not known. */
  public String word() {
    return word;
  }

  /** Whether it looks for the type of the weights in the configuration. */
  boolean namesTypes() {
    return this == TRANSFORMERS || this == SENTENCE_TRANSFORMERS || this == UNKNOWN;
  }
}
