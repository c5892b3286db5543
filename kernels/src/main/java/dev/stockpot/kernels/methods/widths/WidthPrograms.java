package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.method.MatrixProgram;
import java.util.List;

/** Programs on whole matrices that carry tensors between widths and vocabularies. */
public final class WidthPrograms {
  private WidthPrograms() {}

  /**
   * The map {@code S} [to, from] with the least {@code ‖A Sᵀ − B‖² + ridge · mean(diag AᵀA) ‖S‖²},
   * of inputs A [rows, from] and B [rows, to].
   *
   * @param ridge 0 for none
   * @param isCentered whether the mean of all rows is taken away from each, of both
   */
  public static MatrixProgram leastSquares(
      long rows, long from, long to, double ridge, boolean isCentered) {
    return new LeastSquares(rows, from, to, ridge, isCentered);
  }

  /**
   * The orthogonal map {@code S} with the least {@code ‖A Sᵀ − B‖}, of inputs A and B [rows,
   * width].
   *
   * @param isCentered whether the mean of all rows is taken away from each, of both
   * @see <a href="https://doi.org/10.1007/BF02289451">Schönemann: A generalized solution of the
   *     orthogonal Procrustes problem</a>
   */
  public static MatrixProgram procrustes(long rows, long width, boolean isCentered) {
    return new Procrustes(rows, width, isCentered);
  }

  /**
   * What a map of centred rows has to add: {@code c = mean(B) − S mean(A)}, of inputs A [rows,
   * from], B [rows, to] and S [to, from].
   */
  public static MatrixProgram shift(long rows, long from, long to) {
    return new Shift(rows, from, to, 1);
  }

  /** The same of sums over so many samples, [from] and [to]. */
  public static MatrixProgram shiftOfSums(long from, long to, double samples) {
    return new Shift(1, from, to, samples);
  }

  /**
   * {@code W c + b}: the bias of a layer that reads what a map gives, which adds c. Inputs are W
   * [rows, inner], c [inner] and, if there is one, b [rows].
   */
  public static MatrixProgram mappedShift(long rows, long inner, boolean hasBias) {
    return new MappedShift(rows, inner, hasBias);
  }

  /**
   * The least-squares map {@code S} [to, from] of sums over examples: inputs are XᵀX [from, from]
   * and XᵀY [from, to].
   *
   * @param scale of XᵀY, which makes both sums of as many examples
   */
  public static MatrixProgram ofProducts(long from, long to, double ridge, double scale) {
    return new OfProducts(from, to, ridge, scale, List.of());
  }

  /**
   * The same with sums of x [from] and of y [to] as further inputs and, where it is there, YᵀY or
   * its diagonal: it tells the share of the variance of y that is explained.
   */
  public static MatrixProgram ofProducts(
      long from, long to, double ridge, double scale, CrossSums beside) {
    return new OfProducts(from, to, ridge, scale, List.of(beside));
  }

  /** {@code a b} of inputs a [rows, inner] and b [inner, columns]. */
  public static MatrixProgram product(long rows, long inner, long columns) {
    return new ProductOfTwo(rows, inner, columns);
  }

  /**
   * The share of the variance of B that {@code A Sᵀ} explains, one number: inputs are A [rows,
   * from], B [rows, to] and S [to, from].
   *
   * @param isCentered whether the map adds what centred rows lack
   */
  public static MatrixProgram explained(long rows, long from, long to, boolean isCentered) {
    return new Explained(rows, from, to, isCentered);
  }

  /**
   * Rows of another space for those that are known in one alone, by orthogonal matching pursuit:
   * each is written as a sum of few anchors there, and the same sum of their rows is taken here.
   * Inputs are X [wanted, there], anchors there [anchors, there], and anchors here [anchors, here].
   *
   * @param most anchors of a sum
   * @see <a href="https://arxiv.org/abs/2506.06607">Training-Free Tokenizer Transplantation via
   *     Orthogonal Matching Pursuit</a>
   */
  public static MatrixProgram matchingPursuit(
      long wanted, long anchors, long there, long here, int most) {
    return new MatchingPursuit(wanted, anchors, there, here, most);
  }

  /**
   * The same by the nearest anchors there, each weighed by the inverse of its distance.
   *
   * @param most anchors of a sum
   */
  public static MatrixProgram neighbours(
      long wanted, long anchors, long there, long here, int most) {
    return new Neighbours(wanted, anchors, there, here, most);
  }

  /**
   * Means of a few rows each of the input [rows, columns].
   *
   * @param places of the rows of each
   * @throws IllegalArgumentException if there are none, or a row is not there
   */
  public static MatrixProgram meansOfRows(long rows, long columns, int[][] places) {
    return new MeansOfRows(rows, columns, places);
  }
}
