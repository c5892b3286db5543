package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;
import static dev.stockpot.kernels.vector.Lanes.HALF_FLOATS;

import dev.stockpot.kernels.LaneSum;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The order of a {@link LaneSum}, a register of its lanes at a time. What is spare behind a ragged
 * block is made zero, so that all steps are whole.
 */
final class SumLanes {
  private static final int DOUBLE_LANES = DOUBLES.length();

  private SumLanes() {}

  static void addProducts(float[] a, float[] b, int count, LaneSum sum) {
    double[] lanes = sum.lanes();
    int padded = padded(count);
    Arrays.fill(a, count, padded, 0);
    Arrays.fill(b, count, padded, 0);
    for (int lane = 0; lane < LaneSum.LANES; lane += Lanes.COUNT) {
      // two sums at once: each waits for its last addition
      DoubleVector low = DoubleVector.fromArray(DOUBLES, lanes, lane);
      DoubleVector high = DoubleVector.fromArray(DOUBLES, lanes, lane + DOUBLE_LANES);
      for (int group = 0; group < padded; group += LaneSum.GROUP) {
        DoubleVector groupLow = DoubleVector.zero(DOUBLES);
        DoubleVector groupHigh = DoubleVector.zero(DOUBLES);
        int groupEnd = Math.min(padded, group + LaneSum.GROUP);
        for (int run = group; run < groupEnd; run += LaneSum.RUN) {
          DoubleVector runLow = DoubleVector.zero(DOUBLES);
          DoubleVector runHigh = DoubleVector.zero(DOUBLES);
          int end = Math.min(groupEnd, run + LaneSum.RUN);
          for (int i = run + lane; i < end; i += LaneSum.LANES) {
            int j = i + DOUBLE_LANES;
            DoubleVector product =
                (DoubleVector)
                    FloatVector.fromArray(HALF_FLOATS, a, i)
                        .convertShape(VectorOperators.F2D, DOUBLES, 0);
            runLow =
                runLow.add(
                    product.mul(
                        FloatVector.fromArray(HALF_FLOATS, b, i)
                            .convertShape(VectorOperators.F2D, DOUBLES, 0)));
            DoubleVector more =
                (DoubleVector)
                    FloatVector.fromArray(HALF_FLOATS, a, j)
                        .convertShape(VectorOperators.F2D, DOUBLES, 0);
            runHigh =
                runHigh.add(
                    more.mul(
                        FloatVector.fromArray(HALF_FLOATS, b, j)
                            .convertShape(VectorOperators.F2D, DOUBLES, 0)));
          }
          groupLow = groupLow.add(runLow);
          groupHigh = groupHigh.add(runHigh);
        }
        low = low.add(groupLow);
        high = high.add(groupHigh);
      }
      low.intoArray(lanes, lane);
      high.intoArray(lanes, lane + DOUBLE_LANES);
    }
  }

  static void addMagnitudes(float[] a, int count, LaneSum sum) {
    double[] lanes = sum.lanes();
    int padded = padded(count);
    Arrays.fill(a, count, padded, 0);
    for (int lane = 0; lane < LaneSum.LANES; lane += Lanes.COUNT) {
      DoubleVector low = DoubleVector.fromArray(DOUBLES, lanes, lane);
      DoubleVector high = DoubleVector.fromArray(DOUBLES, lanes, lane + DOUBLE_LANES);
      for (int group = 0; group < padded; group += LaneSum.GROUP) {
        DoubleVector groupLow = DoubleVector.zero(DOUBLES);
        DoubleVector groupHigh = DoubleVector.zero(DOUBLES);
        int groupEnd = Math.min(padded, group + LaneSum.GROUP);
        for (int run = group; run < groupEnd; run += LaneSum.RUN) {
          DoubleVector runLow = DoubleVector.zero(DOUBLES);
          DoubleVector runHigh = DoubleVector.zero(DOUBLES);
          int end = Math.min(groupEnd, run + LaneSum.RUN);
          for (int i = run + lane; i < end; i += LaneSum.LANES) {
            FloatVector first = FloatVector.fromArray(HALF_FLOATS, a, i).abs();
            FloatVector second = FloatVector.fromArray(HALF_FLOATS, a, i + DOUBLE_LANES).abs();
            runLow = runLow.add(first.convertShape(VectorOperators.F2D, DOUBLES, 0));
            runHigh = runHigh.add(second.convertShape(VectorOperators.F2D, DOUBLES, 0));
          }
          groupLow = groupLow.add(runLow);
          groupHigh = groupHigh.add(runHigh);
        }
        low = low.add(groupLow);
        high = high.add(groupHigh);
      }
      low.intoArray(lanes, lane);
      high.intoArray(lanes, lane + DOUBLE_LANES);
    }
  }

  private static int padded(int count) {
    return (count + LaneSum.LANES - 1) / LaneSum.LANES * LaneSum.LANES;
  }
}
