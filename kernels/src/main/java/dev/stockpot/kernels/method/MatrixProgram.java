package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Operand;
import java.io.Serializable;
import java.util.List;

/**
 * Makes a tensor of whole tensors, where {@link MergeProgram} makes it of blocks. It runs on the
 * CPU, once, in one task that holds all of them.
 */
@FunctionalInterface
public interface MatrixProgram extends Serializable {
  /**
   * Makes it.
   *
   * @param inputs whole tensors as float32, in row-major order, not to be changed
   * @param output all of whose elements are to be written, as float32
   */
  void make(List<Operand> inputs, Operand output);
}
