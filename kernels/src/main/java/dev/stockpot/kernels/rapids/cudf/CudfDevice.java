package dev.stockpot.kernels.rapids.cudf;

import static dev.stockpot.kernels.rapids.cudf.CudfFailure.translated;

import ai.rapids.cudf.BinaryOp;
import ai.rapids.cudf.BinaryOperable;
import ai.rapids.cudf.ColumnVector;
import ai.rapids.cudf.ColumnView;
import ai.rapids.cudf.DeviceMemoryBuffer;
import ai.rapids.cudf.OrderByArg;
import ai.rapids.cudf.OutOfBoundsPolicy;
import ai.rapids.cudf.Scalar;
import ai.rapids.cudf.Table;
import dev.stockpot.kernels.rapids.BinaryOperation;
import dev.stockpot.kernels.rapids.Column;
import dev.stockpot.kernels.rapids.ColumnType;
import dev.stockpot.kernels.rapids.Device;
import dev.stockpot.kernels.rapids.Literal;
import dev.stockpot.kernels.rapids.PinnedMemory;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Column operations of RAPIDS. Binary operations on columns rather than compiled expressions: each
 * rounds by itself, and none is contracted into a fused multiply-add. All work goes to the stream
 * of the calling thread.
 */
final class CudfDevice implements Device {
  private final CudfMemory memory;
  private final CudfScalars scalars = new CudfScalars();

  CudfDevice(PinnedMemory pinned) {
    memory = new CudfMemory(pinned);
  }

  private static ColumnView view(Column column) {
    return ((CudfColumn) column).view();
  }

  private static Column made(ColumnType type, Supplier<ColumnVector> operation) {
    return new CudfColumn(type, translated(operation));
  }

  @Override
  public Column upload(ArrowBuf from, long byteOffset, ColumnType type, int rows) {
    return made(
        type,
        () -> column(type, rows, memory.upload(from, byteOffset, (long) rows * type.bytes())));
  }

  @Override
  public Column uploadFloats(float[] from, int rows) {
    return uploaded(ColumnType.FLOAT32, rows, bytes -> bytes.asFloatBuffer().put(from, 0, rows));
  }

  @Override
  public Column uploadInts(int... from) {
    return uploaded(ColumnType.UINT32, from.length, bytes -> bytes.asIntBuffer().put(from));
  }

  private static Column uploaded(ColumnType type, int rows, Consumer<ByteBuffer> fill) {
    return made(
        type, () -> column(type, rows, CudfMemory.upload((long) rows * type.bytes(), fill)));
  }

  @Override
  public Column uploadDoubles(double... from) {
    return uploaded(ColumnType.FLOAT64, from.length, bytes -> bytes.asDoubleBuffer().put(from));
  }

  static ColumnVector column(ColumnType type, int rows, DeviceMemoryBuffer data) {
    return new ColumnVector(CudfTypes.of(type), rows, Optional.of(0L), data, null, null);
  }

  @Override
  public void download(Column from, ArrowBuf into, long byteOffset) {
    translated(
        () -> {
          ((CudfColumn) from).readBytes(bytes -> memory.download(bytes, into, byteOffset));
          return null;
        });
  }

  @Override
  public int[] downloadInts(Column from) {
    int[] ints = new int[from.rows()];
    read(from, bytes -> bytes.asIntBuffer().get(ints));
    return ints;
  }

  @Override
  public byte[] downloadMask(Column from) {
    byte[] mask = new byte[from.rows()];
    read(from, bytes -> bytes.get(mask));
    return mask;
  }

  @Override
  public float[] downloadFloats(Column from) {
    float[] floats = new float[from.rows()];
    read(from, bytes -> bytes.asFloatBuffer().get(floats));
    return floats;
  }

  @Override
  public double[] downloadDoubles(Column from) {
    double[] doubles = new double[from.rows()];
    read(from, bytes -> bytes.asDoubleBuffer().get(doubles));
    return doubles;
  }

  private static void read(Column from, Consumer<ByteBuffer> reader) {
    translated(
        () -> {
          ((CudfColumn) from).readBytes(bytes -> CudfMemory.download(bytes, reader));
          return null;
        });
  }

  private Scalar scalar(Literal literal) {
    return translated(() -> scalars.of(literal));
  }

