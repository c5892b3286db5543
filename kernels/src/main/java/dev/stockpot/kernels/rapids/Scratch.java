package dev.stockpot.kernels.rapids;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The columns of one calculation: all are closed at its end, whether it succeeds or not, except the
 * one that is {@linkplain #released}. Large calculations {@linkplain #drop} earlier what they need
 * no more, with the views of it, which would keep its memory.
 */
final class Scratch implements AutoCloseable {
  private final Device device;
  private final List<Column> columns = new ArrayList<>();
  private final IdentityHashMap<Column, List<Column>> views = new IdentityHashMap<>();

  Scratch(Device device) {
    this.device = device;
  }

  Device device() {
    return device;
  }

  /** Adds a column to be closed with the others. */
  Column own(Column column) {
    columns.add(column);
    return column;
  }

  /** Takes a column out; the caller closes it. */
  Column released(Column column) {
    columns.removeIf(owned -> owned == column);
    return column;
  }

  void drop(Column column) {
    List<Column> ofIt = views.remove(column);
    if (ofIt != null) {
      ofIt.stream().filter(columns::contains).forEach(this::drop);
    }
    released(column).close();
  }

  Column binary(BinaryOperation operation, Column a, Column b, ColumnType type) {
    return own(device.binary(operation, a, b, type));
  }

  Column binary(BinaryOperation operation, Column a, Literal b, ColumnType type) {
    return own(device.binary(operation, a, b, type));
  }

  Column is(BinaryOperation comparison, Column a, Column b) {
    return binary(comparison, a, b, ColumnType.BOOL8);
  }

  Column is(BinaryOperation comparison, Column a, Literal b) {
    return binary(comparison, a, b, ColumnType.BOOL8);
  }

  Column isNan(Column a) {
    return own(device.isNan(a));
  }

  /** A view of the same bits as elements of another type. */
  Column bits(Column a, ColumnType type) {
    return viewOf(a, device.bits(a, type));
  }

  /** The same bits as elements of another type. Takes over the column. */
  Column retyped(Column a, ColumnType type) {
    Column view = own(device.bits(a, type));
    released(a).close();
    return view;
  }

  private Column viewOf(Column a, Column view) {
    views.computeIfAbsent(a, any -> new ArrayList<>()).add(own(view));
    return view;
  }

  Column cast(Column a, ColumnType type) {
    return own(device.cast(a, type));
  }

  Column select(Column mask, Column then, Column otherwise) {
    return own(device.select(mask, then, otherwise));
  }

  Column select(Column mask, Literal then, Column otherwise) {
    return own(device.select(mask, then, otherwise));
  }

  Column select(Column mask, Column then, Literal otherwise) {
    return own(device.select(mask, then, otherwise));
  }

  /** A view of consecutive elements. */
  Column slice(Column a, int first, int rows) {
    return viewOf(a, device.slice(a, first, rows));
  }

  @Override
  public void close() {
    columns.forEach(Column::close);
    columns.clear();
  }
}
