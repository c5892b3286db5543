package dev.stockpot.kernels.rapids;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;

/**
 * What cudf's operations do, in arrays: the model by which programs of columns are tested where
 * there is no GPU. As on a GPU, a NaN that comes of a calculation is 0x7FFFFFFF, whatever went in.
 * It counts what is allocated and can run out of memory.
 */
final class JavaDevice implements Device {
  private static final int NAN_BITS = 0x7FFFFFFF;
  private static final long WIDE_NAN_BITS = 0x7FFF_FFFF_FFFF_FFFFL;

  /** Of each row that cudf sorts by 16 bits: keys and places twice, and the keys once more. */
  private static final int SORT_BYTES = 40;

  /** By 64 bits: eight passes over keys and places, and the keys once more. */
  private static final int WIDE_SORT_BYTES = 8 * 2 * (8 + 4) + 20;

  // How often cudf waits for the device, counted in its native code, 26.08.1, by what
  // checks/gpu/cudf-emulated has in the place of CUDA's runtime

  /** What it makes of a number, that it is valid, and what it returns of it. */
  private static final int WAITS_FOR_NUMBER = 3;

  private static final int WAITS_TO_FILL = 4;
  private static final int WAITS_TO_FILTER = 2;
  private static final int WAITS_TO_REDUCE = 5;
  private static final int WAITS_FOR_HISTOGRAM = 9;

  private final ModelMemory memory;

  JavaDevice(ModelMemory memory) {
    this.memory = memory;
  }

  /** A column's memory, which its views keep. */
  private final class Memory {
    private final long bytes;
    private int users;

    Memory(long bytes) {
      this.bytes = bytes;
    }

    void use() {
      memory.allocate(users == 0 ? bytes : 0);
      users++;
    }

    void leave() {
      users--;
      memory.release(users == 0 ? bytes : 0);
    }
  }

  /** Elements as their bits. */
  private final class Elements implements Column {
    private final ColumnType type;
    private final long[] bits;
    private final Memory of;
    private final boolean isWhole;
    private boolean closed;

    Elements(ColumnType type, long[] bits) {
      this(type, bits, new Memory((long) bits.length * type.bytes()), true);
    }

    private Elements(ColumnType type, long[] bits, Memory of, boolean isWhole) {
      this.type = type;
      this.bits = bits;
      this.of = of;
      this.isWhole = isWhole;
      of.use();
    }

    Elements viewedAs(ColumnType asType) {
      return new Elements(asType, bits, of, isWhole);
    }

    Elements part(int first, int rows) {
      boolean isAll = isWhole && rows == bits.length;
      return new Elements(type, Arrays.copyOfRange(bits, first, first + rows), of, isAll);
    }

    /** Tables take no parts of columns, only copies. */
    long bytesForTable() {
      return isWhole ? 0 : 2L * bits.length * type.bytes();
    }

    @Override
    public ColumnType type() {
      return type;
    }

    @Override
    public int rows() {
      return bits.length;
    }

    @Override
    public void close() {
      if (closed) {
        throw new IllegalStateException("closed twice");
      }
      closed = true;
      of.leave();
    }
  }

  private static Elements elements(Column column) {
    Elements elements = (Elements) column;
    if (elements.closed) {
      throw new IllegalStateException("used after it was closed");
    }
    return elements;
  }

  private Column column(ColumnType type, int rows, IntToLongFunction element) {
    long[] bits = new long[rows];
    long mask = type.bytes() == 8 ? -1 : (1L << (8 * type.bytes())) - 1;
    for (int i = 0; i < rows; i++) {
      bits[i] = element.applyAsLong(i) & mask;
    }
    return new Elements(type, bits);
  }

  @Override
  public Column upload(ArrowBuf from, long byteOffset, ColumnType type, int rows) {
    memory.upload((long) rows * type.bytes());
    memory.await(1);
    return column(
        type,
        rows,
        i -> {
          long at = byteOffset + (long) i * type.bytes();
          return switch (type.bytes()) {
            case 1 -> from.getByte(at);
            case 2 -> from.getShort(at);
            case 4 -> from.getInt(at);
            default -> from.getLong(at);
          };
        });
  }

  /** An operation that reads and writes so many bytes for each row. */
  private void move(int rows, long bytes) {
    memory.move(rows * bytes);
  }

  @Override
  public Column uploadFloats(float[] from, int rows) {
    memory.await(1);
    return column(ColumnType.FLOAT32, rows, i -> Float.floatToRawIntBits(from[i]));
  }

  @Override
  public Column uploadInts(int... from) {
    memory.await(1);
    return column(ColumnType.UINT32, from.length, i -> from[i]);
  }

