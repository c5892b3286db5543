package dev.stockpot.kernels.matrix;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/** Where matrices lie, and which still do: what nobody has closed is closed with it. */
final class MatrixMemory implements AutoCloseable {
  private final BufferAllocator allocator;
  private final Set<Cells> open = Collections.newSetFromMap(new IdentityHashMap<>());

  MatrixMemory(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** A matrix of no particular contents. */
  Matrix matrix(int rows, int columns) {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException("a matrix of %s x %s is empty".formatted(rows, columns));
    }
    Cells cells = new Cells(allocator, rows, columns, open::remove);
    open.add(cells);
    return new Matrix(cells, rows, columns);
  }

  Matrix zeros(int rows, int columns) {
    Matrix zeros = matrix(rows, columns);
    zeros.zero();
    return zeros;
  }

  Matrix copy(Matrix of) {
    Matrix copy = matrix(of.rows(), of.columns());
    Sums.copy(of, copy);
    return copy;
  }

  @Override
  public void close() {
    new ArrayDeque<>(open).forEach(Cells::close);
  }
}
