package dev.stockpot.merge.recipe;

import java.util.Optional;

/** Configurations that are no recipes of a merge, and look like one: known by their shape. */
final class OtherTools {
  private OtherTools() {}

  /** What a configuration is, and what to do with it; empty if it may be a recipe. */
  static Optional<String> described(MapNode map) {
    if (map.entry("merge_method").isPresent()) {
      return Optional.empty();
    }
    if (has(map, "experts") || has(map, "gate_mode")) {
      return Optional.of(
          "this is a configuration of mergekit-moe (it has `experts`): it makes a mixture of"
              + " experts of dense models, which no recipe here does yet. Make it with mergekit-moe;"
              + " what comes out can be merged here with others of its kind");
    }
    if (has(map, "genome")) {
      return Optional.of(
          "this is a configuration of mergekit-evolve (it has `genome`): it searches for weights,"
              + " which is done for one file at a time. Give it a file of its own, as it is, and merge"
              + " that");
    }
    boolean namesTwo = (has(map, "model") || has(map, "finetuned_model")) && has(map, "base_model");
    boolean extracts = has(map, "max_rank") || has(map, "rank") || has(map, "distribute_scale");
    if (extracts && (namesTwo || has(map, "out_path"))) {
      return Optional.of(
          "these are options of mergekit-extract-lora (a model, its base and a rank): it makes a"
              + " LoRA adapter of a fine-tune. Here a command does that: `stockpot extract BASE MODEL"
              + " OUT --rank 32`");
    }
    if (has(map, "layer_slices") || has(map, "lm_head_source") || has(map, "embedding_source")) {
      return Optional.of(
          "this is a configuration of bakllama (it has `layer_slices`), which mergekit itself no"
              + " longer takes. Write `merge_method: passthrough` and `slices`, each with"
              + " `sources: [{model: …, layer_range: [first, last + 1]}]`");
    }
    return Optional.empty();
  }

  private static boolean has(MapNode map, String key) {
    return map.entry(key).isPresent();
  }
}
