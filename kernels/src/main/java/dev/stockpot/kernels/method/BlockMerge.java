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
   * @param inputs one operand per input, in the order of the program's terms: models, then side
   *     inputs
   * @param output where the elements go, at the same place in the operand as in the inputs
   */
  void merge(Block block, List<Operand> inputs, Operand output);

  /**
   * Merges one block into several outputs.
   *
   * @param outputs the merged tensor, then the method's side outputs in their order
   * @throws IllegalArgumentException if it makes another number of outputs
   */
  default void merge(Block block, List<Operand> inputs, List<Operand> outputs) {
    if (outputs.size() != 1) {
      throw new IllegalArgumentException(
          "there are %s outputs, but the merge makes one".formatted(outputs.size()));
    }
    merge(block, inputs, outputs.get(0));
  }

  /** A merge with side outputs, to be asked for all of them. */
  static BlockMerge intoSeveral(Several merge) {
    return new BlockMerge() {
      @Override
      public void merge(Block block, List<Operand> inputs, Operand output) {
        throw new IllegalArgumentException(
            "there is one output of %s, but the merge makes several".formatted(block));
      }

      @Override
      public void merge(Block block, List<Operand> inputs, List<Operand> outputs) {
        merge.merge(block, inputs, outputs);
      }
    };
  }

  /** What a merge with side outputs does with a block. */
  @FunctionalInterface
  interface Several {
    /**
     * Merges one block.
     *
     * @param outputs the merged tensor, then the method's side outputs in their order
     */
    void merge(Block block, List<Operand> inputs, List<Operand> outputs);
  }
}
