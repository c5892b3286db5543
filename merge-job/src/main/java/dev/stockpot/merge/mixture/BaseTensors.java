package dev.stockpot.merge.mixture;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.merge.model.Generated;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a mixture takes from its base: everything but feed-forward blocks. */
final class BaseTensors {
  private static final Set<String> AROUND =
      Set.of("model.embed_tokens.weight", "model.norm.weight", "lm_head.weight");
  private static final String HEAD = "lm_head.weight";

  private static final List<String> IN_LAYER =
      List.of(
          "input_layernorm.weight",
          "post_attention_layernorm.weight",
          "self_attn.q_proj.weight",
          "self_attn.k_proj.weight",
          "self_attn.v_proj.weight",
          "self_attn.o_proj.weight");

  /** Old files store it, though it follows from the configuration. */
  private static final String FREQUENCIES = "rotary_emb.inv_freq";

  private final DenseModel base;
  private final Map<String, TensorSource> tensors = new LinkedHashMap<>();
  private final List<String> strange = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  BaseTensors(DenseModel base, MixtureKind kind, List<String> notices) {
    this.base = base;
    boolean hasFrequencies = false;
    for (Map.Entry<String, TensorSource> tensor : base.tensors().entrySet()) {
      Optional<String> rest = DenseModel.behindLayer(tensor.getKey());
      boolean isKept =
          rest.map(name -> IN_LAYER.contains(name) || kind.extras().contains(name))
              .orElse(AROUND.contains(tensor.getKey()));
      if (isKept) {
        tensors.put(tensor.getKey(), tensor.getValue());
      } else if (tensor.getKey().endsWith(FREQUENCIES)) {
        hasFrequencies = true;
      } else if (rest.filter(name -> name.startsWith("mlp.")).isEmpty()) {
        strange.add(tensor.getKey());
      }
    }
    if (hasFrequencies) {
      notices.add(
          "%s of %s is left out: it follows from the configuration"
              .formatted(FREQUENCIES, base.name()));
    }
    complete(kind);
  }

  /** Adds zeros where they stand for nothing, and notes what is not there. */
  private void complete(MixtureKind kind) {
    AROUND.stream()
        .filter(name -> !name.equals(HEAD)) // which may be the embedding
        .filter(name -> !tensors.containsKey(name))
        .sorted()
        .forEach(missing::add);
    for (int layer = 0; layer < base.layers(); layer++) {
      for (String name : IN_LAYER) {
        require(DenseModel.inLayer(layer, name));
      }
      for (int projection = 0; projection < MixtureKind.DENSE.size(); projection++) {
        if (base.projection(layer, projection).isEmpty()) {
          missing.add(DenseModel.projectionName(layer, projection));
        }
      }
      for (String extra : kind.extras()) {
        String name = DenseModel.inLayer(layer, extra);
        TensorSource weight = tensors.get(name.replace(".bias", ".weight"));
        if (!tensors.containsKey(name) && kind.isZero(extra) && weight != null) {
          long rows = weight.shape().dimensions().get(0);
          tensors.put(name, new Generated(Numbers.all(0), Shape.of(rows)));
        }
        require(name);
      }
    }
    if (base.layers() == 0) {
      missing.add("model.layers.0");
    }
  }

  private void require(String name) {
    if (!tensors.containsKey(name)) {
      missing.add(name);
    }
  }

  Map<String, TensorSource> tensors() {
    return tensors;
  }

  /** Names that a mixture has no place for. */
  Optional<String> strange() {
    return strange.isEmpty() ? Optional.empty() : Optional.of(FittingModels.some(strange));
  }

  /** Names without which there is no mixture. */
  Optional<String> missing() {
    return missing.isEmpty() ? Optional.empty() : Optional.of(FittingModels.some(missing));
  }
}
