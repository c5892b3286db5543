package dev.stockpot.merge.part;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;

/** Takes elements from one type to another, block by block. */
final class FloatOperands {
  private FloatOperands() {}

  /** Widens to float32, or narrows from it as the result is rounded. */
  static <V> void convert(Kernels<V> kernels, Operand from, Operand to) {
    V vector = kernels.vector();
    Block.each(
        0,
        from.elements(),
        kernels.capacity(),
        block -> {
          kernels.begin(block);
          kernels.load(from, vector);
          kernels.store(vector, to);
        });
  }
}
