package dev.stockpot.kernels.rapids;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * What cudf's operations do, in arrays: the model by which programs of columns are tested where
 * there is no GPU. As on a GPU, a NaN that comes of a calculation is 0x7FFFFFFF, whatever went in.
 * It counts what is allocated and can run out of memory.
 */
final class JavaDevice extends JavaTransfers {
  private static final int NAN_BITS = 0x7FFFFFFF;
  private static final long WIDE_NAN_BITS = 0x7FFF_FFFF_FFFF_FFFFL;

  /** By 64 bits: eight passes over keys and places, and the keys once more. */
  private static final int WIDE_SORT_BYTES = 8 * 2 * (8 + 4) + 20;

  // How often cudf waits for the device, counted in its native code, 26.08.1, by what
  // checks/gpu/cudf-emulated has in the place of CUDA's runtime

  /** What it makes of a number, that it is valid, and what it returns of it. */
  private static final int WAITS_FOR_NUMBER = 3;

  private static final int WAITS_TO_FILTER = 2;

  JavaDevice(ModelMemory memory) {
    super(memory);
  }

  @Override
  public Column binary(BinaryOperation operation, Column a, Column b, ColumnType type) {
    move(a.rows(), a.type().bytes() + b.type().bytes() + type.bytes());
    requireEqualRows(a, b);
    long[] second = JavaColumn.of(b).bits();
    return binary(operation, JavaColumn.of(a), b.type(), i -> second[i], type);
  }

  @Override
  public Column binary(BinaryOperation operation, Column a, Literal b, ColumnType type) {
    move(a.rows(), a.type().bytes() + type.bytes());
    memory.await(WAITS_FOR_NUMBER);
    return binary(operation, JavaColumn.of(a), b.type(), i -> b.bits(), type);
  }

  private Column binary(
      BinaryOperation operation,
      JavaColumn a,
      ColumnType typeOfB,
      IntToLongFunction b,
      ColumnType type) {
    boolean compares = ColumnArithmetic.isComparison(operation);
    ColumnType operands = ColumnArithmetic.wider(a.type(), typeOfB);
    ColumnType common = compares ? operands : ColumnArithmetic.wider(operands, type);
    return column(
        type,
        a.rows(),
        i -> {
          long first = converted(a.bits()[i], a.type(), common);
          long second = converted(b.applyAsLong(i), typeOfB, common);
          long result = ColumnArithmetic.apply(operation, common, first, second);
          return compares ? result : converted(result, common, type);
        });
  }

  private static long converted(long bits, ColumnType from, ColumnType to) {
    return from == to ? bits : ColumnArithmetic.convert(bits, from, to);
  }

  @Override
  public Column isNan(Column a) {
    move(a.rows(), a.type().bytes() + 1);
    long[] bits = JavaColumn.of(a).bits();
    return column(
        ColumnType.BOOL8,
        a.rows(),
        i ->
            a.type() == ColumnType.FLOAT32
                ? Float.isNaN(Float.intBitsToFloat((int) bits[i])) ? 1 : 0
                : Double.isNaN(Double.longBitsToDouble(bits[i])) ? 1 : 0);
  }

  @Override
  public Column cast(Column a, ColumnType type) {
    move(a.rows(), a.type().bytes() + type.bytes());
    JavaColumn from = JavaColumn.of(a);
    return column(type, a.rows(), i -> converted(from.bits()[i], from.type(), type));
  }

  @Override
  public Column bits(Column a, ColumnType type) {
    if (type.bytes() != a.type().bytes()) {
      throw new IllegalArgumentException("%s as %s".formatted(a.type(), type));
    }
    return JavaColumn.of(a).viewedAs(type);
  }

  @Override
  public Column select(Column mask, Column then, Column otherwise) {
    move(mask.rows(), 1 + 3 * then.type().bytes());
    requireEqualRows(mask, then);
    long[] chosen = JavaColumn.of(then).bits();
    return select(mask, then.type(), i -> chosen[i], otherwise);
  }

  @Override
  public Column select(Column mask, Literal then, Column otherwise) {
    move(mask.rows(), 1 + 2 * then.type().bytes());
    memory.await(1);
    return select(mask, then.type(), i -> then.bits(), otherwise);
  }

  @Override
  public Column select(Column mask, Column then, Literal otherwise) {
    move(mask.rows(), 1 + 2 * then.type().bytes());
    memory.await(1);
    requireEqualRows(mask, then);
    long[] chosen = JavaColumn.of(then).bits();
    return select(mask, then.type(), i -> chosen[i], otherwise.type(), i -> otherwise.bits());
  }

