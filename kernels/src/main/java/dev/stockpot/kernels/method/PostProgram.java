package dev.stockpot.kernels.method;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import java.io.Serializable;
import java.util.List;

/** A {@link PostStep} for one tensor, which one task holds whole, on the CPU. */
public interface PostProgram extends Serializable {
  /**
   * What it takes beside the models and the merged tensor: a plan whose tasks have less memory is
   * refused, and its estimate of time counts the operations.
   */
  Demand demand();

  /**
   * Changes it.
   *
   * @param algebra for matrices that count against the task's memory; who calls closes it
   * @param models whole tensors as they are stored, in the order of the terms, and what the step
   *     looks at beside them: not to be changed
   * @param merged in float64, as the merge and the steps before it made it; to be written over
   * @throws IllegalArgumentException if the numbers allow no result, in words for a user
   */
  void change(Matrices algebra, List<WholeTensor> models, WholeTensor merged);
}
