package dev.stockpot.kernels;

import java.util.function.Consumer;

/**
 * A run of elements small enough for one vector.
 *
 * @param firstElement place of its first element in the tensor
 * @param offset place of its first element in the operands that hold it
 * @param count number of elements, at most {@link Kernels#capacity()}
 */
public record Block(long firstElement, int offset, int count) {
  /**
   * Elements over which a floating-point reduction runs before it is rounded into a partial sum.
   * Slices begin at multiples of it, so partial sums are the same however a tensor was cut.
   */
  public static final int REDUCTION_ELEMENTS = 1 << 20;

  /** The blocks of a slice that operands hold from their beginning, in order. */
  public static void each(long firstElement, int count, int capacity, Consumer<Block> consumer) {
    for (int offset = 0; offset < count; offset += capacity) {
      consumer.accept(new Block(firstElement + offset, offset, Math.min(capacity, count - offset)));
    }
  }

  public boolean startsReduction() {
    return firstElement % REDUCTION_ELEMENTS == 0;
  }
}