  @Override
  public Column filled(Literal value, int rows) {
    return made(value.type(), () -> ColumnVector.fromScalar(scalar(value), rows));
  }

  @Override
  public Column sequence(int first, int rows) {
    return made(
        ColumnType.UINT32,
        () -> {
          try (Scalar start = Scalar.fromUnsignedInt(first)) {
            return ColumnVector.sequence(start, rows);
          }
        });
  }

  @Override
  public Column binary(BinaryOperation operation, Column a, Column b, ColumnType type) {
    return binary(operation, a, view(b), type);
  }

  @Override
  public Column binary(BinaryOperation operation, Column a, Literal b, ColumnType type) {
    return binary(operation, a, scalar(b), type);
  }

  private static Column binary(
      BinaryOperation operation, Column a, BinaryOperable b, ColumnType type) {
    BinaryOp cudfOperation = CudfTypes.of(operation);
    return made(type, () -> view(a).binaryOp(cudfOperation, b, CudfTypes.of(type)));
  }

  @Override
  public Column isNan(Column a) {
    return made(ColumnType.BOOL8, () -> view(a).isNan());
  }

  @Override
  public Column cast(Column a, ColumnType type) {
    return made(type, () -> view(a).castTo(CudfTypes.of(type)));
  }

  @Override
  public Column bits(Column a, ColumnType type) {
    CudfColumn column = (CudfColumn) a;
    return translated(() -> column.viewedAs(type, column.view().bitCastTo(CudfTypes.of(type))));
  }

  @Override
  public Column select(Column mask, Column then, Column otherwise) {
    return made(then.type(), () -> view(mask).ifElse(view(then), view(otherwise)));
  }

  @Override
  public Column select(Column mask, Literal then, Column otherwise) {
    Scalar chosen = scalar(then);
    return made(then.type(), () -> view(mask).ifElse(chosen, view(otherwise)));
  }

  @Override
  public Column select(Column mask, Column then, Literal otherwise) {
    Scalar other = scalar(otherwise);
    return made(then.type(), () -> view(mask).ifElse(view(then), other));
  }

  @Override
  public Column slice(Column a, int first, int rows) {
    CudfColumn column = (CudfColumn) a;
    return translated(
        () -> {
          ColumnView[] parts = column.view().splitAsViews(first, first + rows);
          parts[0].close();
          parts[2].close();
          return column.part(first, parts[1]);
        });
  }

  @Override
  public Column joined(Column a, Column b) {
    return made(a.type(), () -> ColumnVector.concatenate(view(a), view(b)));
  }

  @Override
  public Column repeated(Column a, int times) {
    return ofTable(a, table -> table.repeat(times));
  }

  @Override
  public Column gather(Column source, Column map) {
    return ofTable(source, table -> table.gather(view(map), OutOfBoundsPolicy.DONT_CHECK));
  }

  @Override
  public Column scatter(Column values, Column places, Column into) {
    return ofTable(
        into,
        target -> {
          try (ColumnVector column = ((CudfColumn) values).vector();
              Table source = new Table(column)) {
            return source.scatter(view(places), target);
          }
        });
  }

  @Override
  public Column sorted(Column numbers) {
    return ofTable(numbers, table -> table.orderBy(OrderByArg.asc(0)));
  }

  @Override
  public Column filter(Column a, Column mask) {
    return ofTable(a, table -> table.filter(view(mask)));
  }

  /** An operation that cudf has for tables only, on a table of one column. */
  private static Column ofTable(Column a, UnaryOperator<Table> operation) {
    return translated(
        () ->
            ((CudfColumn) a)
                .moved(
                    column -> {
                      try (Table table = new Table(column);
                          Table result = operation.apply(table)) {
                        return result.getColumn(0).incRefCount();
                      }
                    }));
  }

  @Override
  public int count(Column mask) {
    return mask.rows() == 0 ? 0 : CudfReductions.count(view(mask)); // of nothing, the sum is null
  }

  @Override
  public float[] largest(Column floats, int[] ends) {
    return CudfReductions.largest(view(floats), ends);
  }

  @Override
  public int[] histogram(Column values) {
    return CudfReductions.histogram(this, values);
  }

  @Override
  public void close() {
    scalars.close();
  }
}
