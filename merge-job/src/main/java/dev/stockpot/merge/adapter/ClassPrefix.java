package dev.stockpot.merge.adapter;

import dev.stockpot.merge.model.Model;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What classes with a head put before the names of the model proper. */
final class ClassPrefix {
  /** Heads that stand beside the model proper in classes that have one. */
  private static final Set<String> BESIDE =
      Set.of("lm_head", "embed_out", "score", "classifier", "qa_outputs", "cls", "pooler");

  /**
   * What classes with a head call the model proper, where files are often written without it: by
   * model type.
   */
  private static final Map<String, String> PROPER =
      Map.ofEntries(
          Map.entry("gpt2", "transformer."),
          Map.entry("gptj", "transformer."),
          Map.entry("gpt_neo", "transformer."),
          Map.entry("bloom", "transformer."),
          Map.entry("falcon", "transformer."),
          Map.entry("bert", "bert."),
          Map.entry("roberta", "roberta."),
          Map.entry("xlm-roberta", "roberta."),
          Map.entry("distilbert", "distilbert."),
          Map.entry("electra", "electra."),
          Map.entry("gpt_neox", "gpt_neox."),
          Map.entry("llama", "model."),
          Map.entry("mistral", "model."),
          Map.entry("qwen2", "model."),
          Map.entry("qwen3", "model."),
          Map.entry("gemma", "model."),
          Map.entry("gemma2", "model."),
          Map.entry("phi", "model."),
          Map.entry("phi3", "model."));

  private ClassPrefix() {}

  /** What its class puts before names that its files have without it. */
  static String of(Model model, Optional<String> architecture) {
    String prefix = PROPER.getOrDefault(model.config().tree().text("model_type"), "");
    boolean hasHead =
        architecture.filter(name -> !name.endsWith("Model") || name.contains("Head")).isPresent();
    boolean isThere =
        model.tensors().keySet().stream().anyMatch(tensor -> tensor.startsWith(prefix));
    return hasHead && !isThere ? prefix : "";
  }

  /** Whether a module stands beside the model proper. */
  static boolean isBeside(String module) {
    int dot = module.indexOf('.');
    return BESIDE.contains(dot < 0 ? module : module.substring(0, dot));
  }
}
