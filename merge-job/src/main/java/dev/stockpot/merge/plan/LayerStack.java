package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.Model;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbered layers of a model, found by the names of its tensors: {@code model.layers.12.mlp…},
 * {@code encoder.layer.3.…}, {@code h.0.…}. Of several numbered stacks (a vision tower beside a
 * language model) the one counts whose height the configuration gives, else the one with the most
 * tensors.
 *
 * @param prefix what comes before the number
 * @param layers how many there are
 */
record LayerStack(String prefix, int layers) {
  private static final Pattern NUMBER = Pattern.compile("(?:^|\\.)(\\d{1,6})\\.");

  /** The stack of a model; empty if no tensor's name has a number. */
  static Optional<LayerStack> of(Model model) {
    return of(model.tensors().keySet(), model.config().layers());
  }

  static Optional<LayerStack> of(Collection<String> names, OptionalInt configured) {
    Map<String, TreeSet<Integer>> heights = new TreeMap<>();
    Map<String, Integer> tensors = new TreeMap<>();
    for (String name : names) {
      Matcher number = NUMBER.matcher(name);
      if (number.find()) {
        String prefix = name.substring(0, number.start(1));
        heights
            .computeIfAbsent(prefix, any -> new TreeSet<>())
            .add(Integer.parseInt(number.group(1)));
        tensors.merge(prefix, 1, Integer::sum);
      }
    }
    LayerStack best = null;
    boolean bestIsConfigured = false;
    for (Map.Entry<String, TreeSet<Integer>> stack : heights.entrySet()) {
      int height = stack.getValue().last() + 1;
      boolean isConfigured = configured.isPresent() && configured.getAsInt() == height;
      boolean isLarger = best == null || tensors.get(stack.getKey()) > tensors.get(best.prefix());
      if (isConfigured == bestIsConfigured ? isLarger : isConfigured) {
        best = new LayerStack(stack.getKey(), height);
        bestIsConfigured = isConfigured;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The layer that a tensor belongs to. */
  OptionalInt layerOf(String tensor) {
    if (!tensor.startsWith(prefix)) {
      return OptionalInt.empty();
    }
    int dot = tensor.indexOf('.', prefix.length());
    if (dot < 0 || dot == prefix.length()) {
      return OptionalInt.empty();
    }
    String number = tensor.substring(prefix.length(), dot);
    return number.length() <= 6 && number.chars().allMatch(c -> c >= '0' && c <= '9')
        ? OptionalInt.of(Integer.parseInt(number))
        : OptionalInt.empty();
  }

  /** What follows the layer's number in a tensor's name. */
  String withinLayer(String tensor) {
    return tensor.substring(tensor.indexOf('.', prefix.length()) + 1);
  }

  /** The name of a tensor in another layer. */
  String name(int layer, String withinLayer) {
    return prefix + layer + "." + withinLayer;
  }

  /**
   * Place of a layer in a slice of that many: 0 for the first, 1 for the last and for an only one.
   */
  static double depth(int layer, int layers) {
    return layers == 1 ? 1 : (double) layer / (layers - 1);
  }
}
