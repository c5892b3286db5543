package dev.stockpot.kernels;

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

  public boolean startsReduction() {
    return firstElement % REDUCTION_ELEMENTS == 0;
  }
}