  @Override
  public Column uploadDoubles(double... from) {
    memory.await(1);
    return column(ColumnType.FLOAT64, from.length, i -> Double.doubleToRawLongBits(from[i]));
  }

  @Override
  public void download(Column from, ArrowBuf into, long byteOffset) {
    memory.await(1);
    Elements elements = elements(from);
    for (int i = 0; i < elements.rows(); i++) {
      long at = byteOffset + (long) i * elements.type.bytes();
      switch (elements.type.bytes()) {
        case 1 -> into.setByte(at, (byte) elements.bits[i]);
        case 2 -> into.setShort(at, (short) elements.bits[i]);
        case 4 -> into.setInt(at, (int) elements.bits[i]);
        default -> into.setLong(at, elements.bits[i]);
      }
    }
  }

  @Override
  public int[] downloadInts(Column from) {
    memory.await(1);
    return Arrays.stream(elements(from).bits).mapToInt(bits -> (int) bits).toArray();
  }

  @Override
  public byte[] downloadMask(Column from) {
    memory.await(1);
    byte[] mask = new byte[from.rows()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) elements(from).bits[i];
    }
    return mask;
  }

  @Override
  public float[] downloadFloats(Column from) {
    memory.await(1);
    float[] floats = new float[from.rows()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.intBitsToFloat((int) elements(from).bits[i]);
    }
    return floats;
  }

  @Override
  public double[] downloadDoubles(Column from) {
    memory.await(1);
    return Arrays.stream(elements(from).bits).mapToDouble(Double::longBitsToDouble).toArray();
  }

  @Override
  public Column filled(Literal value, int rows) {
    move(rows, value.type().bytes());
    memory.await(WAITS_TO_FILL);
    return column(value.type(), rows, i -> value.bits());
  }

  @Override
  public Column sequence(int first, int rows) {
    move(rows, Integer.BYTES);
    memory.await(WAITS_TO_FILL);
    return column(ColumnType.UINT32, rows, i -> first + i);
  }

  @Override
  public Column binary(BinaryOperation operation, Column a, Column b, ColumnType type) {
    move(a.rows(), a.type().bytes() + b.type().bytes() + type.bytes());
    requireEqualRows(a, b);
    long[] second = elements(b).bits;
    return binary(operation, elements(a), b.type(), i -> second[i], type);
  }

  @Override
  public Column binary(BinaryOperation operation, Column a, Literal b, ColumnType type) {
    move(a.rows(), a.type().bytes() + type.bytes());
    memory.await(WAITS_FOR_NUMBER);
    return binary(operation, elements(a), b.type(), i -> b.bits(), type);
  }

  private Column binary(
      BinaryOperation operation,
      Elements a,
      ColumnType typeOfB,
      IntToLongFunction b,
      ColumnType type) {
    boolean compares = ColumnArithmetic.isComparison(operation);
    ColumnType operands = ColumnArithmetic.wider(a.type, typeOfB);
    ColumnType common = compares ? operands : ColumnArithmetic.wider(operands, type);
    return column(
        type,
        a.rows(),
        i -> {
          long first = converted(a.bits[i], a.type, common);
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
    long[] bits = elements(a).bits;
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
    Elements from = elements(a);
    return column(type, a.rows(), i -> converted(from.bits[i], from.type, type));
  }

  @Override
  public Column bits(Column a, ColumnType type) {
    if (type.bytes() != a.type().bytes()) {
      throw new IllegalArgumentException("%s as %s".formatted(a.type(), type));
    }
    return elements(a).viewedAs(type);
  }

  @Override
  public Column select(Column mask, Column then, Column otherwise) {
    move(mask.rows(), 1 + 3 * then.type().bytes());
    requireEqualRows(mask, then);
    long[] chosen = elements(then).bits;
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
    long[] chosen = elements(then).bits;
    return select(mask, then.type(), i -> chosen[i], otherwise.type(), i -> otherwise.bits());
  }

  private Column select(Column mask, ColumnType type, IntToLongFunction then, Column otherwise) {
    requireEqualRows(mask, otherwise);
    long[] others = elements(otherwise).bits;
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
    long[] choices = elements(mask).bits;
    return column(
        type, mask.rows(), i -> choices[i] != 0 ? then.applyAsLong(i) : otherwise.applyAsLong(i));
  }

  @Override
  public Column slice(Column a, int first, int rows) {
    return elements(a).part(first, rows);
  }

  @Override
  public Column joined(Column a, Column b) {
    if (a.type() != b.type()) {
      throw new IllegalArgumentException("%s and %s".formatted(a.type(), b.type()));
    }
    move(a.rows() + b.rows(), 2L * a.type().bytes());
    long[] bits = Arrays.copyOf(elements(a).bits, a.rows() + b.rows());
    System.arraycopy(elements(b).bits, 0, bits, a.rows(), b.rows());
    return new Elements(a.type(), bits);
  }

  @Override
  public Column repeated(Column a, int times) {
    move(a.rows() * times, a.type().bytes()); // a few elements are read again and again
    long[] bits = elements(a).bits;
    return column(a.type(), a.rows() * times, i -> bits[i / times]);
  }

  @Override
  public Column gather(Column source, Column map) {
    memory.move(
        elements(source).bytesForTable()
            + map.rows() * (map.type().bytes() + 2L * source.type().bytes()));
    long[] bits = elements(source).bits;
    long[] places = elements(map).bits;
    return column(source.type(), map.rows(), i -> bits[(int) places[i]]);
  }

  @Override
  public Column scatter(Column values, Column places) {
    move(values.rows(), places.type().bytes() + 4L * values.type().bytes()); // a copy is written to
    requireEqualRows(values, places);
    long[] bits = elements(values).bits;
    long[] to = elements(places).bits;
    long[] scattered = new long[bits.length];
    boolean[] filled = new boolean[bits.length];
    for (int i = 0; i < bits.length; i++) {
      if (filled[(int) to[i]]) {
        throw new IllegalArgumentException("place %s is there twice".formatted(to[i]));
      }
      filled[(int) to[i]] = true;
      scattered[(int) to[i]] = bits[i];
    }
    return new Elements(values.type(), scattered);
  }

  @Override
  public Column sorted(Column numbers) {
    move(numbers.rows(), WIDE_SORT_BYTES);
    if (numbers.type() != ColumnType.UINT64) {
      throw new IllegalArgumentException("sort of " + numbers.type());
    }
    long[] sorted = elements(numbers).bits.clone();
    Arrays.sort(sorted); // all are below 2⁶³
    return new Elements(ColumnType.UINT64, sorted);
  }

  @Override
  public Column filter(Column a, Column mask) {
    memory.move(elements(a).bytesForTable() + a.rows() * (3 + 4 + 2L * a.type().bytes()));
    memory.await(WAITS_TO_FILTER);
    requireEqualRows(a, mask);
    long[] bits = elements(a).bits;
    long[] choices = elements(mask).bits;
    long[] kept = new long[count(mask)];
    int next = 0;
    for (int i = 0; i < bits.length; i++) {
      if (choices[i] != 0) {
        kept[next++] = bits[i];
      }
    }
    return new Elements(a.type(), kept);
  }

  @Override
  public int count(Column mask) {
    move(mask.rows(), 1);
    memory.await(WAITS_TO_REDUCE);
    return (int) Arrays.stream(elements(mask).bits).sum();
  }

  @Override
  public int[] counts(Column mask, int[] ends) {
    move(mask.rows(), 1);
    memory.await(WAITS_TO_REDUCE);
    long[] bits = elements(mask).bits;
    int[] counts = new int[ends.length];
    int begin = 0;
    for (int run = 0; run < ends.length; run++) {
      counts[run] = (int) Arrays.stream(bits, begin, ends[run]).sum();
      begin = ends[run];
    }
    return counts;
  }

  @Override
  public float[] largest(Column floats, int[] ends) {
    move(floats.rows(), Float.BYTES);
    memory.await(WAITS_TO_REDUCE);
    if (floats.type() != ColumnType.FLOAT32) {
      throw new IllegalArgumentException("largest of " + floats.type());
    }
    long[] bits = elements(floats).bits;
    float[] largest = new float[ends.length];
    int begin = 0;
    for (int run = 0; run < ends.length; run++) {
      largest[run] = Float.NEGATIVE_INFINITY;
      for (; begin < ends[run]; begin++) {
        float value = Float.intBitsToFloat((int) bits[begin]);
        largest[run] = largest[run] < value ? value : largest[run]; // not NaN
      }
    }
    return largest;
  }

  @Override
  public int[] histogram(Column values) {
    memory.move(elements(values).bytesForTable() + (long) values.rows() * SORT_BYTES);
    memory.await(WAITS_FOR_HISTOGRAM);
    if (values.type() != ColumnType.UINT16) {
      throw new IllegalArgumentException("histogram of " + values.type());
    }
    int[] counts = new int[1 << 16];
    for (long value : elements(values).bits) {
      counts[(int) value]++;
    }
    return counts;
  }

  @Override
  public void close() {}

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
