package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;

/** Work that is named after the tensor that it makes, and goes through its elements. */
sealed interface OneTensor extends TensorWork permits Copy, Blockwise, Whole, Revised, Generate {
  OutputTensor output();

  @Override
  default String name() {
    return output().name();
  }

  @Override
  default Shape shape() {
    return output().shape();
  }

  @Override
  default List<OutputTensor> outputs() {
    return List.of(output());
  }

  @Override
  default int bits() {
    return output().dtype().bits();
  }
}
