package dev.stockpot.merge.checkpoint;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.StoredObject;
import java.io.Serializable;

/**
 * A tensor without its bytes.
 *
 * @param shard the file that holds it
 * @param bytes its place in the file, counted from the file's beginning
 */
public record TensorInfo(String name, DType dtype, Shape shape, StoredObject shard, ByteRange bytes)
    implements Serializable {
  public TensorInfo {
    requireNonNull(name, "name is null");
    requireNonNull(dtype, "dtype is null");
    requireNonNull(shape, "shape is null");
    requireNonNull(shard, "shard is null");
    long expected = byteCount(dtype, shape);
    if (bytes.length() != expected) {
      throw new IllegalArgumentException(
          "%s: %s %s takes %s bytes, not %s"
              .formatted(name, dtype, shape, expected, bytes.length()));
    }
  }

  /**
   * Bytes that a tensor of that type and shape takes.
   *
   * @throws IllegalArgumentException if packed elements do not fill whole bytes
   * @throws ArithmeticException if the number overflows 63 bits
   */
  public static long byteCount(DType dtype, Shape shape) {
    long bits = Math.multiplyExact(shape.elements(), (long) dtype.bits());
    if (bits % 8 != 0) {
      throw new IllegalArgumentException(
          "%s %s elements do not fill whole bytes".formatted(shape.elements(), dtype));
    }
    return bits / 8;
  }
}
