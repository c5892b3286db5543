package dev.stockpot.kernels.rapids;

import java.util.Optional;

/** A vector of the algebra: its elements are a column, replaced by each result that goes here. */
final class DeviceVector implements AutoCloseable {
  private Optional<Column> column = Optional.empty();

  /**
   * Its elements.
   *
   * @throws IllegalStateException if it has none yet
   */
  Column column() {
    return column.orElseThrow(() -> new IllegalStateException("a vector is read before it is set"));
  }

  /** Takes over a column and closes the one it had. */
  void set(Column next) {
    close();
    column = Optional.of(next);
  }

  @Override
  public void close() {
    column.ifPresent(Column::close);
    column = Optional.empty();
  }
}
