package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.MeasuringProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/** Makes rows of one space as sums of anchors, with coefficients found in another space. */
abstract class AnchoredRows implements MeasuringProgram {
  private static final long serialVersionUID = 1;

  /** Rows that are worked on at once: products are for many, and scores must fit the memory. */
  private static final int AT_ONCE = 64;

  private final long wanted;
  private final long anchors;
  private final long there;
  private final long here;

  /** Most anchors of a sum. */
  private final int most;

  AnchoredRows(long wanted, long anchors, long there, long here, int most) {
    if (most < 1 || most > anchors) {
      throw new IllegalArgumentException(
          "sums of %s anchors, of which there are %s".formatted(most, anchors));
    }
    this.wanted = wanted;
    this.anchors = anchors;
    this.there = there;
    this.here = here;
    this.most = most;
  }

  int most() {
    return most;
  }

  @Override
  public Demand demand() {
    long rows = Math.min(wanted, AT_ONCE);
    Demand inputs =
        Demand.matrix(wanted, there)
            .and(Demand.matrix(anchors, there))
            .and(Demand.matrix(anchors, here))
            .and(Demand.matrix(wanted, here));
    double searches = searches() * Math.ceil((double) wanted / AT_ONCE);
    Demand scores = Demand.product(rows, anchors, there);
    return inputs
        .and(Demand.matrix(rows, there))
        .and(new Demand(scores.bytes(), scores.operations() * searches));
  }

  /** How often the scores of all anchors are computed. */
  abstract int searches();

  /**
   * Finds the sums of some rows.
   *
   * @param rows of the space that they are known in
   */
  abstract List<Sum> sums(Matrices algebra, Matrix rows, Matrix anchorsThere);

  /** A sum of anchors that stands for a row. */
  static final class Sum {
    private final int[] anchors;
    private final double[] coefficients;
    private final double left;

    /**
     * Anchors and their coefficients, in the order in which they are added.
     *
     * @param left length of what the sum lacks of the row, in units of the row's
     */
    Sum(int[] anchors, double[] coefficients, double left) {
      this.anchors = anchors;
      this.coefficients = coefficients;
      this.left = left;
    }
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
    try (Matrix rows = inputs.get(0).matrix(algebra);
        Matrix anchorsThere = inputs.get(1).matrix(algebra);
        Matrix anchorsHere = inputs.get(2).matrix(algebra);
        Matrix made = algebra.zeros(rows.rows(), anchorsHere.columns())) {
      double left = 0;
      double most = 0;
      for (int first = 0; first < rows.rows(); first += AT_ONCE) {
        int count = Math.min(AT_ONCE, rows.rows() - first);
        List<Sum> sums = sums(algebra, rows.window(first, 0, count, rows.columns()), anchorsThere);
        for (int i = 0; i < count; i++) {
          add(sums.get(i), anchorsHere, made, first + i);
          left += sums.get(i).left / rows.rows();
          most = Math.max(most, sums.get(i).left);
        }
      }
      output.write(algebra, made);
      found.take("what sums lack of the donor's rows, mean", left);
      found.take("what sums lack of the donor's rows, most", most);
    }
  }

  private static void add(Sum sum, Matrix anchors, Matrix into, int row) {
    double[] total = new double[anchors.columns()];
    double[] anchor = new double[anchors.columns()];
    for (int j = 0; j < sum.anchors.length; j++) {
      anchors.read(sum.anchors[j], 0, anchor, 0, anchor.length);
      for (int c = 0; c < total.length; c++) {
        total[c] = Math.fma(sum.coefficients[j], anchor[c], total[c]);
      }
    }
    into.write(row, 0, total, 0, total.length);
  }
}
