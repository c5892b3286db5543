package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.method.MatrixProgram;

/** Programs on whole matrices that carry tensors between widths and vocabularies. */
public final class WidthPrograms {
  private WidthPrograms() {}

  /**
   * The map {@code S} [to, from] with the least {@code ‖A Sᵀ − B‖² + ridge · mean(diag AᵀA) ‖S‖²},
   * of inputs A [rows, from] and B [rows, to].
   *
   * @param ridge 0 for none
   */
  public static MatrixProgram leastSquares(long rows, long from, long to, double ridge) {
    return new LeastSquares(rows, from, to, ridge);
  }

  /**
   * The orthogonal map {@code S} with the least {@code ‖A Sᵀ − B‖}, of inputs A and B [rows,
   * width].
   *
   * @see <a href="https://doi.org/10.1007/BF02289451">Schönemann: A generalized solution of the
   *     orthogonal Procrustes problem</a>
   */
  public static MatrixProgram procrustes(long rows, long width) {
    return new Procrustes(rows, width);
  }

  /**
   * The least-squares map {@code S} [to, from] of sums over examples: inputs are XᵀX [from, from]
   * and XᵀY [from, to].
   *
   * @param scale of XᵀY, which makes both sums of as many examples
   */
  public static MatrixProgram ofProducts(long from, long to, double ridge, double scale) {
    return new OfProducts(from, to, ridge, scale);
  }

  /** {@code a b} of inputs a [rows, inner] and b [inner, columns]. */
  public static MatrixProgram product(long rows, long inner, long columns) {
    return new ProductOfTwo(rows, inner, columns);
  }

  /**
   * The share of the variance of B that {@code A Sᵀ} explains, one number: inputs are A [rows,
   * from], B [rows, to] and S [to, from].
   */
  public static MatrixProgram explained(long rows, long from, long to) {
    return new Explained(rows, from, to);
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
