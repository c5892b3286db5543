package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Checksums of what every operation makes of awkward shapes: equal wherever the bits are. As a
 * program it prints them, of lanes, for JVMs with other lanes or of another version.
 */
final class Fingerprints {
  private final Algebra algebra;
  private final Matrices matrices;
  private final List<String> lines = new ArrayList<>();

  private Fingerprints(Algebra algebra) {
    this.algebra = algebra;
    this.matrices = algebra.matrices();
  }

  public static void main(String[] args) {
    of(Algebra.LANES, 2, Blocking.DEFAULT).forEach(System.out::println);
  }

  static List<String> of(MatrixKernels kernels, int threads, Blocking blocking) {
    try (Algebra algebra = new Algebra(kernels, threads, blocking)) {
      Fingerprints fingerprints = new Fingerprints(algebra);
      for (int[] shape : new int[][] {{1, 1}, {7, 5}, {33, 33}, {61, 130}, {140, 70}}) {
        fingerprints.products(shape[0], shape[1]);
        fingerprints.factors(shape[0], shape[1]);
        fingerprints.values(shape[0], shape[1]);
      }
      return fingerprints.lines;
    }
  }

  private void products(int m, int n) {
    Matrix a = algebra.random(m, n, 1);
    Matrix b = algebra.random(n, m, 2);
    add("multiply", matrices.multiply(a, b));
    add("multiply, left transposed", matrices.multiply(b.transposed(), b));
    add("multiply, right transposed", matrices.multiply(a, a.transposed()));
    add("multiply, both transposed", matrices.multiply(a.transposed(), b.transposed()));
    add("gram", matrices.gram(a));
    Matrix sum = matrices.weightedSum(List.of(a, b.transposed()), 0.3, -1.7);
    matrices.addScaled(0.1, a, sum);
    matrices.addProduct(-1, a, matrices.gram(a), sum);
    add("sums", sum);
    lines.add("inner %s".formatted(Double.toHexString(matrices.inner(a, sum))));
  }

  private void factors(int m, int n) {
    Matrix a = algebra.random(m, n, 3);
    CholeskyFactor factor = matrices.cholesky(matrices.gram(a), 0);
    add("cholesky", factor.lower());
    lines.add("ridge %s".formatted(Double.toHexString(factor.ridge())));
    add("solve", matrices.solve(factor, algebra.random(n, m, 4)));
    Qr qr = matrices.qr(a);
    add("q", qr.q());
    add("r", qr.r());
    add("q of bands", matrices.qr(algebra.random(2_100, Math.min(n, 9), 5)).q());
    add("polar", matrices.polar(a));
  }

  private void values(int m, int n) {
    Matrix a = algebra.random(m, n, 6);
    Svd svd = matrices.svd(a);
    add("left", svd.left());
    add("values", svd.values());
    add("right", svd.right());
    Svd largest = matrices.largest(a, Math.max(1, Math.min(m, n) / 12), new RandomStream(8));
    add("left of the largest", largest.left());
    add("largest", largest.values());
    Eigen eigen = matrices.eigen(matrices.gram(a));
    add("eigenvectors", eigen.rows());
    add("eigenvalues", eigen.values());
    add("assignment", Arrays.stream(matrices.assignment(a)).asDoubleStream().toArray());
  }

  private void add(String what, Matrix matrix) {
    double[] all = new double[matrix.rows() * matrix.columns()];
    for (int i = 0; i < matrix.rows(); i++) {
      matrix.read(i, 0, all, i * matrix.columns(), matrix.columns());
    }
    add(what + " " + matrix, all);
  }

  private void add(String what, double[] numbers) {
    CRC32C checksum = new CRC32C();
    for (double number : numbers) {
      long bits = Double.doubleToRawLongBits(number);
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        checksum.update((int) (bits >>> shift) & 0xFF);
      }
    }
    lines.add("%s %08x".formatted(what, checksum.getValue()));
  }
}
