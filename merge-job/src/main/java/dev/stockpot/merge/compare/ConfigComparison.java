package dev.stockpot.merge.compare;

import dev.stockpot.merge.compare.Difference.Weight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares what two configurations say of the function that the weights are for. Shapes need no
 * comparison here: they are in the files. What only one of them says is left to its class, and is
 * no difference.
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

  /** Activations that are one function, or one and its approximation. */
  private static final List<Set<String>> SAME_ACTIVATION =
      List.of(
          Set.of("silu", "swish"),
          Set.of(
              "gelu",
              "gelu_new",
              "gelu_fast",
              "gelu_python",
              "gelu_pytorch_tanh",
              "quick_gelu",
              "gelu_accurate"));

  /** Keys that change what a model computes, and no shape. */
  private static final Set<String> FUNCTION =
      Set.of(
          "rope_theta",
          "rope_type",
          "rope_factor",
          "rope_interleave",
          "partial_rotary_factor",
          "rotary_pct",
          "rotary_emb_base",
          "rms_norm_eps",
          "layer_norm_eps",
          "layer_norm_epsilon",
          "norm_eps",
          "norm_epsilon",
          "num_experts_per_tok",
          "norm_topk_prob",
          "routed_scaling_factor",
          "route_scale",
          "scoring_func",
          "topk_method",
          "n_group",
          "topk_group",
          "sliding_window",
          "use_sliding_window",
          "sliding_window_pattern",
          "layer_types",
          "final_logit_softcapping",
          "attn_logit_softcapping",
          "query_pre_attn_scalar",
          "embedding_multiplier",
          "residual_multiplier",
          "attention_multiplier",
          "logits_scaling",
          "scale_embedding",
          "scale_attn_weights",
          "relative_attention_max_distance",
          "do_stable_layer_norm",
          "swiglu_alpha",
          "attention_bias",
          "mlp_bias",
          "qkv_bias",
          "use_bias");

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
      Optional<String> expected = donor.value(path);
      Optional<String> found = model.value(path);
      if (expected.isPresent() && found.isPresent() && !expected.equals(found)) {
        boolean isNonsense = isNonsense(key(path), expected.get(), found.get());
        (isNonsense ? nonsense : meant)
            .add(
                "%s is %s in %s, %s in %s"
                    .formatted(path, found.get(), model.name(), expected.get(), donor.name()));
      }
    }
    nonsense.forEach(words -> all.add(new Difference(Weight.NONSENSE, words)));
    quantisation(donor, model).ifPresent(meant::add);
    meant.forEach(words -> all.add(new Difference(Weight.PERHAPS_MEANT, words)));
    return all;
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
        boolean isSame = sameClass || Families.compute(expected, found);
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
            || Families.ofClass(donor.architecture().get())
                .equals(Families.ofClass(model.architecture().get()));
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
    return paths;
  }

  private static String key(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
