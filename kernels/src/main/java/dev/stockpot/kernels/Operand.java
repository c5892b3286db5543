package dev.stockpot.kernels;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.kernels.number.Float8;
import dev.stockpot.kernels.random.Rounding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Consecutive elements of one tensor in host memory, little-endian as in the file. It lends the
 * buffer and does not own it: it is gone when the buffer is.
 */
public final class Operand {
  private final ArrowBuf buffer;
  private final DType dtype;
  private final int elements;
  private final Rounding rounding;
  private final Optional<UpdateTally> updates;
  private final Optional<NonFiniteTally> nonFinite;
  private final ByteBuffer bytes;
  private final ShortBuffer shorts;
  private final FloatBuffer floats;
  private final DoubleBuffer doubles;

  /**
   * An input, or an output that is rounded to nearest.
   *
   * @param buffer holds at least {@code elements} elements from its beginning
   * @throws IllegalArgumentException if the type cannot be merged or the buffer is too small
   */
  public Operand(ArrowBuf buffer, DType dtype, int elements) {
    this(buffer, dtype, elements, Rounding.NEAREST, Optional.empty(), Optional.empty());
  }

  /**
   * An output of which nobody wants to know what is not finite.
   *
   * @throws IllegalArgumentException as for an input, or if updates are counted of another type
   */
  public Operand(
      ArrowBuf buffer,
      DType dtype,
      int elements,
      Rounding rounding,
      Optional<UpdateTally> updates) {
    this(buffer, dtype, elements, rounding, updates, Optional.empty());
  }

  /**
   * An output.
   *
   * @param updates what to count of each block that is stored; only for types of 16 bits
   * @param nonFinite what to count of each block that is stored
   * @throws IllegalArgumentException as for an input, or if updates are counted of another type
   */
  public Operand(
      ArrowBuf buffer,
      DType dtype,
      int elements,
      Rounding rounding,
      Optional<UpdateTally> updates,
      Optional<NonFiniteTally> nonFinite) {
    if (!dtype.isReadable()) {
      throw new IllegalArgumentException("%s elements cannot be merged".formatted(dtype));
    }
    long length = (long) elements * dtype.bytes();
    if (length > buffer.capacity() || length > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s %s elements do not fit %s bytes".formatted(elements, dtype, buffer.capacity()));
    }
    if (updates.isPresent() && dtype.bits() != 16) {
      throw new IllegalArgumentException("updates of %s elements cannot be lost".formatted(dtype));
    }
    this.buffer = buffer;
    this.dtype = dtype;
    this.elements = elements;
    this.rounding = rounding;
    this.updates = updates;
    this.nonFinite = nonFinite;
    this.bytes = buffer.nioBuffer(0, (int) length).order(ByteOrder.LITTLE_ENDIAN);
    this.shorts = bytes.asShortBuffer();
    this.floats = bytes.asFloatBuffer();
    this.doubles = bytes.asDoubleBuffer();
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

  /** How elements are rounded that are stored here. */
  public Rounding rounding() {
    return rounding;
  }

  /** What counts the updates that storing here loses, if they are counted. */
  public Optional<UpdateTally> updates() {
    return updates;
  }

  /** What counts NaN and infinity that are stored here, if they are counted. */
  public Optional<NonFiniteTally> nonFinite() {
    return nonFinite;
  }

  /** One element, exactly. */
  public double at(int element) {
    return switch (dtype) {
      case F8_E4M3 -> Float8.e4m3ToFloat(bytes.get(element));
      case F8_E5M2 -> Float8.e5m2ToFloat(bytes.get(element));
      case BF16 -> Bfloat16.toFloat(shorts.get(element));
      case F16 -> Float16.toFloat(shorts.get(element));
      case F32 -> floats.get(element);
      case F64 -> doubles.get(element);
      default -> throw new IllegalStateException("%s passed as an operand".formatted(dtype));
    };
  }

  /** The elements of an F8_E4M3 or F8_E5M2 operand. */
  public ByteBuffer bytes() {
    return bytes;
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
