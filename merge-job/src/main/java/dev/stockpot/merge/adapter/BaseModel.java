package dev.stockpot.merge.adapter;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.quantised.CodedModule;
import dev.stockpot.merge.quantised.CodedModules;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is to be known of the model that adapters are baked into.
 *
 * @param names of its tensors
 * @param coded the modules of which it holds codes, not numbers
 * @param sharedEmbedding the embedding that stands for the head as well, if one does
 */
record BaseModel(Model model, Names names, CodedModules coded, Optional<String> sharedEmbedding) {
  static final String HEAD = "lm_head";
  private static final String TIES = "tie_word_embeddings";

  /** Modules with a row for each token. */
  private static final Set<String> VOCABULARY =
      Set.of(
          HEAD,
          "embed_out",
          "embed_in",
          "embed_tokens",
          "wte",
          "word_embeddings",
          "shared",
          "tok_embeddings");

  private static final Set<String> HEADS = Set.of(HEAD, "embed_out");

  /** Classes that have a head over the vocabulary. */
  private static final Pattern WITH_HEAD =
      Pattern.compile(".*(CausalLM|LMHeadModel|ConditionalGeneration).*");

  /** Model types whose projections are stored as in, out, and what these are called. */
  private static final Set<String> CONV1D_TYPES =
      Set.of("gpt2", "openai-gpt", "imagegpt", "decision_transformer", "clvp", "clvp_decoder");

  private static final Set<String> CONV1D_MODULES = Set.of("c_attn", "c_proj", "c_fc", "q_attn");

  /** Model types whose experts are stored as in, out. */
  private static final Set<String> TURNED_EXPERTS =
      Set.of("gpt_oss", "llama4", "llama4_text", "aria", "aria_text", "openai_privacy_filter");

  static BaseModel of(Model model) {
    return new BaseModel(
        model,
        new Names(model.tensors().keySet()),
        CodedModules.of(model.config().values(), model.tensors()),
        sharedEmbedding(model));
  }

  private static JsonObject text(Model model) {
    return ModelConfig.textPart(model.config().tree());
  }

  private JsonObject text() {
    return text(model);
  }

  private boolean isOfType(Set<String> types) {
    return types.contains(text().text("model_type"))
        || types.contains(model.config().tree().text("model_type"));
  }

  /** Whether a square weight of that module is stored as in, out. */
  boolean swapsInAndOut(String module) {
    return isOfType(CONV1D_TYPES) && CONV1D_MODULES.contains(last(module));
  }

  /** Whether it does not say what it is. */
  boolean isUntold() {
    return text().text("model_type").isEmpty()
        && model.config().tree().text("model_type").isEmpty();
  }

  /** Whether square experts are stored as in, out. */
  boolean turnsExperts() {
    return isOfType(TURNED_EXPERTS);
  }

  private static String last(String module) {
    return module.substring(module.lastIndexOf('.') + 1);
  }

  /** Whether a tensor has a row for each token. */
  static boolean isVocabulary(String tensor) {
    return isIn(VOCABULARY, tensor);
  }

  static boolean isHead(String tensor) {
    return isIn(HEADS, tensor);
  }

  private static boolean isIn(Set<String> modules, String tensor) {
    int dot = tensor.lastIndexOf('.');
    return dot > 0 && modules.contains(last(tensor.substring(0, dot)));
  }

  private static Optional<String> sharedEmbedding(Model model) {
    boolean hasHead = model.tensors().keySet().stream().anyMatch(BaseModel::isHead);
    boolean wantsHead =
        model.config().tree().list("architectures").stream()
            .flatMap(name -> name.text().stream())
            .anyMatch(WITH_HEAD.asMatchPredicate());
    boolean isTied = tie(text(model)).or(() -> tie(model.config().tree())).orElse(wantsHead);
    return isTied && !hasHead ? embedding(model) : Optional.empty();
  }

  private static Optional<Boolean> tie(JsonObject part) {
    return part.get(TIES).flatMap(JsonValue::flag);
  }

  /** The input embedding, if it can be told. */
  private static Optional<String> embedding(Model model) {
    List<String> all =
        model.tensors().keySet().stream()
            .filter(name -> isVocabulary(name) && !isHead(name) && name.endsWith(".weight"))
            .toList();
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  /** Codes that a tensor is, or that lie about it. */
  Optional<CodedModule> codes(String tensor) {
    return coded.of(tensor).or(() -> coded.around(tensor));
  }

  /**
   * Its configuration after a change of the vocabulary.
   *
   * @param rows of the embedding, where that has another number than before
   * @param untied whether the head is a tensor of its own by now
   */
  ModelConfig config(Optional<Long> rows, boolean untied) {
    JsonObject root = model.config().tree();
    if (untied) {
      root = ModelConfig.withTextPart(root, BaseModel::untied);
      root = untied(root);
    }
    if (rows.isPresent()) {
      root = ModelConfig.withTextPart(root, part -> part.with("vocab_size", rows.get()));
    }
    return ModelConfig.of(root);
  }

  private static JsonObject untied(JsonObject part) {
    return part.with(TIES, false);
  }
}
