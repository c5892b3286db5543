package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.OR;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_LEFT;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;
import static dev.stockpot.kernels.rapids.ColumnType.UINT16;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;
import static dev.stockpot.kernels.rapids.ColumnType.UINT64;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import java.util.Optional;

/**
 * From the elements of operands to float32 columns and back, by the steps of {@link Bfloat16} and
 * {@link Float16}. Bits are unsigned integers, so that they wrap where they overflow.
 */
final class Conversions implements AutoCloseable {
  private static final int MAGNITUDE = 0x7FFFFFFF;
  private static final int EXPONENT = 0x7F800000;
  private static final int SIGN_OF_16 = 0x8000;

  private final Device device;
  private Optional<Column> halves = Optional.empty();

  Conversions(Device device) {
    this.device = device;
  }

  /** The block's elements of an operand. */
  Column load(Operand from, Block block) {
    int bytes = from.dtype().bytes();
    long offset = (long) block.offset() * bytes;
    if (from.dtype() == DType.F32) {
      return device.upload(from.buffer(), offset, FLOAT32, block.count());
    }
    try (Scratch scratch = new Scratch(device)) {
      Column stored =
          scratch.own(device.upload(from.buffer(), offset, stored(from.dtype()), block.count()));
      Column widened =
          switch (from.dtype()) {
            case BF16 ->
                scratch.bits(
                    scratch.binary(SHIFT_LEFT, stored, Literal.uint32(16), UINT32), FLOAT32);
            case F16 -> scratch.own(device.gather(halves(), stored));
            case F64 -> scratch.cast(stored, FLOAT32);
            default -> throw unmergeable(from.dtype());
          };
      return scratch.released(widened);
    }
  }

  private static ColumnType stored(DType dtype) {
    return switch (dtype) {
      case BF16, F16 -> UINT16;
      case F32 -> FLOAT32;
      case F64 -> FLOAT64;
      default -> throw unmergeable(dtype);
    };
  }

  private static IllegalStateException unmergeable(DType dtype) {
    return new IllegalStateException("%s passed as an operand".formatted(dtype));
  }

  /** All numbers of 16 bits, by their bits: a table of 256 KB stays in the device's cache. */
  private Column halves() {
    if (halves.isEmpty()) {
      float[] values = new float[1 << 16];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float16.toFloat((short) i);
      }
      halves = Optional.of(device.uploadFloats(values, values.length));
    }
    return halves.get();
  }

  /** Rounds a block's elements into an operand. */
  void store(Column from, Operand to, Block block) {
    long offset = (long) block.offset() * to.dtype().bytes();
    try (Scratch scratch = new Scratch(device)) {
      device.download(narrow(scratch, from, to.dtype()), to.buffer(), offset);
    }
  }

  private static Column narrow(Scratch scratch, Column x, DType dtype) {
    return switch (dtype) {
      case BF16 -> toBfloat16(scratch, x);
      case F16 -> toFloat16(scratch, x);
      case F32 ->
          scratch.select(
              scratch.isNan(x),
              Literal.uint32(Float.floatToRawIntBits(Float.NaN)),
              scratch.bits(x, UINT32));
      case F64 ->
          scratch.select(
              scratch.isNan(x),
              Literal.uint64(Double.doubleToRawLongBits(Double.NaN)),
              scratch.bits(scratch.cast(x, FLOAT64), UINT64));
      default -> throw unmergeable(dtype);
    };
  }

  static Column toBfloat16(Scratch s, Column x) {
    Column bits = s.bits(x, UINT32);
    Column kept = s.binary(SHIFT_RIGHT, bits, Literal.uint32(16), UINT32);
    Column odd = s.binary(AND, kept, Literal.uint32(1), UINT32);
    s.drop(kept);
    Column half = s.binary(ADD, bits, Literal.uint32(0x7FFF), UINT32);
    Column rounded = s.binary(ADD, half, odd, UINT32);
    s.drop(half);
    s.drop(odd);
    Column upper = s.binary(SHIFT_RIGHT, rounded, Literal.uint32(16), UINT16);
    s.drop(rounded);
    return s.select(s.isNan(x), Literal.uint16(Bfloat16.NAN), upper);
  }

  static Column toFloat16(Scratch s, Column x) {
    Column bits = s.bits(x, UINT32);
    Column magnitude = limited(s, s.binary(AND, bits, Literal.uint32(MAGNITUDE), UINT32));
    Column exponent = s.binary(AND, magnitude, Literal.uint32(EXPONENT), UINT32);
    Column small = s.is(LESS, exponent, Literal.uint32(Float16.LEAST_EXPONENT_BITS));
    Column step = s.select(small, Literal.uint32(Float16.LEAST_EXPONENT_BITS), exponent);
    s.drop(exponent);
    s.drop(small);
    Column rounder = s.binary(ADD, step, Literal.uint32(Float16.LOST_BITS << 23), UINT32);
    s.drop(step);
    Column added = s.binary(ADD, s.bits(magnitude, FLOAT32), s.bits(rounder, FLOAT32), FLOAT32);
    s.drop(magnitude);
    Column rounded = s.binary(SUBTRACT, added, s.bits(rounder, FLOAT32), FLOAT32);
    s.drop(added);
    s.drop(rounder);
    Column unbiased = s.binary(MULTIPLY, rounded, Literal.of(Float16.UNBIAS), FLOAT32);
    s.drop(rounded);
    Column half =
        s.binary(SHIFT_RIGHT, s.bits(unbiased, UINT32), Literal.uint32(Float16.LOST_BITS), UINT16);
    s.drop(unbiased);
    Column upper = s.binary(SHIFT_RIGHT, bits, Literal.uint32(16), UINT16);
    Column sign = s.binary(AND, upper, Literal.uint16(SIGN_OF_16), UINT16);
    s.drop(upper);
    Column signed = s.binary(OR, half, sign, UINT16);
    s.drop(half);
    s.drop(sign);
    return s.select(s.isNan(x), Literal.uint16(Float16.NAN), signed);
  }

  /** Magnitudes that are too large become the least of those. */
  private static Column limited(Scratch s, Column magnitude) {
    Column large = s.is(GREATER, magnitude, Literal.uint32(Float16.OVERFLOW_BITS));
    Column limited = s.select(large, Literal.uint32(Float16.OVERFLOW_BITS), magnitude);
    s.drop(magnitude);
    s.drop(large);
    return limited;
  }

  @Override
  public void close() {
    halves.ifPresent(Column::close);
    halves = Optional.empty();
  }
}
