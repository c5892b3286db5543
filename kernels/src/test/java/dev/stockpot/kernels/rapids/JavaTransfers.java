package dev.stockpot.kernels.rapids;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;

/** What goes to the model of a device and what comes back: columns, and what is counted in them. */
abstract class JavaTransfers implements Device {
  /** Of each row that cudf sorts by 16 bits: keys and places twice, and the keys once more. */
  private static final int SORT_BYTES = 40;

  private static final int WAITS_TO_FILL = 4;
  private static final int WAITS_TO_REDUCE = 5;
  private static final int WAITS_FOR_HISTOGRAM = 9;

  final ModelMemory memory;

  JavaTransfers(ModelMemory memory) {
    this.memory = memory;
  }

  final Column column(ColumnType type, int rows, IntToLongFunction element) {
    long[] bits = new long[rows];
    long mask = type.bytes() == 8 ? -1 : (1L << (8 * type.bytes())) - 1;
    for (int i = 0; i < rows; i++) {
      bits[i] = element.applyAsLong(i) & mask;
    }
    return new JavaColumn(memory, type, bits);
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
  final void move(int rows, long bytes) {
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
    JavaColumn elements = JavaColumn.of(from);
    for (int i = 0; i < elements.rows(); i++) {
      long at = byteOffset + (long) i * elements.type().bytes();
      switch (elements.type().bytes()) {
        case 1 -> into.setByte(at, (byte) elements.bits()[i]);
        case 2 -> into.setShort(at, (short) elements.bits()[i]);
        case 4 -> into.setInt(at, (int) elements.bits()[i]);
        default -> into.setLong(at, elements.bits()[i]);
      }
    }
  }

  @Override
  public int[] downloadInts(Column from) {
    memory.await(1);
    return Arrays.stream(JavaColumn.of(from).bits()).mapToInt(bits -> (int) bits).toArray();
  }

  @Override
  public byte[] downloadMask(Column from) {
    memory.await(1);
    byte[] mask = new byte[from.rows()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) JavaColumn.of(from).bits()[i];
    }
    return mask;
  }

  @Override
  public float[] downloadFloats(Column from) {
    memory.await(1);
    float[] floats = new float[from.rows()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.intBitsToFloat((int) JavaColumn.of(from).bits()[i]);
    }
    return floats;
  }

  @Override
  public double[] downloadDoubles(Column from) {
    memory.await(1);
    return Arrays.stream(JavaColumn.of(from).bits())
        .mapToDouble(Double::longBitsToDouble)
        .toArray();
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
  public int count(Column mask) {
    move(mask.rows(), 1);
    memory.await(WAITS_TO_REDUCE);
    return (int) Arrays.stream(JavaColumn.of(mask).bits()).sum();
  }

  @Override
  public float[] largest(Column floats, int[] ends) {
    move(floats.rows(), Float.BYTES);
    memory.await(WAITS_TO_REDUCE);
    if (floats.type() != ColumnType.FLOAT32) {
      throw new IllegalArgumentException("largest of " + floats.type());
    }
    long[] bits = JavaColumn.of(floats).bits();
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
    memory.move(JavaColumn.of(values).bytesForTable() + (long) values.rows() * SORT_BYTES);
    memory.await(WAITS_FOR_HISTOGRAM);
    if (values.type() != ColumnType.UINT16) {
      throw new IllegalArgumentException("histogram of " + values.type());
    }
    int[] counts = new int[1 << 16];
    for (long value : JavaColumn.of(values).bits()) {
      counts[(int) value]++;
    }
    return counts;
  }

  @Override
  public void close() {}
}
