package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.block.Block;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A vector of the algebra: its elements are a column, replaced by each result that goes here. Zeros
 * are made only if somebody asks for their column: most often they are the first of two summands.
 */
final class DeviceVector implements AutoCloseable {
  private Optional<Column> column = Optional.empty();
  private Optional<Supplier<Column>> zeros = Optional.empty();
  private Optional<Column> negatives = Optional.empty();
  private Optional<Ordered> ordered = Optional.empty();

  private record Ordered(SumOrder by, Column column) implements AutoCloseable {
    @Override
    public void close() {
      column.close();
    }
  }

  /**
   * Its elements.
   *
   * @throws IllegalStateException if it has none yet
   */
  Column column() {
    if (zeros.isPresent()) {
      column = Optional.of(zeros.get().get());
      zeros = Optional.empty();
    }
    return column.orElseThrow(() -> new IllegalStateException("a vector is read before it is set"));
  }

  /** Whether all elements are known to be zero, none of them negative. */
  boolean isZero() {
    return zeros.isPresent();
  }

  /** Takes over a column and closes the one it had. */
  void set(Column next) {
    close();
    column = Optional.of(next);
  }

  /** Becomes zeros. */
  void setZero(Supplier<Column> make) {
    close();
    zeros = Optional.of(make);
  }

  /** Where elements are below zero; kept while they stay as they are. */
  Column negatives(Device device) {
    if (negatives.isEmpty()) {
      negatives =
          Optional.of(
              device.binary(BinaryOperation.LESS, column(), Selections.ZERO, ColumnType.BOOL8));
    }
    return negatives.get();
  }

  /** Its elements in the order in which sums take them; kept while they stay as they are. */
  Column ordered(SumOrder order, Block block) {
    if (ordered.isEmpty() || ordered.get().by() != order) {
      ordered.ifPresent(Ordered::close);
      ordered = Optional.empty();
      ordered = Optional.of(new Ordered(order, order.of(column(), block)));
    }
    return ordered.get().column();
  }

  @Override
  public void close() {
    column.ifPresent(Column::close);
    column = Optional.empty();
    negatives.ifPresent(Column::close);
    negatives = Optional.empty();
    ordered.ifPresent(Ordered::close);
    ordered = Optional.empty();
    zeros = Optional.empty();
  }
}
