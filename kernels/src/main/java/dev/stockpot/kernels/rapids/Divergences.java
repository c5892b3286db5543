package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.DIVIDE;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.scalar.SoftmaxDivergence;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far the softmax of each row of a block is from that of another, by the steps of {@link
 * SoftmaxDivergence}, all rows at once.
 */
final class Divergences {
  private final Scratch s;
  private final StepOrder order;
  private final Block block;
  private final int rows;
  private final int row;

  /**
   * @param order of a row's sums
   */
  Divergences(Scratch s, StepOrder order, Block block) {
    this.s = s;
    this.order = order;
    this.block = block;
    this.rows = block.rows();
    this.row = block.rowOrAll();
  }

  /** One for each row; NaN if one of its rows holds NaN or its largest element is infinite. */
  double[] of(Column a, Column b) {
    Softmax p = softmax(a);
    Softmax q = softmax(b);
    Column quotient = s.binary(DIVIDE, p.probabilities, q.probabilities, FLOAT64);
    s.drop(q.probabilities);
    Column logarithms = ElementaryColumns.log(s, quotient);
    Column terms = s.binary(MULTIPLY, p.probabilities, logarithms, FLOAT64);
    s.drop(p.probabilities);
    s.drop(logarithms);
    double[] sums = sums(terms);
    for (int i = 0; i < rows; i++) {
      // the logarithm of NaN is some number
      boolean isNan = Double.isNaN(p.sums[i]) || Double.isNaN(q.sums[i]);
      sums[i] = isNan ? Double.NaN : Math.max(0, sums[i]);
    }
    return sums;
  }

  /**
   * Of all rows.
   *
   * @param sums of each row's exponentials: NaN where the row holds NaN, or infinity less infinity
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Softmax(Column probabilities, double[] sums) {}

  private Softmax softmax(Column values) {
    int[] ends = IntStream.rangeClosed(1, rows).map(i -> i * row).toArray();
    float[] most = s.device().largest(values, ends);
    Column mostOfRows = s.own(s.device().uploadFloats(most, rows));
    Column mostOfAll = s.own(s.device().repeated(mostOfRows, row));
    Column powers = s.binary(SUBTRACT, values, mostOfAll, FLOAT64);
    s.drop(mostOfAll);
    Column exponentials = ElementaryColumns.exp(s, powers);
    double[] sums = sums(exponentials);
    double[] inverses = Arrays.stream(sums).map(sum -> 1 / sum).toArray();
    Column ofRows = s.own(s.device().uploadDoubles(inverses));
    Column ofAll = s.own(s.device().repeated(ofRows, row));
    Column shares = s.binary(MULTIPLY, exponentials, ofAll, FLOAT64);
    s.drop(exponentials);
    s.drop(ofAll);
    Column probabilities =
        s.binary(ADD, shares, Literal.float64(SoftmaxDivergence.LEAST_PROBABILITY), FLOAT64);
    s.drop(shares);
    return new Softmax(probabilities, sums);
  }

  private double[] sums(Column values) {
    try (Scratch own = new Scratch(s.device())) {
      return Reductions.ofRows(order.sums(own, own.own(order.of(values, block)), block), rows);
    }
  }
}
