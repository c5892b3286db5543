package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.merge.plan.Delta;
import dev.stockpot.merge.plan.Factors;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/** The change of a matrix in float64, as it is stored, and its largest singular values. */
final class MatrixChange implements AutoCloseable {
  /** Of all changes the same: what is found does not depend on it but for rounding. */
  private static final RandomStream DRAWS = new RandomStream(0x6C6F7261L);

  /** Singular values that a search begins with. */
  private static final int FIRST = 32;

  private final Matrices matrices;
  private final Matrix change;
  private final double squares;

  private MatrixChange(Matrices matrices, Matrix change) {
    this.matrices = matrices;
    this.change = change;
    this.squares = matrices.inner(change, change);
  }

  /** That of a work whose inputs are there. */
  static MatrixChange of(Factors work, Loaded inputs, KernelProvider cpu, BufferAllocator memory) {
    Matrices matrices = new Matrices(List.of(cpu), memory, 1);
    try {
      return new MatrixChange(
          matrices, work.delta().accept(new Changes(work.module(), inputs, matrices)));
    } catch (RuntimeException e) {
      matrices.close();
      throw e;
    }
  }

  /** Works each kind out. */
  private record Changes(String module, Loaded inputs, Matrices matrices)
      implements Delta.Visitor<Matrix> {
    @Override
    public Matrix difference(Delta.Difference delta) {
      int rows = Math.toIntExact(delta.shape().dimensions().get(0));
      int columns = Math.toIntExact(delta.shape().dimensions().get(1));
      return matrices.difference(inputs.operand(1), inputs.operand(0), rows, columns);
    }

    @Override
    public Matrix products(Delta.Products delta) {
      return new AdapterProducts(delta, module, operands(delta, inputs), matrices).merged();
    }
  }

  /** Left and right factors of all adapters. */
  static List<Operand> operands(Delta.Products delta, Loaded inputs) {
    return IntStream.range(0, delta.sources().size()).mapToObj(inputs::operand).toList();
  }

  Matrices matrices() {
    return matrices;
  }

  /** Sum of the squares of all its elements, and so of all its singular values. */
  double squares() {
    return squares;
  }

  /** Its largest singular values, with vectors: left ones of its rows as they are stored. */
  Svd largest(int rank) {
    return matrices.largest(change, rank, DRAWS);
  }

  /** How many singular values a work's rule keeps; 0 if none. */
  int rank(Factors work) {
    int limit = work.rank();
    if (squares == 0) {
      return 0;
    }
    int count = Math.min(limit, FIRST);
    while (true) {
      try (Svd svd = largest(count)) {
        OptionalInt rank = work.rule().rank(svd.values(), squares, limit);
        if (rank.isPresent()) {
          return rank.getAsInt();
        }
      }
      count = (int) Math.min(limit, 2L * count);
    }
  }

  /** Takes a product away, and says how long what is left is. */
  double without(Operand left, Operand right, int rank) {
    int rows = change.rows();
    int columns = change.columns();
    try (Matrix thin = matrices.of(left, rows, rank);
        Matrix flat = matrices.of(right, rank, columns)) {
      matrices.addProduct(-1, thin, flat, change);
    }
    return matrices.norm(change);
  }

  /** The same of transposes. */
  double withoutTurned(Operand right, Operand left, int rank) {
    int rows = change.rows();
    int columns = change.columns();
    try (Matrix thin = matrices.of(right, rank, rows);
        Matrix flat = matrices.of(left, columns, rank)) {
      matrices.addProduct(-1, thin.transposed(), flat.transposed(), change);
    }
    return matrices.norm(change);
  }

  @Override
  public void close() {
    matrices.close();
  }
}
