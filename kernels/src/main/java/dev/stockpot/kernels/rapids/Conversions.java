package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_LEFT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;
import static dev.stockpot.kernels.rapids.ColumnType.UINT16;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;
import static dev.stockpot.kernels.rapids.ColumnType.UINT64;
import static dev.stockpot.kernels.rapids.ColumnType.UINT8;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.kernels.number.Float8;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** From the elements of operands to float32 columns and back. */
final class Conversions implements AutoCloseable {
  private final Device device;
  private final boolean keeps;
  private final Map<DType, Column> tables = new EnumMap<>(DType.class);
  private final Map<Place, Column> kept = new HashMap<>();

  /** Whether some float64 of the block may have become infinite. */
  private boolean hasOverflown;

  /**
   * @param keeps whether what was loaded once is kept: operands do not change
   */
  Conversions(Device device, boolean keeps) {
    this.device = device;
    this.keeps = keeps;
  }

  /** All that is loaded from now on is of another block. */
  void begin() {
    hasOverflown = false;
  }

  /** An operand in the host's memory. */
  private record Place(long address, DType dtype, int elements) {}

  /**
   * The block's elements of an operand.
   *
   * @param chosen of what larger block they are some elements; empty if they follow one another
   */
  Column load(Operand from, Block block, Optional<ChosenRuns> chosen) {
    try (Scratch scratch = new Scratch(device)) {
      Column stored = stored(scratch, from, block, chosen);
      Column widened =
          switch (from.dtype()) {
            case BF16 ->
                scratch.retyped(
                    scratch.binary(SHIFT_LEFT, stored, Literal.uint32(16), UINT32), FLOAT32);
            case F16, F8_E4M3, F8_E5M2 -> scratch.own(device.gather(table(from.dtype()), stored));
            case F32 -> stored;
            case F64 -> narrowed(scratch, stored);
            default -> throw unmergeable(from.dtype());
          };
      return scratch.released(widened);
    }
  }

  private Column narrowed(Scratch s, Column wide) {
    Column narrow = s.cast(wide, FLOAT32);
    hasOverflown |= holdsNonFinite(s, s.bits(narrow, UINT32), DType.F32);
    return narrow;
  }

  /** As they are in the file. */
  private Column stored(Scratch s, Operand from, Block block, Optional<ChosenRuns> chosen) {
    if (!keeps) {
      Block read = chosen.map(ChosenRuns::block).orElse(block);
      Column uploaded = s.own(upload(from, read.offset(), read.count()));
      return chosen.isPresent() ? s.own(device.gather(uploaded, chosen.get().places())) : uploaded;
    }
    Column whole =
        kept.computeIfAbsent(
            new Place(from.buffer().memoryAddress(), from.dtype(), from.elements()),
            any -> upload(from, 0, from.elements()));
    if (chosen.isPresent()) {
      Column places = chosen.get().places();
      Column inWhole = block.offset() == 0 ? places : Selections.plus(s, places, block.offset());
      return s.own(device.gather(whole, inWhole));
    }
    // a view, as what is kept stays when the vector goes
    return block.count() == whole.rows()
        ? s.bits(whole, whole.type())
        : s.slice(whole, block.offset(), block.count());
  }

  private Column upload(Operand from, int first, int count) {
    DType dtype = from.dtype();
    return device.upload(from.buffer(), (long) first * dtype.bytes(), stored(dtype), count);
  }

  private static ColumnType stored(DType dtype) {
    return switch (dtype) {
      case F8_E4M3, F8_E5M2 -> UINT8;
      case BF16, F16 -> UINT16;
      case F32 -> FLOAT32;
      case F64 -> FLOAT64;
      default -> throw unmergeable(dtype);
    };
  }

  private static IllegalStateException unmergeable(DType dtype) {
    return new IllegalStateException("%s passed as an operand".formatted(dtype));
  }

