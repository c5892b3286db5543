package dev.stockpot.merge.mixture;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mixture of experts as it is stored, in either layout: what of it belongs to which expert.
 *
 * @param name as the recipe has it
 */
record StoredMixture(String name, Model model, MixtureKind kind) {
  private static final String LAYER = "(model\\.layers\\.\\d+\\.)";
  private static final String BLOCK = "(mlp|block_sparse_moe)\\.";
  private static final Pattern SINGLE =
      Pattern.compile(LAYER + BLOCK + "experts\\.(\\d+)\\.(\\w+)\\.weight");
  private static final Pattern FUSED =
      Pattern.compile(LAYER + BLOCK + "experts\\.(gate_up_proj|down_proj)");
  private static final Pattern ROUTER = Pattern.compile(LAYER + BLOCK + "gate\\.weight");
  private static final Pattern SHARED =
      Pattern.compile(LAYER + "mlp\\.shared_experts?\\.(\\w+)\\.weight");
  private static final Pattern SHARED_GATE =
      Pattern.compile(LAYER + "mlp\\.shared_expert_gate\\.weight");

  private static final List<String> COUNTS =
      List.of("num_local_experts", "num_experts", "n_routed_experts");

  /** The mixture that a model is; nothing if it is none of the kinds that are known here. */
  static Optional<StoredMixture> of(String name, Model model) {
    return MixtureKind.ofType(model.config().tree().text("model_type"))
        .map(kind -> new StoredMixture(name, model, kind));
  }

  JsonObject config() {
    return model.config().tree();
  }

  /** The key of the configuration that counts the experts, and their number. */
  Map.Entry<String, Integer> experts() {
    for (String key : COUNTS) {
      if (config().integer(key).isPresent()) {
        return Map.entry(key, config().integer(key).getAsInt());
      }
    }
    return Map.entry(COUNTS.get(0), 0);
  }

  /** Names that are neither of a block of experts nor of what any dense model has. */
  List<String> layersWithoutExperts() {
    return model.tensors().keySet().stream()
        .filter(tensor -> tensor.matches(LAYER + "mlp\\.(gate|up|down)_proj\\.weight"))
        .toList();
  }

  /** Names of blocks of experts that are no plain numbers: scales, codes, transposed stacks. */
  List<String> strange() {
    return model.tensors().keySet().stream()
        .filter(tensor -> tensor.contains(".experts.") || tensor.contains(".shared_expert"))
        .filter(tensor -> !isOfBlock(tensor))
        .toList();
  }

  /** The tensors of a mixture of some of its experts, in their order: rows of routers go along. */
  Map<String, TensorSource> only(List<Integer> experts) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    model
        .tensors()
        .forEach(
            (tensor, source) -> {
              Matcher single = SINGLE.matcher(tensor);
              boolean isRouter = ROUTER.matcher(tensor).matches();
              if (isRouter || FUSED.matcher(tensor).matches()) {
                tensors.put(tensor, chosen(source, experts));
              } else if (!single.matches()) {
                tensors.put(tensor, source);
              } else {
                int expert = Integer.parseInt(single.group(3));
                for (int place = 0; place < experts.size(); place++) {
                  if (experts.get(place) == expert) {
                    tensors.put(numbered(tensor, single, place), source);
                  }
                }
              }
            });
    return tensors;
  }

  private static String numbered(String tensor, Matcher single, int place) {
    return tensor.substring(0, single.start(3)) + place + tensor.substring(single.end(3));
  }

  /** Places along the first axis, in another order. */
  private static TensorSource chosen(TensorSource stack, List<Integer> experts) {
    List<TensorSource> parts = new ArrayList<>();
    experts.forEach(expert -> parts.add(stack.section(0, expert, expert + 1L)));
    return TensorSource.joined(parts, 0);
  }

  /** The tensors of the dense model that one of its experts is, without routers. */
  Map<String, TensorSource> dense(int expert) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    model.tensors().forEach((tensor, source) -> addDense(tensor, source, expert, tensors));
    return tensors;
  }

  private void addDense(
      String tensor, TensorSource source, int expert, Map<String, TensorSource> tensors) {
    Matcher single = SINGLE.matcher(tensor);
    Matcher fused = FUSED.matcher(tensor);
    if (single.matches()) {
      if (Integer.parseInt(single.group(3)) == expert) {
        tensors.put(projection(single.group(1), kind.dense(single.group(4))), source);
      }
    } else if (fused.matches()) {
      TensorSource own = matrix(source.section(0, expert, expert + 1L));
      if (fused.group(3).equals("down_proj")) {
        tensors.put(projection(fused.group(1), "down_proj"), own);
      } else {
        long rows = own.shape().dimensions().get(0);
        tensors.put(projection(fused.group(1), "gate_proj"), own.section(0, 0, rows / 2));
        tensors.put(projection(fused.group(1), "up_proj"), own.section(0, rows / 2, rows));
      }
    } else if (!isOfBlock(tensor)) {
      tensors.put(tensor, source);
    }
  }

  /** The tensors of the dense model that its shared expert is. */
  Map<String, TensorSource> shared() {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, TensorSource> entry : model.tensors().entrySet()) {
      Matcher shared = SHARED.matcher(entry.getKey());
      if (shared.matches()) {
        tensors.put(projection(shared.group(1), shared.group(2)), entry.getValue());
      } else if (!isOfBlock(entry.getKey())) {
        tensors.put(entry.getKey(), entry.getValue());
      }
    }
    return tensors;
  }

  boolean hasShared() {
    return model.tensors().keySet().stream().anyMatch(name -> SHARED.matcher(name).matches());
  }

  private static boolean isOfBlock(String tensor) {
    return List.of(SINGLE, FUSED, ROUTER, SHARED, SHARED_GATE).stream()
        .anyMatch(pattern -> pattern.matcher(tensor).matches());
  }

  private static String projection(String layer, String projection) {
    return "%smlp.%s.weight".formatted(layer, projection);
  }

  private static TensorSource matrix(TensorSource one) {
    List<Long> axes = one.shape().dimensions();
    return one.reshaped(Shape.of(axes.get(1), axes.get(2)));
  }
}
