package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;

/** Stored tensors for tests, without bytes. */
final class Sources {
  private Sources() {}

  /** A tensor that is all of a file. */
  static Stored stored(String name, DType dtype, Shape shape) {
    long bytes = TensorInfo.byteCount(dtype, shape);
    StoredObject file = new StoredObject(new Location("/models/" + name), bytes, "v1");
    return new Stored(new TensorInfo(name, dtype, shape, file, new ByteRange(0, bytes)));
  }

  static Stored floats(String name, long... dimensions) {
    return stored(name, DType.F32, Shape.of(dimensions));
  }
}
