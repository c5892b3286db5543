package dev.stockpot.kernels.method;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import java.io.Serializable;
import java.util.List;

/**
 * Makes a tensor of whole tensors, where {@link MergeProgram} makes it of blocks. It runs on the
 * CPU, once, in one task that holds all of them.
 */
public interface MatrixProgram extends Serializable {
  /**
   * What it takes beside its inputs and its output, as they are stored: a plan whose tasks have
   * less memory is refused, and its estimate of time counts the operations.
   */
  Demand demand();

  /**
   * Makes it.
   *
   * @param algebra for matrices that count against the task's memory; who calls closes it
   * @param inputs whole tensors as they are stored, models first, then side inputs: not to be
   *     changed
   * @param output all of whose elements are to be written
   * @throws IllegalArgumentException if the numbers allow no result, in words for a user
   */
  void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output);

  /** Makes it, and tells what is found on the way: of most programs, nothing. */
  default void make(
      Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
    make(algebra, inputs, output);
  }
}
