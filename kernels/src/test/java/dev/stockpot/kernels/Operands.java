package dev.stockpot.kernels;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.kernels.number.Float8;
import dev.stockpot.kernels.random.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Makes operands of arrays and owns their buffers. Closing it fails if a buffer is still lent. */
public final class Operands implements AutoCloseable {
  private final BufferAllocator allocator = new RootAllocator();
  private final List<ArrowBuf> buffers = new ArrayList<>();

  /** Zeros. */
  public Operand zeros(DType dtype, int elements) {
    long bytes = (long) elements * dtype.bytes();
    ArrowBuf buffer = allocator.buffer(Math.max(1, bytes));
    buffers.add(buffer);
    buffer.setZero(0, buffer.capacity());
    return new Operand(buffer, dtype, elements);
  }

  /** The values, rounded to the type. */
  public Operand of(DType dtype, float... values) {
    return switch (dtype) {
      case F8_E4M3 -> ofPatterns(dtype, nearest(values, Float8::e4m3ToFloat));
      case F8_E5M2 -> ofPatterns(dtype, nearest(values, Float8::e5m2ToFloat));
      case BF16 -> ofPatterns(dtype, patterns(values, Bfloat16::fromFloat));
      case F16 -> ofPatterns(dtype, patterns(values, Float16::fromFloat));
      case F32 -> {
        Operand operand = zeros(dtype, values.length);
        operand.floats().put(0, values);
        yield operand;
      }
      case F64 -> {
        Operand operand = zeros(dtype, values.length);
        for (int i = 0; i < values.length; i++) {
          operand.doubles().put(i, values[i]);
        }
        yield operand;
      }
      default -> throw new IllegalArgumentException("operand of " + dtype);
    };
  }

  private interface Widening {
    float widen(byte pattern);
  }

  /** The pattern of the number nearest to each value; NaN has one of its own. */
  private static byte[] nearest(float[] values, Widening widening) {
    byte[] patterns = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      double least = Double.POSITIVE_INFINITY;
      patterns[i] = 0x7F;
      for (int pattern = 0; pattern < 256; pattern++) {
        float number = widening.widen((byte) pattern);
        double distance = number == values[i] ? 0 : Math.abs((double) number - values[i]);
        if (distance < least) {
          least = distance;
          patterns[i] = (byte) pattern;
        }
      }
    }
    return patterns;
  }

  private interface Narrowing {
    short narrow(float value);
  }

  private static short[] patterns(float[] values, Narrowing narrowing) {
    short[] patterns = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      patterns[i] = narrowing.narrow(values[i]);
    }
    return patterns;
  }

  /** Elements of a 16-bit type by their patterns. */
  public Operand ofPatterns(DType dtype, short... patterns) {
    Operand operand = zeros(dtype, patterns.length);
    operand.shorts().put(0, patterns);
    return operand;
  }

  /** Elements of an 8-bit type by their patterns. */
  public Operand ofPatterns(DType dtype, byte... patterns) {
    Operand operand = zeros(dtype, patterns.length);
    operand.bytes().put(0, patterns);
    return operand;
  }

  /** An output of zeros. */
  public Operand output(
      DType dtype, int elements, Rounding rounding, Optional<UpdateTally> updates) {
    return output(dtype, elements, rounding, updates, Optional.empty());
  }

  /** An output of zeros, of which everything may be counted. */
  public Operand output(
      DType dtype,
      int elements,
      Rounding rounding,
      Optional<UpdateTally> updates,
      Optional<NonFiniteTally> nonFinite) {
    return new Operand(
        zeros(dtype, elements).buffer(), dtype, elements, rounding, updates, nonFinite);
  }

  /** All elements as float32; of float64 ones rounded. */
  public static float[] floats(Operand operand) {
    float[] values = new float[operand.elements()];
    switch (operand.dtype()) {
      case F8_E4M3 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float8.e4m3ToFloat(operand.bytes().get(i));
        }
      }
      case F8_E5M2 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float8.e5m2ToFloat(operand.bytes().get(i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Bfloat16.toFloat(operand.shorts().get(i));
        }
      }
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float16.toFloat(operand.shorts().get(i));
        }
      }
      case F32 -> operand.floats().get(0, values);
      case F64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) operand.doubles().get(i);
        }
      }
      default -> throw new IllegalArgumentException("operand of " + operand.dtype());
    }
    return values;
  }

  /** All bytes of the elements: equal ones are equal to the bit. */
  public static byte[] bytes(Operand operand) {
    byte[] bytes = new byte[operand.elements() * operand.dtype().bytes()];
    operand.buffer().getBytes(0, bytes);
    return bytes;
  }

  @Override
  public void close() {
    buffers.forEach(ArrowBuf::close);
    allocator.close();
  }
}
