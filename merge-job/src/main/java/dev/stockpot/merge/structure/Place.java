package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

/**
 * Where a tensor of a stack stands.
 *
 * @param layer counted from 0 in its own stack
 */
public record Place(Stack stack, int layer) {
  public Place {
    requireNonNull(stack, "stack is null");
    if (layer < 0 || layer >= stack.layers()) {
      throw new IllegalArgumentException("layer %s of %s".formatted(layer, stack));
    }
  }

  /** 0 for the first layer of its stack, 1 for the last. */
  public double depth() {
    return Stack.depth(layer, stack.layers());
  }
}
