package dev.stockpot.merge.report;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Where a tensor stands in a model, by its name alone: {@code model.layers.7.mlp.up_proj.weight} is
 * {@code mlp.up_proj} of layer 7.
 *
 * @param stack what comes before the layer's number; empty in the largest stack and outside of all
 * @param layer empty for a tensor outside the layers
 * @param block what it is called within its layer; further numbers, those of experts, are left open
 */
record TensorPlace(String stack, OptionalInt layer, String block) {
  private static final String WEIGHT = ".weight";
  private static final String MODEL = "model.";
  private static final String ANY_NUMBER = "*";
  private static final int MOST_DIGITS = 6;

  /** The layer alone, which holds tensors of many blocks. */
  LayerPlace layerPlace() {
    return new LayerPlace(stack, layer);
  }

  private record Parts(String stack, OptionalInt layer, String rest) {}

  /**
   * The places of a model's tensors. A model can have several stacks of layers; blocks of all but
   * the largest are named after their stack too.
   */
  static Map<String, TensorPlace> of(List<String> names) {
    Map<String, Parts> split = new LinkedHashMap<>();
    names.forEach(name -> split.put(name, split(name)));
    Optional<String> largest =
        split.values().stream()
            .filter(parts -> parts.layer().isPresent())
            .collect(groupingBy(Parts::stack, TreeMap::new, counting()))
            .entrySet()
            .stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey);
    Map<String, TensorPlace> places = new LinkedHashMap<>();
    split.forEach(
        (name, parts) -> {
          boolean isPlain =
              parts.layer().isEmpty() || largest.filter(parts.stack()::equals).isPresent();
          String block = isPlain ? parts.rest() : parts.stack() + ": " + parts.rest();
          String stack = isPlain ? "" : parts.stack();
          places.put(name, new TensorPlace(stack, parts.layer(), block));
        });
    return places;
  }

  private static Parts split(String name) {
    String[] words = name.split("\\.", -1);
    for (int i = 0; i < words.length; i++) {
      if (isNumber(words[i])) {
        String stack = String.join(".", Arrays.copyOf(words, i));
        String[] rest = Arrays.copyOfRange(words, i + 1, words.length);
        for (int j = 0; j < rest.length; j++) {
          rest[j] = isNumber(rest[j]) ? ANY_NUMBER : rest[j];
        }
        return new Parts(
            stack, OptionalInt.of(Integer.parseInt(words[i])), plain(String.join(".", rest)));
      }
    }
    String outside = name.startsWith(MODEL) ? name.substring(MODEL.length()) : name;
    return new Parts("", OptionalInt.empty(), plain(outside));
  }

  private static String plain(String name) {
    return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
  }

  private static boolean isNumber(String word) {
    return !word.isEmpty()
        && word.length() <= MOST_DIGITS
        && word.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
