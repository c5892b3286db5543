package dev.stockpot.merge.compare;

import dev.stockpot.merge.compare.Difference.Weight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares what two configurations say of the function that the weights are for. Shapes need no
 * comparison here: they are in the files. What only one of them says is compared with what the
 * other one's class takes, where that is known.
 */
public final class ConfigComparison {
  /** With other heads, rows of the same projection mean something else. */
  private static final Set<String> STRUCTURE =
      Set.of(
          "hidden_size",
          "d_model",
          "n_embd",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "n_head",
          "n_heads",
          "num_heads",
          "encoder_attention_heads",
          "decoder_attention_heads",
          "is_decoder");

  private static final Set<String> ACTIVATIONS =
      Set.of(
          "hidden_act",
          "activation_function",
          "hidden_activation",
          "dense_act_fn",
          "feed_forward_proj",
          "feat_extract_activation");

  /** Two names of one function. */
  private static final Set<String> SILU = Set.of("silu", "swish");

  /** Activations that are one function, or one and its approximation. */
  private static final List<Set<String>> SAME_ACTIVATION =
      List.of(
          SILU,
          Set.of(
              "gelu",
              "gelu_new",
              "gelu_fast",
              "gelu_python",
              "gelu_pytorch_tanh",
              "quick_gelu",
              "gelu_accurate"));

  /** Keys that change what a model computes, and that are looked for where one is silent, too. */
  private static final Set<String> FUNCTION =
      Set.of("rope_theta", "rope_type", "rope_factor", "partial_rotary_factor");

  /**
   * Keys that change nothing of what weights mean to each other: training, bookkeeping, tokens,
   * sizes that shapes tell, and counts of layers, which slices change.
   */
  private static final Pattern NEUTRAL =
      Pattern.compile(
          "(_.*|transformers_version|(torch_)?dtype|.*dropout.*|.*drop_path.*|.*layerdrop|.*initializer.*|init_.*"
              + "|.*init_std|.*tokens?_(id|index|ids)|.*_id|.*gradient_checkpointing.*|output_(attentions|hidden_states|scores|past|router_logits)|return_.*"
              + "|use_cache|architectures|model_type|auto_map|id2label|label2id|problem_type|num_labels"
              + "|finetuning_task|tie_.*|.*position_embeddings|n_positions|n_ctx|max_(position|source|target|length|window|seq|new)_?.*|.*vocab_size.*"
              + "|num_.*layers|n_layers?|layers|(encoder|decoder)_(layers|depth)|depth|num_blocks|torchscript|pretraining_tp"
              + "|.*loss.*|router_jitter_noise|.*_noise|mask_(time|feature)_.*|apply_spec_augment|ctc_.*|chunk_size_feed_forward"
              + "|use_bfloat16|use_return_dict|.*implementation|seq_length|seq_len|model_max_length"
              + "|.*intermediate_size|.*ffn_dim|d_ff|n_inner|num_(local_|routed_)?experts|n_routed_experts"
              + "|type_vocab_size|unsloth.*|num_beams|temperature|top_[pk]|do_sample|.*length.*|remove_.*"
              + "|use_mambapy|use_mamba_kernels|use_kernel.*|use_flash.*|.*flash_attn.*|.*mscale_all_dim)");

  /** What is under these says the same as keys beside them, or is not of the function. */
  private static final Pattern APART =
      Pattern.compile(
          "(.*\\.)?(quantization_config|compression_config|quantization|hf_quant_config|quantize_config|quant_config|id2label|label2id|task_specific_params"
              + "|auto_map|generation_config|pruned_heads)\\..*");

  /** Spelled in two ways, and compared above. */
  private static final Pattern ROPE =
      Pattern.compile(
          "(.*\\.)?(rope_parameters|rope_scaling)\\.(rope_theta|rope_type|type|factor|partial_rotary_factor)");

  private static final String WINDOW = "sliding_window";
  private static final String USES_WINDOW = "use_sliding_window";
  private static final int LONGEST = 60;

  private ConfigComparison() {}

  /** How a model differs from the one whose configuration the result has; what is worst first. */
  public static List<Difference> of(Described donor, Described model) {
    List<Difference> all = new ArrayList<>();
    kind(donor, model).ifPresent(all::add);
    if (all.stream().anyMatch(difference -> difference.weight() == Weight.NONSENSE)) {
      return all; // then every key says something of its own
    }
    List<String> nonsense = new ArrayList<>();
    List<String> meant = new ArrayList<>();
    for (String path : paths(donor, model)) {
      Optional<String> expected = valueIn(donor, path, model);
      Optional<String> found = valueIn(model, path, donor);
      boolean isOther =
          expected.isPresent()
              && found.isPresent()
              && !isSame(key(path), Silence.plain(expected.get()), Silence.plain(found.get()));
      if (isOther && !isIdle(path, donor, model)) {
        boolean isNonsense =
            isNonsense(key(path), Silence.plain(expected.get()), Silence.plain(found.get()));
        (isNonsense ? nonsense : meant)
            .add(
                "%s is %s in %s, %s in %s"
                    .formatted(
                        path,
                        brief(found.get()),
                        model.name(),
                        brief(expected.get()),
                        donor.name()));
      }
    }
    nonsense.forEach(words -> all.add(new Difference(Weight.NONSENSE, words)));
    quantisation(donor, model).ifPresent(meant::add);
    meant.forEach(words -> all.add(new Difference(Weight.PERHAPS_MEANT, words)));
    return all;
  }

