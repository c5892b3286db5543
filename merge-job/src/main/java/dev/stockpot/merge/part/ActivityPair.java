package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.methods.matching.Activity;
import dev.stockpot.kernels.methods.matching.Correlation;
import dev.stockpot.merge.align.ActivationSums;
import java.util.function.IntFunction;

/** What two models do at the inputs of one module, in memory. */
record ActivityPair(
    ActivationSums sums, IntFunction<Operand> operands, Activity one, Activity other) {
  private static final int OURS = 2;
  private static final int THEIRS = 4;

  /**
   * Of what was read.
   *
   * @param operands the sources of the sums, from place 0 on
   */
  static ActivityPair of(ActivationSums sums, IntFunction<Operand> operands) {
    return new ActivityPair(
        sums,
        operands,
        activity(sums.one(), sums.scale(), operands.apply(1), operands.apply(OURS)),
        activity(sums.other(), sums.scale(), operands.apply(3), operands.apply(THEIRS)));
  }

  private static Activity activity(
      ActivationSums.Side side, double scale, Operand sums, Operand squares) {
    return Activity.of(sums, scale, squares, side.squareScale());
  }

  /** Adds the correlations of units that lie one behind the other. */
  void add(int first, int members, Matrix into) {
    Correlation.add(one, other, operands.apply(0), sums.scale(), first, members, into);
  }

  /** Adds those of both models' units to each other and to themselves: ours, then theirs. */
  void addStacked(int first, int members, Matrix into) {
    int units = into.rows() / 2;
    Correlation.addWithin(
        one,
        operands.apply(OURS),
        sums.one().squareScale(),
        first,
        members,
        into.window(0, 0, units, units));
    Correlation.addWithin(
        other,
        operands.apply(THEIRS),
        sums.other().squareScale(),
        first,
        members,
        into.window(units, units, units, units));
    Matrix between = into.window(0, units, units, units);
    add(first, members, between);
    for (int unit = 0; unit < units; unit++) {
      for (int there = 0; there < units; there++) {
        into.set(units + there, unit, between.at(unit, there));
      }
    }
  }
}
