package dev.stockpot.merge.plan;

import dev.stockpot.kernels.methods.average.AverageMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.Collections;
import java.util.List;

/** Works on a tensor {@code x} that exist only as records, for tests of plans. */
final class Works {
  private Works() {}

  static final long PAGE = 4096;

  /** The tensor of a model, as it is stored in a file of its own. */
  static TensorSource stored(String model, DType type, long... shape) {
    return ModelHeaders.named(model).tensor("x", type, shape).open().tensors().get("x");
  }

  static TensorSource stored(DType type, long... shape) {
    return stored("a", type, shape);
  }

  static OutputTensor output(DType type, long... shape) {
    return new OutputTensor("x", type, Shape.of(shape));
  }

  static Copy copy(TensorSource source) {
    return new Copy(new OutputTensor("x", source.dtype(), source.shape()), source);
  }

  /** The sum of some tensors. */
  static Blockwise sum(DType type, TensorSource... inputs) {
    return new Blockwise(
        new OutputTensor("x", type, inputs[0].shape()),
        List.of(inputs),
        AverageMethods.weightedSum(Collections.nCopies(inputs.length, 1f), 1),
        Rounding.NEAREST,
        Blockwise.NO_ORIGIN,
        Blockwise.Sides.NONE);
  }
}
