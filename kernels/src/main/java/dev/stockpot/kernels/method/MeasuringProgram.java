package dev.stockpot.kernels.method;

import dev.stockpot.kernels.matrix.Matrices;
import java.util.List;

/** A program that finds something on the way that is worth telling, such as how well a fit fits. */
public interface MeasuringProgram extends MatrixProgram {
  @Override
  default void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    make(algebra, inputs, output, Measures.NONE);
  }

  @Override
  void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found);
}
