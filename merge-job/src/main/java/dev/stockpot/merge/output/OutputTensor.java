package dev.stockpot.merge.output;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.Serializable;

/** A tensor that is to be written, before it has a place. */
public record OutputTensor(String name, DType dtype, Shape shape) implements Serializable {
  public OutputTensor {
    requireNonNull(name, "name is null");
    requireNonNull(dtype, "dtype is null");
    requireNonNull(shape, "shape is null");
  }

  public long byteCount() {
    return TensorInfo.byteCount(dtype, shape);
  }
}
