package dev.stockpot.merge.mixture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The kinds of mixtures that dense models can be put together to, in the order of preference. */
@SuppressWarnings("ImmutableEnumChecker") // its sets and lists are those of Set.of and List.of
enum MixtureKind {
  MIXTRAL(
      "Mixtral",
      "mixtral",
      "mistral",
      "MistralForCausalLM",
      Set.of("llama", "mistral"),
      "block_sparse_moe",
      List.of("w1", "w3", "w2"),
      Optional.empty(),
      List.of()),
  DEEPSEEK(
      "DeepSeek MoE",
      "deepseek",
      "llama",
      "LlamaForCausalLM",
      Set.of("llama", "mistral"),
      "mlp",
      Names.DENSE,
      Optional.of("shared_experts"),
      List.of()),
  QWEN2(
      "Qwen MoE",
      "qwen2_moe",
      "qwen2",
      "Qwen2ForCausalLM",
      Set.of("llama", "mistral", "qwen2"),
      "mlp",
      Names.DENSE,
      Optional.of("shared_expert"),
      Names.BIASES),
  QWEN3(
      "Qwen3 MoE",
      "qwen3_moe",
      "qwen3",
      "Qwen3ForCausalLM",
      Set.of("qwen3"),
      "mlp",
      Names.DENSE,
      Optional.empty(),
      List.of("self_attn.q_norm.weight", "self_attn.k_norm.weight"));

  /** Names of tensors, which constants of an enum cannot have otherwise. */
  private static final class Names {
    private static final List<String> DENSE = List.of("gate_proj", "up_proj", "down_proj");
    private static final List<String> BIASES =
        List.of("self_attn.q_proj.bias", "self_attn.k_proj.bias", "self_attn.v_proj.bias");

    private Names() {}
  }

  /** The projections of a dense block, in the order of {@link #projections}. */
  static final List<String> DENSE = Names.DENSE;

  private final String word;
  private final String type;
  private final String denseType;
  private final String denseArchitecture;
  private final Set<String> inputs;
  private final String block;
  private final List<String> projections;
  private final Optional<String> shared;
  private final List<String> extras;

  MixtureKind(
      String word,
      String type,
      String denseType,
      String denseArchitecture,
      Set<String> inputs,
      String block,
      List<String> projections,
      Optional<String> shared,
      List<String> extras) {
    this.word = word;
    this.type = type;
    this.denseType = denseType;
    this.denseArchitecture = denseArchitecture;
    this.inputs = inputs;
    this.block = block;
    this.projections = projections;
    this.shared = shared;
    this.extras = extras;
  }

  /** The {@code model_type} of mixtures that experts can be taken out of. */
  static List<String> types() {
    return Arrays.stream(values()).map(kind -> kind.type).toList();
  }

  /** The kind of that {@code model_type}. */
  static Optional<MixtureKind> ofType(String type) {
    return Arrays.stream(values()).filter(kind -> kind.type.equals(type)).findFirst();
  }

  /** The {@code model_type} of the dense model that one of its experts is. */
  String denseType() {
    return denseType;
  }

  /** The class of that model. */
  String denseArchitecture() {
    return denseArchitecture;
  }

  /** A dense model's word for a projection of an expert. */
  String dense(String projection) {
    int place = projections.indexOf(projection);
    return place < 0 ? projection : DENSE.get(place);
  }

  /** As mergekit calls it. */
  String word() {
    return word;
  }

  /** The {@code model_type} of models that it can be made of. */
  Set<String> inputs() {
    return inputs;
  }

  /** Those whose names begin so, whatever case and spaces. */
  static List<MixtureKind> named(String beginning) {
    return Arrays.stream(values())
        .filter(kind -> plain(kind.word).startsWith(plain(beginning)))
        .toList();
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
  }

  /** Why it cannot be made with a shared expert, or without one; empty if it can. */
  Optional<String> obstacle(boolean hasShared, boolean hasPrompts) {
    boolean needsShared = this == QWEN2;
    if (hasShared && shared.isEmpty()) {
      return Optional.of("has no shared expert");
    }
    if (needsShared && !hasShared) {
      return Optional.of("needs exactly one shared expert");
    }
    return this == DEEPSEEK && hasShared && hasPrompts
        ? Optional.of("has a shared expert without a gate, so it takes no prompts")
        : Optional.empty();
  }

  /** Whether what the shared expert adds is weighed by a gate. */
  boolean gatesShared() {
    return this == QWEN2;
  }

  /** Whether files of it may hold all experts of a layer in one tensor. */
  boolean canFuse() {
    return this != DEEPSEEK;
  }

  /** Tensors of a layer that it has beside what all have; behind {@code model.layers.N}. */
  List<String> extras() {
    return extras;
  }

  /** Of the extras, those that are zero where the base has none. */
  boolean isZero(String extra) {
    return extra.endsWith(".bias");
  }

  private String block(boolean isFused) {
    return isFused ? "mlp" : block;
  }

  String router(int layer, boolean isFused) {
    return "model.layers.%s.%s.gate.weight".formatted(layer, block(isFused));
  }

  /** A projection of an expert in a tensor of its own. */
  String expert(int layer, int expert, int projection) {
    return "model.layers.%s.%s.experts.%s.%s.weight"
        .formatted(layer, block, expert, projections.get(projection));
  }

  /** A projection of all experts. */
  static String fused(int layer, String projection) {
    return "model.layers.%s.mlp.experts.%s".formatted(layer, projection);
  }

  String shared(int layer, int projection) {
    return "model.layers.%s.mlp.%s.%s.weight"
        .formatted(layer, shared.orElseThrow(), projections.get(projection));
  }

  static String sharedGate(int layer) {
    return "model.layers.%s.mlp.shared_expert_gate.weight".formatted(layer);
  }
}
