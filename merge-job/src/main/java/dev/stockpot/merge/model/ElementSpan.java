package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.storage.ByteRange;
import java.io.Serializable;

/**
 * Consecutive elements of a tensor.
 *
 * @param first place of the first one in the tensor, in row-major order
 */
public record ElementSpan(long first, long count) implements Serializable {
  public ElementSpan {
    if (first < 0 || count < 0) {
      throw new IllegalArgumentException("%s elements from %s".formatted(count, first));
    }
  }

  /** All elements of a tensor. */
  public static ElementSpan all(Shape shape) {
    return new ElementSpan(0, shape.elements());
  }

  /** Place of the first element that follows. */
  public long end() {
    return first + count;
  }

  /**
   * Their bytes in a tensor of that type, counted from its beginning.
   *
   * @throws IllegalArgumentException if packed elements begin or end within a byte
   */
  public ByteRange bytes(DType dtype) {
    long begin = Math.multiplyExact(first, (long) dtype.bits());
    long end = Math.multiplyExact(end(), (long) dtype.bits());
    if (begin % Byte.SIZE != 0 || end % Byte.SIZE != 0) {
      throw new IllegalArgumentException("%s of %s are no whole bytes".formatted(this, dtype));
    }
    return new ByteRange(begin / Byte.SIZE, end / Byte.SIZE);
  }

  @Override
  public String toString() {
    return "elements %s-%s".formatted(first, end());
  }
}
