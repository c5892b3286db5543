package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import dev.stockpot.kernels.random.RandomStream;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Linear algebra on whole matrices. Results are closed when they are no longer needed, or all with
 * this at last. All memory, that of results and that of work in between, comes from one allocator
 * and counts against its limit, but for panels of some megabytes on the heap for each thread.
 *
 * <p>Results are equal in every bit on any machine, with lanes of any width and any number of
 * threads. Not thread-safe: one instance serves one task.
 */
public final class Matrices implements AutoCloseable {
  private final MatrixKernels kernels;
  private final MatrixMemory memory;
  private final Workers workers;
  private final Multiplication multiplication;
  private final Sums sums;
  private final Cholesky cholesky;
  private final TallQr qr;
  private final SingularValues singularValues;
  private final RangeFinder rangeFinder;
  private final EigenValues eigenValues;
  private final Polar polar;

  /**
   * For one task.
   *
   * @param fastestFirst the first that has matrix kernels and can run here is used
   * @param threads how many work on one product
   * @throws IllegalArgumentException if none has, or there is no thread
   */
  public Matrices(List<KernelProvider> fastestFirst, BufferAllocator allocator, int threads) {
    this(chosen(fastestFirst), allocator, threads);
  }

  private Matrices(MatrixKernels kernels, BufferAllocator allocator, int threads) {
    this(kernels, allocator, threads, Blocking.of(kernels));
  }

  Matrices(MatrixKernels kernels, BufferAllocator allocator, int threads, Blocking blocking) {
    this.kernels = kernels;
    memory = new MatrixMemory(allocator);
    workers = new Workers(threads);
    multiplication = new Multiplication(kernels, blocking, workers);
    sums = new Sums(kernels);
    cholesky = new Cholesky(kernels, multiplication);
    Householder householder = new Householder(memory, kernels, multiplication);
    qr = new TallQr(memory, householder, multiplication);
    singularValues = new SingularValues(memory, kernels, multiplication, householder, qr);
    rangeFinder = new RangeFinder(memory, kernels, workers, multiplication, qr, singularValues);
    eigenValues = new EigenValues(memory, singularValues);
    polar = new Polar(memory, multiplication, sums);
  }

  private static MatrixKernels chosen(List<KernelProvider> fastestFirst) {
    return fastestFirst.stream()
        .filter(provider -> provider.matrixKernels().isPresent())
        .filter(provider -> provider.obstacle().isEmpty())
        .findFirst()
        .flatMap(KernelProvider::matrixKernels)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no provider here has matrix kernels; is the scalar one listed?"));
  }

  // in and out

  /** A matrix of zeros. */
  public Matrix zeros(int rows, int columns) {
    return memory.zeros(rows, columns);
  }

  /** A matrix of a tensor's elements in row-major order, each exactly. */
  public Matrix of(Operand tensor, int rows, int columns) {
    Matrix matrix = memory.matrix(rows, columns);
    Operands.read(tensor, matrix);
    return matrix;
  }

  /**
   * {@code weights[0] tensors[0] + weights[1] tensors[1] + …} of the elements of tensors in
   * row-major order, added in that order.
   */
  public Matrix weightedSum(List<Operand> tensors, int rows, int columns, double... weights) {
    Matrix matrix = memory.matrix(rows, columns);
    Operands.readSum(kernels, tensors, weights, matrix);
    return matrix;
  }

  /** {@code of - from} of the elements of tensors in row-major order, each rounded once. */
  public Matrix difference(Operand of, Operand from, int rows, int columns) {
    Matrix matrix = memory.matrix(rows, columns);
    Operands.readDifference(of, from, matrix);
    return matrix;
  }

  /** Writes all elements in row-major order; to an F32 tensor rounded to nearest even. */
  public void write(Matrix matrix, Operand tensor) {
    Operands.write(matrix, tensor);
  }

  /**
   * Writes all elements in row-major order to an F32 tensor that is rounded to fewer digits later:
   * each to odd, so that the second rounding gives what one alone would have given.
   */
  public void writeToBeRounded(Matrix matrix, Operand tensor) {
    Operands.writeToOdd(matrix, tensor);
  }

  /** A matrix of its own with these elements. */
  public Matrix copy(Matrix of) {
    return memory.copy(of);
  }

  // products and sums

  /** {@code a b}; of transposes by {@link Matrix#transposed()}. */
  public Matrix multiply(Matrix a, Matrix b) {
    Matrix product = memory.matrix(a.rows(), b.columns());
    multiplication.set(1, a, b, product, Wanted.ALL);
    return product;
  }

  /** {@code into += sign a b}, of a sign of 1 or -1. */
  public void addProduct(double sign, Matrix a, Matrix b, Matrix into) {
    multiplication.add(Math.signum(sign), a, b, into, Wanted.ALL);
  }

