package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;
import static dev.stockpot.kernels.vector.Lanes.HALF_FLOATS;

import dev.stockpot.kernels.statistic.LaneSum;
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
    int padded = padded(count);
    Arrays.fill(a, count, padded, 0);
    Arrays.fill(b, count, padded, 0);
    double[] group = new double[LaneSum.LANES];
    for (int begin = 0; begin < padded; begin += LaneSum.GROUP) {
      int groupEnd = Math.min(padded, begin + LaneSum.GROUP);
      for (int run = begin; run < groupEnd; run += LaneSum.RUN) {
        addRun(a, b, run, Math.min(groupEnd, run + LaneSum.RUN), group);
      }
      endGroup(group, sum.lanes());
    }
  }

  static void addMagnitudes(float[] a, int count, LaneSum sum) {
    int padded = padded(count);
    Arrays.fill(a, count, padded, 0);
    double[] group = new double[LaneSum.LANES];
    for (int begin = 0; begin < padded; begin += LaneSum.GROUP) {
      int groupEnd = Math.min(padded, begin + LaneSum.GROUP);
      for (int run = begin; run < groupEnd; run += LaneSum.RUN) {
        addRun(a, run, Math.min(groupEnd, run + LaneSum.RUN), group);
      }
      endGroup(group, sum.lanes());
    }
  }

  /** A loop of its own: accumulators that live through several loops would be put on the heap. */
  private static void addRun(float[] a, float[] b, int begin, int end, double[] group) {
    for (int lane = 0; lane < LaneSum.LANES; lane += Lanes.COUNT) {
      // two sums at once: each waits for its last addition
      DoubleVector low = DoubleVector.zero(DOUBLES);
      DoubleVector high = DoubleVector.zero(DOUBLES);
      for (int i = begin + lane; i < end; i += LaneSum.LANES) {
        int j = i + DOUBLE_LANES;
        DoubleVector product =
            (DoubleVector)
                FloatVector.fromArray(HALF_FLOATS, a, i)
                    .convertShape(VectorOperators.F2D, DOUBLES, 0);
        low =
            low.add(
                product.mul(
                    FloatVector.fromArray(HALF_FLOATS, b, i)
                        .convertShape(VectorOperators.F2D, DOUBLES, 0)));
        DoubleVector more =
            (DoubleVector)
                FloatVector.fromArray(HALF_FLOATS, a, j)
                    .convertShape(VectorOperators.F2D, DOUBLES, 0);
        high =
            high.add(
                more.mul(
                    FloatVector.fromArray(HALF_FLOATS, b, j)
                        .convertShape(VectorOperators.F2D, DOUBLES, 0)));
      }
      DoubleVector.fromArray(DOUBLES, group, lane).add(low).intoArray(group, lane);
      DoubleVector.fromArray(DOUBLES, group, lane + DOUBLE_LANES)
          .add(high)
          .intoArray(group, lane + DOUBLE_LANES);
    }
  }

  private static void addRun(float[] a, int begin, int end, double[] group) {
    for (int lane = 0; lane < LaneSum.LANES; lane += Lanes.COUNT) {
      DoubleVector low = DoubleVector.zero(DOUBLES);
      DoubleVector high = DoubleVector.zero(DOUBLES);
      for (int i = begin + lane; i < end; i += LaneSum.LANES) {
        FloatVector first = FloatVector.fromArray(HALF_FLOATS, a, i).abs();
        FloatVector second = FloatVector.fromArray(HALF_FLOATS, a, i + DOUBLE_LANES).abs();
        low = low.add(first.convertShape(VectorOperators.F2D, DOUBLES, 0));
        high = high.add(second.convertShape(VectorOperators.F2D, DOUBLES, 0));
      }
      DoubleVector.fromArray(DOUBLES, group, lane).add(low).intoArray(group, lane);
      DoubleVector.fromArray(DOUBLES, group, lane + DOUBLE_LANES)
          .add(high)
          .intoArray(group, lane + DOUBLE_LANES);
    }
  }

  static void endGroup(double[] group, double[] lanes) {
    for (int lane = 0; lane < LaneSum.LANES; lane++) {
      lanes[lane] += group[lane];
      group[lane] = 0;
    }
  }

  /** With what is spare, up to the next multiple of the lanes. */
  static int padded(int count) {
    return (count + LaneSum.LANES - 1) / LaneSum.LANES * LaneSum.LANES;
  }
}
