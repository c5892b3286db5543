package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Numbered blocks of one kind, such as the layers of a language model or of a vision tower.
 *
 * @param word what a recipe calls it: {@code text}, {@code vision}, {@code encoder}, {@code mtp}, …
 * @param prefix what comes before the numbers, with its dot: {@code model.layers.}
 * @param first the number of its first block: above 0 where another stack has the numbers below
 * @param layers how many blocks there are
 * @param count where the configuration counts them; empty where no key is known
 */
public record Stack(String word, String prefix, int first, int layers, Optional<CountKey> count) {
  /** What blocks that predict further tokens are called. */
  public static final String MTP = "mtp";

  private static final int MOST_DIGITS = 6;

  public Stack {
    requireNonNull(word, "word is null");
    requireNonNull(prefix, "prefix is null");
    requireNonNull(count, "count is null");
    if (first < 0 || layers < 1) {
      throw new IllegalArgumentException("%s blocks from %s".formatted(layers, first));
    }
  }

  /** Its layer that a tensor belongs to, counted from 0; empty for a tensor of another place. */
  public OptionalInt layerOf(String tensor) {
    if (!tensor.startsWith(prefix)) {
      return OptionalInt.empty();
    }
    int dot = tensor.indexOf('.', prefix.length());
    if (dot <= prefix.length() || dot - prefix.length() > MOST_DIGITS) {
      return OptionalInt.empty();
    }
    int number = 0;
    for (int i = prefix.length(); i < dot; i++) {
      char digit = tensor.charAt(i);
      if (digit < '0' || digit > '9') {
        return OptionalInt.empty();
      }
      number = 10 * number + digit - '0';
    }
    return number >= first && number < first + layers
        ? OptionalInt.of(number - first)
        : OptionalInt.empty();
  }

  /** Whether layers are its own, in their order. */
  public boolean isAsBefore(List<Integer> origins) {
    return origins.equals(IntStream.range(0, layers).boxed().toList());
  }

  /** What follows the layer's number in a tensor's name. */
  public String withinLayer(String tensor) {
    return tensor.substring(tensor.indexOf('.', prefix.length()) + 1);
  }

  /** The name of a tensor in one of its layers, which may be one that it does not have yet. */
  public String name(int layer, String withinLayer) {
    return prefix + (first + layer) + "." + withinLayer;
  }

  /** Whether it counts as the model's own blocks: a recipe need not tell the others apart. */
  boolean isMain() {
    return !word.equals(MTP);
  }

  /** The key that counts its layers, names joined by dots; empty where no key is known. */
  public Optional<String> countPath() {
    return count.map(CountKey::path);
  }

  /** As messages name it. */
  @Override
  public String toString() {
    return "%s (%s%s, %s)"
        .formatted(
            word, prefix, first == 0 ? "*" : first, layers == 1 ? "1 layer" : layers + " layers");
  }

  /** Place of a layer among that many: 0 for the first, 1 for the last and for an only one. */
  public static double depth(int layer, int layers) {
    return layers == 1 ? 1 : (double) layer / (layers - 1);
  }
}
