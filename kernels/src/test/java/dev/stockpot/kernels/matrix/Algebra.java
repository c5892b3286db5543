package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;

/** Matrices over memory of their own; closing it fails if some of that was not given back. */
final class Algebra implements AutoCloseable {
  static final MatrixKernels SCALAR = new ScalarProvider().matrixKernels().orElseThrow();
  static final MatrixKernels LANES = new VectorProvider().matrixKernels().orElseThrow();
  static final Blocking SMALL = new Blocking(16, 5, 24);
  static final Blocking ODD = new Blocking(37, 64, 61);
  static final List<Blocking> BLOCKINGS = List.of(Blocking.DEFAULT, SMALL, ODD);

  private final RootAllocator allocator;
  private final Matrices matrices;
  private final MatrixMemory memory;

  Algebra(MatrixKernels kernels, int threads, Blocking blocking) {
    this(kernels, threads, blocking, Long.MAX_VALUE);
  }

  private Algebra(MatrixKernels kernels, int threads, Blocking blocking, long limit) {
    allocator = new RootAllocator(limit);
    matrices = new Matrices(kernels, allocator, threads, blocking);
    memory = new MatrixMemory(allocator);
  }

  /** With plain loops on one thread. */
  static Algebra scalar() {
    return new Algebra(SCALAR, 1, Blocking.DEFAULT);
  }

  /** With lanes on one thread. */
  static Algebra lanes() {
    return new Algebra(LANES, 1, Blocking.of(LANES));
  }

  /** With lanes and so many bytes. */
  static Algebra limited(long bytes) {
    return new Algebra(LANES, 1, Blocking.of(LANES), bytes);
  }

  Matrices matrices() {
    return matrices;
  }

  MatrixMemory memory() {
    return memory;
  }

  long allocated() {
    return allocator.getAllocatedMemory();
  }

  Matrix matrix(double[][] rows) {
    Matrix matrix = matrices.zeros(rows.length, rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      matrix.write(i, 0, rows[i], 0, rows[i].length);
    }
    return matrix;
  }

  /** Seeded normal numbers. */
  Matrix random(int rows, int columns, long seed) {
    return matrix(Plain.random(rows, columns, seed));
  }

  static double[][] rows(Matrix matrix) {
    double[][] rows = new double[matrix.rows()][matrix.columns()];
    for (int i = 0; i < rows.length; i++) {
      matrix.read(i, 0, rows[i], 0, rows[i].length);
    }
    return rows;
  }

  @Override
  public void close() {
    matrices.close();
    memory.close();
    allocator.close();
  }
}
