package dev.stockpot.merge.output;

import dev.stockpot.merge.json.JsonObject;
import java.util.Collection;
import java.util.List;

/** Which library loads a model, in the words of a hub: by what lies beside the weights. */
public enum Library {
  SENTENCE_TRANSFORMERS("sentence-transformers", List.of()),
  DIFFUSERS("diffusers", List.of("_class_name", "_diffusers_version")),
  OPEN_CLIP("open_clip", List.of("model_cfg")),
  TIMM("timm", List.of("architecture")),
  TRANSFORMERS("transformers", List.of()),
  UNKNOWN("", List.of());

  private static final String MODULES = "modules.json";

  private final String word;
  private final List<String> keys;

  Library(String word, List<String> keys) {
    this.word = word;
    this.keys = keys;
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
    for (Library library : values()) {
      if (library.keys.stream().anyMatch(config::has)) {
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
