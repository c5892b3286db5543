package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import java.util.Arrays;
import java.util.List;

/** How important the changes in a row are: each times what the row as a whole diverges. */
final class Importance<V> {
  private final Kernels<V> kernels;
  private final ImportanceMerge.Inputs inputs;
  private final V origin;
  private final V change;

  Importance(Kernels<V> kernels, ImportanceMerge.Inputs inputs) {
    this.kernels = kernels;
    this.inputs = inputs;
    this.origin = kernels.vector();
    this.change = kernels.vector();
  }

  /** Of the divergences of all rows those of a block's. */
  static float[] ofRows(Block block, float... divergences) {
    int first = Math.toIntExact(block.firstElement() / block.row());
    return Arrays.copyOfRange(divergences, first, first + block.rows());
  }

  void load(Block block, List<Operand> operands) {
    kernels.begin(block);
    kernels.load(operands.get(inputs.base()), origin);
    kernels.loadDifference(operands.get(inputs.other()), origin, change);
  }

  /** Importances, with the sign of the change. */
  void of(float[] divergences, V into) {
    kernels.scaleRows(change, divergences, into);
  }

  V origin() {
    return origin;
  }

  V change() {
    return change;
  }
}
