package dev.stockpot.kernels.rapids;

import org.apache.arrow.memory.ArrowBuf;

/**
 * The few column operations that merges need. Each takes columns of equal length and makes a new
 * one, which the caller closes; none has nulls. Operations on floats round once; integers wrap.
 *
 * <p>All throw {@link dev.stockpot.kernels.device.OutOfDeviceMemoryException} where the result does
 * not fit, and {@link dev.stockpot.kernels.device.DeviceException} where the device fails. They
 * then leave nothing behind.
 */
public interface Device extends AutoCloseable {
  // in and out

  /** Little-endian elements of a host buffer. */
  Column upload(ArrowBuf from, long byteOffset, ColumnType type, int rows);

  /** Elements of our own. */
  Column uploadFloats(float[] from, int rows);

  /** A {@link ColumnType#UINT32} column. */
  Column uploadInts(int... from);

  /** A {@link ColumnType#FLOAT64} column. */
  Column uploadDoubles(double... from);

  /** The bytes of a column into a host buffer. */
  void download(Column from, ArrowBuf into, long byteOffset);

  int[] downloadInts(Column from);

  /** Of a {@link ColumnType#BOOL8} column: 1 where it is true. */
  byte[] downloadMask(Column from);

  float[] downloadFloats(Column from);

  double[] downloadDoubles(Column from);

  // making

  Column filled(Literal value, int rows);

  /** {@code first, first + 1, …} as {@link ColumnType#UINT32}, which wraps. */
  Column sequence(int first, int rows);

  // element by element

  /** Both are converted to the wider of the three types, and the result to the type wanted. */
  Column binary(BinaryOperation operation, Column a, Column b, ColumnType type);

  Column binary(BinaryOperation operation, Column a, Literal b, ColumnType type);

  /** True where the element is NaN. */
  Column isNan(Column a);

  /** Converts numbers: floats round to nearest even, integers keep their lowest bits. */
  Column cast(Column a, ColumnType type);

  /** The same bits as elements of another type of as many bytes; shares the memory of {@code a}. */
  Column bits(Column a, ColumnType type);

  /** Where the mask is true the one, else the other. */
  Column select(Column mask, Column then, Column otherwise);

  Column select(Column mask, Literal then, Column otherwise);

  Column select(Column mask, Column then, Literal otherwise);

  // across elements

  /** Consecutive elements; shares the memory of {@code a}. */
  Column slice(Column a, int first, int rows);

  /** The elements of one column and then those of the other. */
  Column joined(Column a, Column b);

  /** Each element so many times, before the next one. */
  Column repeated(Column a, int times);

  /** {@code source[map[i]]}, by indices within the source. */
  Column gather(Column source, Column map);

  /** The elements where the mask is true, in order. */
  Column filter(Column a, Column mask);

  /** A copy of a column with {@code result[places[i]] = values[i]}; no place is there twice. */
  Column scatter(Column values, Column places, Column into);

  /** The numbers of a {@link ColumnType#UINT64} column, the smallest first. */
  Column sorted(Column numbers);

  /** How many elements of a mask are true. */
  int count(Column mask);

  /**
   * The largest of the floats from each end to the next; the first run begins at 0. NaN may count
   * as anything.
   */
  float[] largest(Column floats, int[] ends);

  /** How often each of the numbers of 16 bits occurs in a {@link ColumnType#UINT16} column. */
  int[] histogram(Column values);

  /** Returns what the device keeps between operations; columns are closed by who made them. */
  @Override
  void close();
}
