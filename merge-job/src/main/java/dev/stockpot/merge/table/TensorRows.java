package dev.stockpot.merge.table;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.unsafe.types.UTF8String;

/** The rows of a task: one for each tensor, or for each chunk of one. */
final class TensorRows implements PartitionReader<InternalRow> {
  private final List<Column> columns;
  private final int chunk;
  private final Iterator<TensorRow> tensors;
  private final ObjectSource.Use connections;
  private final StoredNumbers numbers;
  private TensorRow tensor;
  private long first;

  TensorRows(TensorSplit split, List<Column> columns, int chunk) {
    this.columns = columns;
    this.chunk = chunk;
    this.tensors = split.rows().iterator();
    this.connections = split.source().use();
    this.numbers = new StoredNumbers(split.source());
  }

  @Override
  public boolean next() {
    if (chunk > 0 && tensor != null && isReadable() && first + chunk < elements()) {
      first += chunk;
      return true;
    }
    if (!tensors.hasNext()) {
      return false;
    }
    tensor = tensors.next();
    first = 0;
    return true;
  }

  /** FP8 is codes, which are nothing without the scales that lie in other tensors. */
  private boolean isReadable() {
    DType dtype = tensor.tensor().dtype();
    return dtype.isReadable() && !dtype.isFloat8();
  }

  private long elements() {
    return tensor.tensor().shape().elements();
  }

  @Override
  public InternalRow get() {
    try {
      return new GenericInternalRow(values());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s of %s: %s".formatted(tensor.tensor().name(), tensor.model(), e.getMessage()), e);
    }
  }

  private Object[] values() throws IOException {
    TensorInfo info = tensor.tensor();
    boolean describes =
        columns.stream().anyMatch(column -> column.group() == Column.Group.STATISTICS);
    Optional<Moments> moments =
        describes && isReadable() ? Optional.of(numbers.moments(info)) : Optional.empty();
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      values[i] =
          switch (column) {
            case FIRST -> first;
            case VALUES -> isReadable() ? floats(info) : null;
            default ->
                column.group() == Column.Group.HEADER
                    ? spark(column.of(tensor))
                    : moments.flatMap(of -> of.get(column)).orElse(null);
          };
    }
    return values;
  }

  private UnsafeArrayData floats(TensorInfo info) throws IOException {
    int count = (int) Math.min(chunk, elements() - first);
    return UnsafeArrayData.fromPrimitiveArray(numbers.floats(info, first, count));
  }

  private static Object spark(Object value) {
    if (value instanceof String text) {
      return UTF8String.fromString(text);
    }
    return value instanceof long[] longs ? UnsafeArrayData.fromPrimitiveArray(longs) : value;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    long read = numbers.bytes();
    return new CustomTaskMetric[] {
      new CustomTaskMetric() {
        @Override
        public String name() {
          return BytesRead.NAME;
        }

        @Override
        public long value() {
          return read;
        }
      }
    };
  }

  @Override
  public void close() throws IOException {
    try {
      numbers.close();
    } finally {
      connections.close();
    }
  }
}
