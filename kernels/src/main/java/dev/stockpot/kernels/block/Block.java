package dev.stockpot.kernels.block;

import dev.stockpot.kernels.Kernels;
import java.util.function.Consumer;

/**
 * A run of elements small enough for one vector.
 *
 * @param firstElement place of its first element in the tensor
 * @param offset place of its first element in the operands that hold it
 * @param count number of elements, at most {@link Kernels#capacity()}
 * @param row elements of a row, of which the block then holds one, or several for kernels that are
 *     opened for {@link Rows#together()}; 0 where rows do not matter
 */
public record Block(long firstElement, int offset, int count, int row) {
  /**
   * Elements over which a floating-point reduction runs before it is rounded into a partial sum.
   * Slices begin at multiples of it, so partial sums are the same however a tensor was cut.
   */
  public static final int REDUCTION_ELEMENTS = 1 << 20;

  /** A block of elements that have nothing to do with each other. */
  public Block(long firstElement, int offset, int count) {
    this(firstElement, offset, count, 0);
  }

  /** {@link #REDUCTION_ELEMENTS} in whole rows: as many as fit, at least one. */
  public static long reductionElements(long row) {
    return row == 0 ? REDUCTION_ELEMENTS : Math.max(row, REDUCTION_ELEMENTS / row * row);
  }

  /** The blocks of a slice that operands hold from their beginning, in order. */
  public static void each(long firstElement, int count, int capacity, Consumer<Block> consumer) {
    each(firstElement, count, capacity, Rows.NONE, consumer);
  }

  /** Such blocks of whole rows: one of them, or as many as fit. */
  public static void each(
      long firstElement, int count, int capacity, Rows rows, Consumer<Block> consumer) {
    int step = rows.blockElements(capacity);
    for (int offset = 0; offset < count; offset += step) {
      int elements = Math.min(step, count - offset);
      consumer.accept(new Block(firstElement + offset, offset, elements, rows.elements()));
    }
  }

  /** Its parts of at most so many elements, or, where rows matter, each row. */
  public void each(int capacity, Consumer<Block> consumer) {
    each(
        firstElement,
        count,
        capacity,
        new Rows(row, false),
        part ->
            consumer.accept(
                new Block(part.firstElement, offset + part.offset, part.count, part.row)));
  }

  /** Elements of a row; all of them where rows do not matter. */
  public int rowOrAll() {
    return row > 0 ? row : count;
  }

  /** How many rows it holds; one where rows do not matter. */
  public int rows() {
    return row > 0 ? count / row : 1;
  }

  public boolean startsReduction() {
    return startsReduction(0);
  }

  /**
   * Where reduction blocks end in it, as places in this block: its own end, and, where it is large,
   * those before.
   */
  public int[] reductionEnds() {
    long reduction = reductionElements(row);
    long before = firstElement % reduction;
    if (before + count <= reduction) {
      return new int[] {count};
    }
    int[] ends = new int[(int) ((before + count - 1) / reduction) + 1];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = (int) Math.min(count, (i + 1L) * reduction - before);
    }
    return ends;
  }

  /** Whether a reduction block begins at that place in this block. */
  public boolean startsReduction(int at) {
    return (firstElement + at) % reductionElements(row) == 0;
  }

  /** Place of its reduction block in the tensor. */
  public int reduction() {
    return Math.toIntExact(firstElement / reductionElements(row));
  }
}
