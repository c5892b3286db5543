package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import java.util.List;

/** A {@link MergeProgram} at work. Blocks of a slice come in order. */
@FunctionalInterface
public interface BlockMerge {
  /**
   * Merges one block.
   *
   * @param inputs one operand per input, in the order of the program's terms
   * @param output where the elements go, at the same place in the operand as in the inputs
   */
  void merge(Block block, List<Operand> inputs, Operand output);
}
