package dev.stockpot.merge.mixture;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dense language model of which a mixture is made, under the names that Llama has given to its
 * tensors.
 *
 * @param name as the recipe has it
 */
record DenseModel(String name, Model model) {
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)");

  DenseModel {
    requireNonNull(name, "name is null");
    requireNonNull(model, "model is null");
  }

  JsonObject config() {
    return model.config().tree();
  }

  String type() {
    return config().text("model_type");
  }

  Map<String, TensorSource> tensors() {
    return model.tensors();
  }

  Optional<TensorSource> tensor(String tensor) {
    return Optional.ofNullable(tensors().get(tensor));
  }

  static String inLayer(int layer, String tensor) {
    return "model.layers.%s.%s".formatted(layer, tensor);
  }

  /** A projection of the feed-forward block of a layer. */
  Optional<TensorSource> projection(int layer, int projection) {
    return tensor(projectionName(layer, projection));
  }

  static String projectionName(int layer, int projection) {
    return inLayer(layer, "mlp.%s.weight".formatted(MixtureKind.DENSE.get(projection)));
  }

  /** How many layers its tensors have. */
  int layers() {
    int layers = 0;
    for (String tensor : tensors().keySet()) {
      Matcher matcher = LAYER.matcher(tensor);
      if (matcher.matches()) {
        layers = Math.max(layers, Integer.parseInt(matcher.group(1)) + 1);
      }
    }
    return layers;
  }

  /** The part of a name behind the number of a layer; nothing if it is of no layer. */
  static Optional<String> behindLayer(String tensor) {
    Matcher matcher = LAYER.matcher(tensor);
    return matcher.matches() ? Optional.of(matcher.group(2)) : Optional.empty();
  }

  /** Names in its feed-forward blocks for which a mixture has no place. */
  List<String> strangeProjections() {
    List<String> strange = new ArrayList<>();
    for (String tensor : tensors().keySet()) {
      Optional<String> rest = behindLayer(tensor);
      boolean isOfBlock = rest.filter(name -> name.startsWith("mlp.")).isPresent();
      boolean isKnown =
          MixtureKind.DENSE.stream()
              .anyMatch(known -> rest.equals(Optional.of("mlp.%s.weight".formatted(known))));
      if (isOfBlock && !isKnown) {
        strange.add(tensor);
      }
    }
    return strange;
  }
}
