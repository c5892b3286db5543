package dev.stockpot.kernels;

import dev.stockpot.kernels.number.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Consecutive elements of one tensor in host memory, little-endian as in the file. It lends the
 * buffer and does not own it: it is gone when the buffer is.
 */
public final class Operand {
  private final ArrowBuf buffer;
  private final DType dtype;
  private final int elements;
  private final ShortBuffer shorts;
  private final FloatBuffer floats;
  private final DoubleBuffer doubles;

  /**
   * @param buffer holds at least {@code elements} elements from its beginning
   * @throws IllegalArgumentException if the type cannot be merged or the buffer is too small
   */
  public Operand(ArrowBuf buffer, DType dtype, int elements) {
    if (!dtype.isMergeable()) {
      throw new IllegalArgumentException("%s elements cannot be merged".formatted(dtype));
    }
    long bytes = (long) elements * dtype.bytes();
    if (bytes > buffer.capacity() || bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s %s elements do not fit %s bytes".formatted(elements, dtype, buffer.capacity()));
    }
    this.buffer = buffer;
    this.dtype = dtype;
    this.elements = elements;
    ByteBuffer view = buffer.nioBuffer(0, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.shorts = view.asShortBuffer();
    this.floats = view.asFloatBuffer();
    this.doubles = view.asDoubleBuffer();
  }

  public DType dtype() {
    return dtype;
  }

  public int elements() {
    return elements;
  }

  /** The bytes themselves, for a provider that hands addresses to a device. */
  public ArrowBuf buffer() {
    return buffer;
  }

  /** The elements of a BF16 or F16 operand. */
  public ShortBuffer shorts() {
    return shorts;
  }

  /** The elements of an F32 operand. */
  public FloatBuffer floats() {
    return floats;
  }

  /** The elements of an F64 operand. */
  public DoubleBuffer doubles() {
    return doubles;
  }
}
