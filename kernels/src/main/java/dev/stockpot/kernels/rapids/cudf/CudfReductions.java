package dev.stockpot.kernels.rapids.cudf;

import static dev.stockpot.kernels.rapids.cudf.CudfFailure.translated;

import ai.rapids.cudf.ColumnVector;
import ai.rapids.cudf.ColumnView;
import ai.rapids.cudf.DType;
import ai.rapids.cudf.OrderByArg;
import ai.rapids.cudf.Scalar;
import ai.rapids.cudf.SegmentedReductionAggregation;
import ai.rapids.cudf.Table;
import dev.stockpot.kernels.rapids.Column;
import dev.stockpot.kernels.rapids.ColumnType;
import dev.stockpot.kernels.rapids.Device;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** What RAPIDS finds in a column, read by the host. */
final class CudfReductions {
  private static final int DIGITS = 1 << 16;

  private CudfReductions() {}

  /** How many are true of some. */
  static int count(ColumnView mask) {
    return translated(
        () -> {
          try (Scalar sum = mask.sum(DType.INT64)) {
            return Math.toIntExact(sum.getLong());
          }
        });
  }

  /** See {@link Device#largest}. */
  static float[] largest(ColumnView floats, int... ends) {
    float[] largest = new float[ends.length];
    reduce(
        floats,
        ends,
        SegmentedReductionAggregation.max(),
        DType.FLOAT32,
        bytes -> bytes.asFloatBuffer().get(largest));
    return largest;
  }

  private static void reduce(
      ColumnView column,
      int[] ends,
      SegmentedReductionAggregation aggregation,
      DType type,
      Consumer<ByteBuffer> read) {
    translated(
        () -> {
          try (ColumnVector offsets = offsets(ends);
              ColumnVector found = column.segmentedReduce(offsets, aggregation, type)) {
            CudfMemory.download(found.getData(), read);
            return null;
          }
        });
  }

  private static ColumnVector offsets(int... ends) {
    int[] offsets = new int[ends.length + 1];
    System.arraycopy(ends, 0, offsets, 1, ends.length);
    long bytes = (long) offsets.length * Integer.BYTES;
    return CudfDevice.column(
        ColumnType.INT32,
        offsets.length,
        CudfMemory.upload(bytes, buffer -> buffer.asIntBuffer().put(offsets)));
  }

  /** By a sort, which of 16-bit keys takes two passes, and a search for where each number ends. */
  static int[] histogram(Device device, Column values) {
    try (Column indices = device.sequence(0, DIGITS);
        Column digits = device.cast(indices, ColumnType.UINT16);
        Column ends = ends(values, digits)) {
      int[] counts = device.downloadInts(ends);
      for (int digit = counts.length - 1; digit > 0; digit--) {
        counts[digit] -= counts[digit - 1];
      }
      return counts;
    }
  }

  private static Column ends(Column values, Column digits) {
    return new CudfColumn(
        ColumnType.INT32,
        translated(
            () -> {
              try (ColumnVector column = ((CudfColumn) values).vector();
                  ColumnVector wanted = ((CudfColumn) digits).vector();
                  Table unsorted = new Table(column);
                  Table sorted = unsorted.orderBy(OrderByArg.asc(0));
                  Table searched = new Table(wanted)) {
                return sorted.upperBound(new boolean[] {true}, searched, new boolean[] {false});
              }
            }));
  }
}
