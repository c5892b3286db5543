package dev.stockpot.merge.adapter;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of an adapter as PEFT reads them: what its tensors are called, and {@code
 * adapter_config.json}. Every product counts once: alpha is the rank.
 *
 * @param base the model that it changes, as a recipe names it
 * @param ranks of the modules with a pair of thin matrices, by their names
 * @param saved the modules of which tensors lie in it as they are
 * @param hasBiases whether biases of modules with pairs do
 * @param isTurned whether weights are stored as in, out
 */
public record WrittenAdapter(
    String base,
    AdapterTargets targets,
    Map<String, Integer> ranks,
    Set<String> saved,
    boolean hasBiases,
    boolean isTurned) {
  /** The file that says how an adapter is loaded. */
  public static final String CONFIG = AdapterConfig.FILE_NAME;

  /** Its tensors lie in one file, whatever their size: PEFT reads no other. */
  public static final OutputLayout LAYOUT = new SafetensorsLayout("adapter_model", "");

  private static final String PREFIX = "base_model.model.";

  /** {@code org/name@revision}, as a hub has it. */
  private static final Pattern OF_HUB = Pattern.compile("([\\w.-]+/[\\w.-]+)@([\\w.-]+)");

  public WrittenAdapter {
    ranks = Collections.unmodifiableMap(new TreeMap<>(ranks));
    saved = Collections.unmodifiableSet(new TreeSet<>(saved));
    if (ranks.isEmpty()) {
      throw new IllegalArgumentException("an adapter of %s without a pair".formatted(base));
    }
  }

  /** The wide matrix of a linear layer: {@code rank, in}. */
  public static String a(String module, boolean isEmbedding) {
    return PREFIX + module + (isEmbedding ? ".lora_embedding_A" : ".lora_A.weight");
  }

  /** The tall matrix of a linear layer: {@code out, rank}. */
  public static String b(String module, boolean isEmbedding) {
    return PREFIX + module + (isEmbedding ? ".lora_embedding_B" : ".lora_B.weight");
  }

  /** A tensor that lies in it as it is. */
  public static String whole(String module, String part) {
    return "%s%s.%s".formatted(PREFIX, module, part);
  }

  /** The bias of a linear layer with a pair. */
  public static String bias(String module) {
    return whole(module, "base_layer.bias");
  }

  /** The text of {@link #CONFIG}. */
  public String config() {
    int rank = Collections.max(ranks.values());
    JsonObject patterns = new RankPatterns(ranks, rank).json();
    Matcher ofHub = OF_HUB.matcher(base);
    boolean isOfHub = ofHub.matches();
    JsonObject config =
        JsonObject.EMPTY
            .with("alpha_pattern", patterns)
            .with("auto_mapping", JsonValue.nothing())
            .with("base_model_name_or_path", isOfHub ? ofHub.group(1) : base)
            .with("bias", hasBiases ? "lora_only" : "none")
            .with("fan_in_fan_out", isTurned)
            .with("inference_mode", true)
            .with("init_lora_weights", true)
            .with("lora_alpha", rank)
            .with("lora_bias", false)
            .with("lora_dropout", JsonValue.of(0.0))
            .with(
                "modules_to_save",
                saved.isEmpty()
                    ? JsonValue.nothing()
                    : list(shortened(saved, (module, end) -> module.endsWith(end))))
            .with("peft_type", "LORA")
            .with("r", rank)
            .with("rank_pattern", patterns)
            .with("revision", isOfHub ? JsonValue.of(ofHub.group(2)) : JsonValue.nothing())
            .with(
                "target_modules",
                list(
                    shortened(
                        ranks.keySet(),
                        (module, end) -> module.equals(end) || module.endsWith("." + end))))
            .with("task_type", targets.task().map(JsonValue::of).orElse(JsonValue.nothing()))
            .with("use_dora", false)
            .with("use_rslora", false);
    return JsonWriter.text(JsonStyle.PYTHON, config) + "\n";
  }

  private static JsonValue list(Collection<String> names) {
    return JsonValue.of(names.stream().map(JsonValue::of).toList());
  }

  /** Whether PEFT takes a module for one that a list names. */
  private interface Naming {
    boolean means(String module, String named);
  }

  /** Last parts of names, where all modules that these mean are wanted; else whole names. */
  private Set<String> shortened(Set<String> wanted, Naming naming) {
    Set<String> all = new TreeSet<>(targets.modules());
    all.addAll(wanted);
    Set<String> named = new TreeSet<>();
    for (String module : wanted) {
      String last = module.substring(module.lastIndexOf('.') + 1);
      boolean areAll =
          all.stream().filter(other -> naming.means(other, last)).allMatch(wanted::contains);
      named.add(areAll ? last : module);
    }
    return named;
  }
}