  private static boolean isSame(String key, String one, String other) {
    return one.equals(other)
        || (ACTIVATIONS.contains(key) && SILU.contains(one) && SILU.contains(other));
  }

  /** What a model says or, where the other one says something, what its silence means. */
  private static Optional<String> valueIn(Described model, String path, Described other) {
    return model
        .value(path)
        .or(() -> other.value(path).flatMap(said -> Silence.of(model, path, said)));
  }

  /** Whether it is the width of windows that neither of them uses. */
  private static boolean isIdle(String path, Described donor, Described model) {
    String flag = path.substring(0, path.lastIndexOf('.') + 1) + USES_WINDOW;
    return key(path).equals(WINDOW)
        && Stream.of(donor, model)
            .map(one -> one.value(flag).or(() -> Silence.of(one, flag, "true")))
            .allMatch(uses -> uses.filter(word -> Silence.plain(word).equals("false")).isPresent());
  }

  /** The keys of sizes that explain other shapes of tensors. */
  public static List<String> sizes(Described donor, Described model) {
    return List.of("vocab_size", "text_config.vocab_size", "intermediate_size").stream()
        .filter(path -> !donor.value(path).equals(model.value(path)))
        .filter(path -> donor.value(path).isPresent() && model.value(path).isPresent())
        .map(
            path ->
                "%s is %s in %s, %s in %s"
                    .formatted(
                        path,
                        model.value(path).orElseThrow(),
                        model.name(),
                        donor.value(path).orElseThrow(),
                        donor.name()))
        .toList();
  }

  private static Optional<Difference> kind(Described donor, Described model) {
    String words =
        "%s is %s, %s is %s".formatted(donor.name(), donor.kind(), model.name(), model.kind());
    boolean sameClass =
        donor.architecture().isPresent() && donor.architecture().equals(model.architecture());
    if (donor.modelType().isPresent() && model.modelType().isPresent()) {
      String expected = donor.modelType().get();
      String found = model.modelType().get();
      if (!expected.equals(found)) {
        boolean isSame = sameClass || AlikeFamilies.compute(expected, found);
        String types =
            donor.kind().equals(model.kind())
                ? "%s is of model_type %s, %s of %s"
                    .formatted(donor.name(), expected, model.name(), found)
                : words;
        return Optional.of(new Difference(isSame ? Weight.PERHAPS_MEANT : Weight.NONSENSE, types));
      }
    }
    if (donor.architecture().isEmpty() || model.architecture().isEmpty() || sameClass) {
      return Optional.empty();
    }
    boolean saysFamily = donor.modelType().isPresent() && model.modelType().isPresent();
    boolean isSame =
        saysFamily
            || AlikeFamilies.ofClass(donor.architecture().get())
                .equals(AlikeFamilies.ofClass(model.architecture().get()));
    return Optional.of(new Difference(isSame ? Weight.PERHAPS_MEANT : Weight.NONSENSE, words));
  }

  private static Optional<String> quantisation(Described donor, Described model) {
    Optional<String> expected = donor.quantisation();
    Optional<String> found = model.quantisation();
    return expected.equals(found)
        ? Optional.empty()
        : Optional.of(
            "quantization_config is %s in %s, %s in %s"
                .formatted(
                    found.orElse("not there"),
                    model.name(),
                    expected.orElse("not there"),
                    donor.name()));
  }

  private static boolean isNonsense(String key, String one, String other) {
    return STRUCTURE.contains(key)
        || (ACTIVATIONS.contains(key)
            && SAME_ACTIVATION.stream()
                .noneMatch(same -> same.contains(one) && same.contains(other)));
  }

  /** What is compared: the keys of each part that either has, also where it is silent. */
  private static Collection<String> paths(Described donor, Described model) {
    Set<String> parts = new TreeSet<>();
    for (Described one : List.of(donor, model)) {
      one.values().keySet().stream()
          .filter(
              path ->
                  !path.matches("(.*\\.)?(rope_parameters|rope_scaling|quantization_config)\\..*"))
          .map(path -> path.substring(0, path.lastIndexOf('.') + 1))
          .forEach(parts::add);
    }
    Set<String> paths = new LinkedHashSet<>();
    for (String part : parts) {
      for (Set<String> keys : List.of(STRUCTURE, ACTIVATIONS, FUNCTION)) {
        new TreeSet<>(keys).forEach(key -> paths.add(part + key));
      }
    }
    Stream.concat(donor.values().keySet().stream(), model.values().keySet().stream())
        .filter(
            path ->
                donor.said(path).isPresent() == model.said(path).isPresent()
                    ? areAlike(donor.values().get(path), model.values().get(path))
                    : ClassDefaults.know(key(path)))
        .filter(path -> !NEUTRAL.matcher(key(path)).matches())
        .filter(path -> !APART.matcher(path).matches() && !ROPE.matcher(path).matches())
        .sorted()
        .forEach(paths::add);
    return paths;
  }

  private static String brief(String value) {
    String plain = Silence.plain(value);
    return plain.length() > LONGEST
        ? plain.substring(0, LONGEST) + "…" + value.substring(plain.length())
        : value;
  }

  /** Lists that are as long: others are of models that have other layers. */
  private static boolean areAlike(String one, String other) {
    return !one.startsWith("[")
        || one.chars().filter(c -> c == ',').count() == other.chars().filter(c -> c == ',').count();
  }

  private static String key(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
