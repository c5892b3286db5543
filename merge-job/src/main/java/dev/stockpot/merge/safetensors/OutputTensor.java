package dev.stockpot.merge.safetensors;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.Serializable;

/** A tensor that is to be written, before it has a place. */
public record OutputTensor(String name, DType dtype, Shape shape) implements Serializable {
  public OutputTensor {
    requireNonNull(dtype, "dtype is null");
    requireNonNull(shape, "shape is null");
    if (name.equals(ShardHeader.METADATA)) {
      throw new IllegalArgumentException("%s is no name of a tensor".formatted(name));
    }
    if (!Json.isEncodable(name)) {
      throw new IllegalArgumentException("%s holds half of a character".formatted(Quoted.of(name)));
    }
  }

  public long byteCount() {
    return TensorInfo.byteCount(dtype, shape);
  }
}
