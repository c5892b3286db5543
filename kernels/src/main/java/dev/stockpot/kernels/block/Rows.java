package dev.stockpot.kernels.block;

/**
 * The rows of a tensor, as far as they matter to what is done with it.
 *
 * @param elements of each row; 0 if rows do not matter
 * @param together whether a block may hold several of them, for a device that works on many
 *     elements at once; else each row is one block
 */
public record Rows(int elements, boolean together) {
  public static final Rows NONE = new Rows(0, false);

  public boolean areOneByOne() {
    return elements > 0 && !together;
  }

  /** These rows, for somebody whose blocks hold one of them. */
  public Rows oneByOne() {
    return new Rows(elements, false);
  }

  /** Elements of a reduction block. */
  public int reductionElements() {
    return Math.toIntExact(Block.reductionElements(elements));
  }

  /** Elements of a block that may have so many: one row, or whole reduction blocks of them. */
  public int blockElements(int capacity) {
    if (elements == 0) {
      return capacity;
    }
    int reduction = reductionElements();
    return together ? Math.max(reduction, capacity / reduction * reduction) : elements;
  }
}
