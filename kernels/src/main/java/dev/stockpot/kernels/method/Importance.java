package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import java.util.List;

/** How important the changes of one row are: each times what the row as a whole diverges. */
final class Importance<V> {
  private final Kernels<V> kernels;
  private final Fusion.Inputs inputs;
  private final V origin;
  private final V change;

  Importance(Kernels<V> kernels, Fusion.Inputs inputs) {
    this.kernels = kernels;
    this.inputs = inputs;
    this.origin = kernels.vector();
    this.change = kernels.vector();
  }

  /** The divergence of a block's row. */
  static float divergence(Block block, float... divergences) {
    return divergences[Math.toIntExact(block.firstElement() / block.row())];
  }

  void load(Block block, List<Operand> operands) {
    kernels.begin(block);
    kernels.load(operands.get(inputs.base()), origin);
    kernels.loadDifference(operands.get(inputs.other()), origin, change);
  }

  /** Importances, with the sign of the change. */
  void of(float divergence, V into) {
    kernels.scale(change, divergence, into);
  }

  V origin() {
    return origin;
  }

  V change() {
    return change;
  }
}