  /** {@code aᵀ a}, exactly symmetric; {@code a aᵀ} is that of the transpose. */
  public Matrix gram(Matrix a) {
    Matrix gram = memory.matrix(a.columns(), a.columns());
    multiplication.set(1, a.transposed(), a, gram, Wanted.LOWER);
    Transposition.mirror(gram);
    return gram;
  }

  /** {@code weights[0] matrices[0] + weights[1] matrices[1] + …}, added in that order. */
  public Matrix weightedSum(List<Matrix> matrices, double... weights) {
    Matrix sum = memory.matrix(matrices.get(0).rows(), matrices.get(0).columns());
    sums.weighted(matrices, weights, sum);
    return sum;
  }

  /** {@code into += factor x}. */
  public void addScaled(double factor, Matrix x, Matrix into) {
    sums.addScaled(factor, x, into);
  }

  /** Sum of the products of the elements at equal places. */
  public double inner(Matrix x, Matrix y) {
    return sums.inner(x, y);
  }

  /** Frobenius norm: root of the sum of squares. */
  public double norm(Matrix x) {
    return Math.sqrt(sums.inner(x, x));
  }

  // factors

  /**
   * The Cholesky factor of a symmetric positive semidefinite matrix, of which the lower half is
   * read. If it cannot be factored with the ridge that is given it is tried again with ten times as
   * much, from {@value Ridges#LEAST} on.
   *
   * @param ridge what is added to the diagonal, times the mean of the diagonal; may be zero
   * @throws IllegalArgumentException if it is not square, holds NaN or infinity, or is too far from
   *     positive semidefinite for a ridge as large as that mean
   */
  public CholeskyFactor cholesky(Matrix symmetric, double ridge) {
    return new Ridges(memory, cholesky).factor(symmetric, ridge);
  }

  /** {@code x} with {@code (A + ridge I) x = b}. */
  public Matrix solve(CholeskyFactor factor, Matrix b) {
    Matrix x = copy(b);
    solveInPlace(factor, x);
    return x;
  }

  /** {@link #solve}, of which x takes the place of b. */
  public void solveInPlace(CholeskyFactor factor, Matrix x) {
    cholesky.solve(factor.lower(), x);
  }

  /**
   * QR by Householder reflections; in bands where there are many more rows than columns.
   *
   * @throws IllegalArgumentException if it holds NaN or infinity
   */
  public Qr qr(Matrix a) {
    Sums.requireFinite(a);
    try (Matrix work = copy(a)) {
      Matrix q = qr.factor(work);
      return new Qr(q, copy(work.window(0, 0, q.columns(), a.columns())));
    }
  }

  /**
   * All singular values and vectors: as many as the smaller of m and n.
   *
   * @throws IllegalArgumentException if it holds NaN or infinity
   */
  public Svd svd(Matrix a) {
    return singularValues.of(a);
  }

  /**
   * The largest singular values and their vectors, with errors of about a rounding where the values
   * fall off after the wanted ones. Where they hardly do, each vector may be a mixture of nearly
   * equal ones, but the sum of squares is that of the best approximation of that rank but for about
   * a billionth. Of small matrices, and from a third of all values on, it is {@link #svd(Matrix)},
   * cut.
   *
   * @param rank how many; 1 gives the leading triplet
   * @param draws what to begin with
   * @throws IllegalArgumentException if the rank is not 1 to the smaller of m and n, or it holds
   *     NaN or infinity
   */
  public Svd largest(Matrix a, int rank, RandomStream draws) {
    return rangeFinder.largest(a, rank, draws);
  }

  /**
   * Eigenvalues and vectors of a symmetric matrix, of which the lower half is read.
   *
   * @throws IllegalArgumentException if it is not square, or holds NaN or infinity
   */
  public Eigen eigen(Matrix symmetric) {
    return eigenValues.of(symmetric);
  }

  /**
   * The polar factor {@code U Vᵀ} of the singular value decomposition: of all matrices with
   * orthonormal columns (or rows) the nearest. Directions with singular values below about 1e-7 of
   * the norm are left out.
   *
   * @throws IllegalArgumentException if it holds NaN or infinity
   */
  public Matrix polar(Matrix a) {
    return polar.of(a);
  }

  // choices

  /**
   * One column for each row, so that the sum of the costs is least; among equal ones always the
   * same. Where there are more rows than columns, some rows have none.
   *
   * @return the column of each row, or -1
   * @throws IllegalArgumentException if a cost is NaN or infinite
   */
  public int[] assignment(Matrix costs) {
    return Assignment.of(memory, costs, 1);
  }

  /** {@link #assignment(Matrix)} of the largest sum. */
  public int[] assignmentOfMost(Matrix gains) {
    return Assignment.of(memory, gains, -1);
  }

  @Override
  public void close() {
    workers.close();
    memory.close();
  }
}
