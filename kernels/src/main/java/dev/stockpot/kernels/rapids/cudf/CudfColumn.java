package dev.stockpot.kernels.rapids.cudf;

import ai.rapids.cudf.BaseDeviceMemoryBuffer;
import ai.rapids.cudf.ColumnVector;
import ai.rapids.cudf.ColumnView;
import dev.stockpot.kernels.rapids.Column;
import dev.stockpot.kernels.rapids.ColumnType;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A cudf column, or a view of one, which keeps it alive. */
final class CudfColumn implements Column {
  private final ColumnType type;
  private final ColumnView view;
  private final ColumnVector owner;
  private final boolean begins;

  /** Takes over a column. */
  CudfColumn(ColumnType type, ColumnVector owner) {
    this(type, owner, owner, true);
  }

  private CudfColumn(ColumnType type, ColumnView view, ColumnVector owner, boolean begins) {
    this.type = type;
    this.view = view;
    this.owner = owner;
    this.begins = begins;
  }

  /** Takes over a view of this column. */
  CudfColumn viewedAs(ColumnType asType, ColumnView asView) {
    return new CudfColumn(asType, asView, owner.incRefCount(), begins);
  }

  /** Takes over a view of some elements of this column, from that one on. */
  CudfColumn part(int first, ColumnView asView) {
    return new CudfColumn(type, asView, owner.incRefCount(), begins && first == 0);
  }

  ColumnView view() {
    return view;
  }

  /** As a column that tables take, to be closed: itself if it is one, else a copy. */
  ColumnVector vector() {
    return view == owner ? owner.incRefCount() : view.copyToColumnVector();
  }

  /**
   * The column that an operation makes of a table's column by moving elements, whatever their type.
   * Of all elements in another type it moves those of the owner, which are the same bytes: tables
   * take no views, only copies of them.
   */
  CudfColumn moved(UnaryOperator<ColumnVector> operation) {
    ColumnVector result;
    try (ColumnVector column = isWhole() ? owner.incRefCount() : view.copyToColumnVector()) {
      result = operation.apply(column);
    }
    if (result.getType().equals(view.getType())) {
      return new CudfColumn(type, result);
    }
    try {
      return new CudfColumn(type, result.bitCastTo(view.getType()), result, true);
    } catch (RuntimeException | Error e) {
      result.close();
      throw e;
    }
  }

  private boolean isWhole() {
    return begins && view.getRowCount() == owner.getRowCount();
  }

  /**
   * Its bytes, for a reader.
   *
   * @param read called unless there are no elements, for which cudf has no buffer
   */
  void readBytes(Consumer<BaseDeviceMemoryBuffer> read) {
    if (rows() == 0) {
      return;
    }
    if (begins || type.bytes() == 1) {
      read.accept(view.getData());
    } else { // cudf's address of a part is wrong: it counts the elements before it as one byte each
      try (ColumnVector copy = view.copyToColumnVector()) {
        read.accept(copy.getData());
      }
    }
  }

  @Override
  public ColumnType type() {
    return type;
  }

  @Override
  public int rows() {
    return Math.toIntExact(view.getRowCount());
  }

  @Override
  public void close() {
    if (view != owner) {
      view.close();
    }
    owner.close();
  }
}
