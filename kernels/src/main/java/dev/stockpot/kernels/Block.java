package dev.stockpot.kernels;

import java.util.function.Consumer;

/**
 * A run of elements small enough for one vector.
 *
 * @param firstElement place of its first element in the tensor
 * @param offset place of its first element in the operands that hold it
 * @param count number of elements, at most {@link Kernels#capacity()}
 * @param unit elements that belong together: those of a row, which is then the block, or 1
 */
public record Block(long firstElement, int offset, int count, int unit) {
  /**
   * Elements over which a floating-point reduction runs before it is rounded into a partial sum.
   * Slices begin at multiples of it, so partial sums are the same however a tensor was cut.
   */
  public static final int REDUCTION_ELEMENTS = 1 << 20;

  /** A block of elements that have nothing to do with each other. */
  public Block(long firstElement, int offset, int count) {
    this(firstElement, offset, count, 1);
  }

  /** {@link #REDUCTION_ELEMENTS} in whole units: as many as fit, at least one. */
  public static long reductionElements(long unit) {
    return Math.max(unit, REDUCTION_ELEMENTS / unit * unit);
  }

  /** The blocks of a slice that operands hold from their beginning, in order. */
  public static void each(long firstElement, int count, int capacity, Consumer<Block> consumer) {
    each(firstElement, count, capacity, 1, consumer);
  }

  /** Such blocks where elements come in units: one block each, if a unit is more than 1. */
  public static void each(
      long firstElement, int count, int capacity, int unit, Consumer<Block> consumer) {
    int step = unit == 1 ? capacity : unit;
    for (int offset = 0; offset < count; offset += step) {
      int elements = Math.min(step, count - offset);
      consumer.accept(new Block(firstElement + offset, offset, elements, unit));
    }
  }

  public boolean startsReduction() {
    return firstElement % reductionElements(unit) == 0;
  }

  /** Place of its reduction block in the tensor. */
  public int reduction() {
    return Math.toIntExact(firstElement / reductionElements(unit));
  }
}
