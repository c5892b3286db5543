package dev.stockpot.merge.adapter;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Reduced;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which forms of adapters can be baked exactly, and why others cannot. */
final class AdapterForms {
  private static final String BAKE_WITH_PEFT =
      "merge it where it was made, with `merge_and_unload()` of the peft library, and name the"
          + " result";

  /** Keys whose presence makes the adapter another function than a LoRA, and how. */
  private static final Map<String, String> OTHERS = new LinkedHashMap<>();

  static {
    OTHERS.put(
        "alora_invocation_tokens",
        "is an activated LoRA, which is at work from some tokens on only: no weights do that."
            + " Serve it as an adapter");
    OTHERS.put("use_qalora", "is a QA-LoRA, which pools its inputs; " + BAKE_WITH_PEFT);
    OTHERS.put("kasa_config", "is a KaSA adapter, which changes the base too; " + BAKE_WITH_PEFT);
    OTHERS.put("use_bdlora", "is a BD-LoRA of blocks; " + BAKE_WITH_PEFT);
    OTHERS.put(
        "arrow_config",
        "chooses among experts for each token (Arrow): no weights do that. Serve it as an adapter");
    OTHERS.put("monteclora_config", "is a MonteCLoRA, which draws its weights; " + BAKE_WITH_PEFT);
    OTHERS.put(
        "layer_replication",
        "repeats layers of its base; stack them first, with `slices` of `passthrough`, and name the"
            + " result as the base");
  }

  /** Beginnings from which the base cannot be told as it was in training. */
  private static final Map<String, String> STARTS =
      Map.of(
          "pissa_niter_", "took a part found by a random search from the base",
          "corda", "took a part that hangs on data from the base",
          "loftq", "replaced the base by codes and corrected them",
          "lora_ga", "took a part that hangs on gradients from the base");

  private static final Set<String> PLAIN_STARTS = Set.of("gaussian", "eva", "orthogonal", "mica");

  /** Keys that PEFT writes and that change nothing of a merge, or are read elsewhere. */
  private static final Set<String> KNOWN =
      Set.of(
          "alpha_pattern",
          "auto_mapping",
          "base_model_name_or_path",
          "bias",
          "corda_config",
          "ensure_weight_tying",
          "eva_config",
          "exclude_modules",
          "fan_in_fan_out",
          "inference_mode",
          "init_lora_weights",
          "layers_pattern",
          "layers_to_transform",
          "loftq_config",
          "lora_alpha",
          "lora_bias",
          "lora_dropout",
          "lora_ga_config",
          "megatron_config",
          "megatron_core",
          "modules_to_save",
          "peft_type",
          "peft_version",
          "qalora_group_size",
          "r",
          "rank_pattern",
          "revision",
          "runtime_config",
          "target_modules",
          "target_parameters",
          "task_type",
          "trainable_token_indices",
          "use_dora",
          "use_rslora",
          "velora_config");

  private AdapterForms() {}

  /**
   * Refuses what cannot be baked.
   *
   * @param problems takes why
   * @param notices takes keys that nobody here knows
   */
  static void check(JsonObject json, List<String> problems, List<String> notices) {
    String type = json.text("peft_type");
    if (!type.equals("LORA")) {
      problems.add(
          type.isEmpty()
              ? "%s has no `peft_type`. Fetch it again, or save the adapter with a newer peft"
                  .formatted(AdapterConfig.FILE_NAME)
              : "it is a %s adapter, and only LoRA is baked here; %s"
                  .formatted(type, BAKE_WITH_PEFT));
      return;
    }
    OTHERS.forEach(
        (key, why) -> {
          if (isOn(json, key)) {
            problems.add("it has `%s`: it %s".formatted(key, why));
          }
        });
    json.get("init_lora_weights").flatMap(JsonValue::text).ifPresent(word -> start(word, problems));
    List<String> unknown =
        json.fields().keySet().stream()
            .filter(key -> !KNOWN.contains(key) && !OTHERS.containsKey(key) && isOn(json, key))
            .toList();
    if (!unknown.isEmpty()) {
      notices.add(
          "%s has keys that are not known here and are ignored: %s"
              .formatted(AdapterConfig.FILE_NAME, String.join(", ", unknown)));
    }
  }

  private static void start(String written, List<String> problems) {
    String word = written.toLowerCase(Locale.ROOT);
    if (word.equals("pissa") || word.equals("olora") || PLAIN_STARTS.contains(word)) {
      return;
    }
    Optional<String> known =
        STARTS.entrySet().stream()
            .filter(start -> word.startsWith(start.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    problems.add(
        "`init_lora_weights` is %s: training %s, which cannot be told from the files. Save the adapter again with `path_initial_model_for_weight_conversion` of the peft library, which makes a LoRA on the original base of it"
            .formatted(word, known.orElse("may have changed the base")));
  }

  /** What training took from the base, if it did. */
  static Optional<Reduced.Part> start(JsonObject json) {
    return switch (json.text("init_lora_weights").toLowerCase(Locale.ROOT)) {
      case "pissa" -> Optional.of(Reduced.Part.PRINCIPAL);
      case "olora" -> Optional.of(Reduced.Part.FIRST_COLUMNS);
      default -> Optional.empty();
    };
  }

  /** Whether a key is there and says something. */
  private static boolean isOn(JsonObject json, String key) {
    JsonValue value = json.get(key).orElse(JsonValue.nothing());
    return !value.equals(JsonValue.nothing())
        && value.flag().orElse(true)
        && value.list().filter(List::isEmpty).isEmpty()
        && value.object().filter(object -> object.fields().isEmpty()).isEmpty();
  }
}