  private Column select(Column mask, ColumnType type, IntToLongFunction then, Column otherwise) {
    requireEqualRows(mask, otherwise);
    long[] others = JavaColumn.of(otherwise).bits();
    return select(mask, type, then, otherwise.type(), i -> others[i]);
  }

  private Column select(
      Column mask,
      ColumnType type,
      IntToLongFunction then,
      ColumnType otherType,
      IntToLongFunction otherwise) {
    if (mask.type() != ColumnType.BOOL8 || type != otherType) {
      throw new IllegalArgumentException("%s ? %s : %s".formatted(mask.type(), type, otherType));
    }
    long[] choices = JavaColumn.of(mask).bits();
    return column(
        type, mask.rows(), i -> choices[i] != 0 ? then.applyAsLong(i) : otherwise.applyAsLong(i));
  }

  @Override
  public Column slice(Column a, int first, int rows) {
    return JavaColumn.of(a).part(first, rows);
  }

  @Override
  public Column joined(Column a, Column b) {
    if (a.type() != b.type()) {
      throw new IllegalArgumentException("%s and %s".formatted(a.type(), b.type()));
    }
    move(a.rows() + b.rows(), 2L * a.type().bytes());
    long[] bits = Arrays.copyOf(JavaColumn.of(a).bits(), a.rows() + b.rows());
    System.arraycopy(JavaColumn.of(b).bits(), 0, bits, a.rows(), b.rows());
    return new JavaColumn(memory, a.type(), bits);
  }

  @Override
  public Column repeated(Column a, int times) {
    move(a.rows() * times, a.type().bytes()); // a few elements are read again and again
    long[] bits = JavaColumn.of(a).bits();
    return column(a.type(), a.rows() * times, i -> bits[i / times]);
  }

  @Override
  public Column gather(Column source, Column map) {
    memory.move(
        JavaColumn.of(source).bytesForTable()
            + map.rows() * (map.type().bytes() + 2L * source.type().bytes()));
    long[] bits = JavaColumn.of(source).bits();
    long[] places = JavaColumn.of(map).bits();
    return column(source.type(), map.rows(), i -> bits[(int) places[i]]);
  }

  @Override
  public Column scatter(Column values, Column places, Column into) {
    requireEqualRows(values, places);
    if (values.type() != into.type()) {
      throw new IllegalArgumentException("%s into %s".formatted(values.type(), into.type()));
    }
    move(into.rows(), 2L * into.type().bytes()); // a copy is written to
    move(values.rows(), places.type().bytes() + 2L * values.type().bytes());
    long[] bits = JavaColumn.of(values).bits();
    long[] to = JavaColumn.of(places).bits();
    long[] scattered = JavaColumn.of(into).bits().clone();
    boolean[] filled = new boolean[scattered.length];
    for (int i = 0; i < bits.length; i++) {
      if (filled[(int) to[i]]) {
        throw new IllegalArgumentException("place %s is there twice".formatted(to[i]));
      }
      filled[(int) to[i]] = true;
      scattered[(int) to[i]] = bits[i];
    }
    return new JavaColumn(memory, values.type(), scattered);
  }

  @Override
  public Column sorted(Column numbers) {
    move(numbers.rows(), WIDE_SORT_BYTES);
    if (numbers.type() != ColumnType.UINT64) {
      throw new IllegalArgumentException("sort of " + numbers.type());
    }
    long[] sorted = JavaColumn.of(numbers).bits().clone();
    Arrays.sort(sorted); // all are below 2⁶³
    return new JavaColumn(memory, ColumnType.UINT64, sorted);
  }

  @Override
  public Column filter(Column a, Column mask) {
    memory.move(JavaColumn.of(a).bytesForTable() + a.rows() * (3 + 4 + 2L * a.type().bytes()));
    memory.await(WAITS_TO_FILTER);
    requireEqualRows(a, mask);
    long[] bits = JavaColumn.of(a).bits();
    long[] choices = JavaColumn.of(mask).bits();
    long[] kept = new long[count(mask)];
    int next = 0;
    for (int i = 0; i < bits.length; i++) {
      if (choices[i] != 0) {
        kept[next++] = bits[i];
      }
    }
    return new JavaColumn(memory, a.type(), kept);
  }

  private static void requireEqualRows(Column a, Column b) {
    if (a.rows() != b.rows()) {
      throw new IllegalArgumentException("%s rows with %s".formatted(a.rows(), b.rows()));
    }
  }

  static long nan(float value) {
    return Float.isNaN(value) ? NAN_BITS : Float.floatToRawIntBits(value);
  }

  static long nan(double value) {
    return Double.isNaN(value) ? WIDE_NAN_BITS : Double.doubleToRawLongBits(value);
  }
}
