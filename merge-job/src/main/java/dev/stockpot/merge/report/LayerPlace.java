package dev.stockpot.merge.report;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.OptionalInt;

/**
 * A layer of a model: each stack of layers counts its own.
 *
 * @param stack what comes before the layer's number; empty in the largest stack and outside of all
 * @param layer empty for what lies outside the layers
 */
record LayerPlace(String stack, OptionalInt layer) {
  /** Outside first, then the largest stack, then the others. */
  static final Comparator<LayerPlace> ORDER =
      Comparator.comparing(LayerPlace::stack).thenComparing(place -> place.layer().orElse(-1));

  public LayerPlace {
    requireNonNull(stack, "stack is null");
    requireNonNull(layer, "layer is null");
  }

  /** {@code 7}, {@code vision.blocks 7}, {@code outside}. */
  @Override
  public String toString() {
    if (layer.isEmpty()) {
      return "outside";
    }
    String number = String.valueOf(layer.getAsInt());
    return stack.isEmpty() ? number : stack + " " + number;
  }
}