  /** All numbers of a small type, by their bits: at most 256 KB, which stay in the cache. */
  private Column table(DType dtype) {
    return tables.computeIfAbsent(
        dtype,
        type -> {
          float[] values = new float[1 << type.bits()];
          for (int i = 0; i < values.length; i++) {
            values[i] =
                switch (type) {
                  case F8_E4M3 -> Float8.e4m3ToFloat((byte) i);
                  case F8_E5M2 -> Float8.e5m2ToFloat((byte) i);
                  default -> Float16.toFloat((short) i);
                };
          }
          return device.uploadFloats(values, values.length);
        });
  }

  /**
   * Rounds a block's elements into an operand, and counts what its tallies want. Whatever a device
   * may fail to do comes before anything is counted.
   */
  void store(Column from, Operand to, Block block) {
    long offset = (long) block.offset() * to.dtype().bytes();
    try (Scratch scratch = new Scratch(device)) {
      Column stored = narrow(scratch, from, to, block);
      device.download(stored, to.buffer(), offset);
      boolean mayHold = to.nonFinite().isPresent() && holdsNonFinite(scratch, stored, to.dtype());
      float[] results = mayHold ? device.downloadFloats(from) : new float[0];
      to.updates().ifPresent(tally -> count(scratch, from, stored, to, block, tally));
      boolean mayOverflow = hasOverflown;
      to.nonFinite()
          .ifPresent(tally -> tally.add(block, results, to.dtype(), mayHold, mayOverflow));
    }
  }

  private static Column narrow(Scratch s, Column x, Operand to, Block block) {
    boolean isStochastic = to.rounding().isStochastic();
    return switch (to.dtype()) {
      case BF16 ->
          isStochastic
              ? Narrowing.toBfloat16(s, x, Draws.of(s, to.rounding().draws(), block))
              : Narrowing.toBfloat16(s, x);
      case F16 ->
          isStochastic
              ? Narrowing.toFloat16(s, x, Draws.of(s, to.rounding().draws(), block))
              : Narrowing.toFloat16(s, x);
      case F32 ->
          s.select(
              s.isNan(x), Literal.uint32(Float.floatToRawIntBits(Float.NaN)), s.bits(x, UINT32));
      case F64 ->
          s.select(
              s.isNan(x),
              Literal.uint64(Double.doubleToRawLongBits(Double.NaN)),
              s.bits(s.cast(x, FLOAT64), UINT64));
      default -> throw unmergeable(to.dtype());
    };
  }

  /** Whether an exponent of what is stored is all ones. */
  private boolean holdsNonFinite(Scratch s, Column stored, DType type) {
    Literal exponent =
        switch (type) {
          case BF16 -> Literal.uint16(0x7F80);
          case F16 -> Literal.uint16(0x7C00);
          case F32 -> Literal.uint32(0x7F800000);
          case F64 -> Literal.uint64(0x7FF0_0000_0000_0000L);
          default -> throw unmergeable(type);
        };
    Column masked = s.binary(AND, stored, exponent, stored.type());
    Column isNonFinite = s.is(EQUAL, masked, exponent);
    s.drop(masked);
    int count = device.count(isNonFinite);
    s.drop(isNonFinite);
    return count > 0;
  }

  /** Counts the elements that are not the base's, and those of them that are stored as it is. */
  private void count(
      Scratch s, Column from, Column stored, Operand to, Block block, UpdateTally tally) {
    Column base = s.own(load(tally.base(), block, Optional.empty()));
    Column isNan = s.isNan(from);
    Column areBothNan = s.select(isNan, s.isNan(base), isNan);
    Column isEqual = s.is(EQUAL, from, base);
    Column isSame = s.select(isEqual, isEqual, areBothNan);
    Column isStoredAlike = s.is(EQUAL, stored, narrow(s, base, to, block));
    Column isLost = s.select(isSame, Literal.FALSE, isStoredAlike);
    tally.add(block.count() - device.count(isSame), device.count(isLost));
  }

  @Override
  public void close() {
    kept.values().forEach(Column::close);
    kept.clear();
    tables.values().forEach(Column::close);
    tables.clear();
  }
}
