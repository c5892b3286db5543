package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;
import static dev.stockpot.kernels.vector.Lanes.HALF_FLOATS;

import dev.stockpot.kernels.statistic.LaneSum;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The three sums of products of two vectors, as {@link SumLanes} adds each, widened only once. */
final class PairSumLanes {
  private static final int DOUBLE_LANES = DOUBLES.length();

  private PairSumLanes() {}

  static void addProducts(float[] a, float[] b, int count, LaneSum aa, LaneSum ab, LaneSum bb) {
    int padded = SumLanes.padded(count);
    Arrays.fill(a, count, padded, 0);
    Arrays.fill(b, count, padded, 0);
    double[] groupAa = new double[LaneSum.LANES];
    double[] groupAb = new double[LaneSum.LANES];
    double[] groupBb = new double[LaneSum.LANES];
    for (int begin = 0; begin < padded; begin += LaneSum.GROUP) {
      int groupEnd = Math.min(padded, begin + LaneSum.GROUP);
      for (int run = begin; run < groupEnd; run += LaneSum.RUN) {
        int end = Math.min(groupEnd, run + LaneSum.RUN);
        for (int lane = 0; lane < LaneSum.LANES; lane += DOUBLE_LANES) {
          addLanes(a, b, run + lane, end, lane, groupAa, groupAb, groupBb);
        }
      }
      SumLanes.endGroup(groupAa, aa.lanes());
      SumLanes.endGroup(groupAb, ab.lanes());
      SumLanes.endGroup(groupBb, bb.lanes());
    }
  }

  /** Adds every sixteenth element of a run, and its neighbours in a register, from the first on. */
  private static void addLanes(
      float[] a,
      float[] b,
      int first,
      int end,
      int lane,
      double[] groupAa,
      double[] groupAb,
      double[] groupBb) {
    DoubleVector sumAa = DoubleVector.zero(DOUBLES);
    DoubleVector sumAb = DoubleVector.zero(DOUBLES);
    DoubleVector sumBb = DoubleVector.zero(DOUBLES);
    for (int i = first; i < end; i += LaneSum.LANES) {
      DoubleVector x =
          (DoubleVector)
              FloatVector.fromArray(HALF_FLOATS, a, i)
                  .convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector y =
          (DoubleVector)
              FloatVector.fromArray(HALF_FLOATS, b, i)
                  .convertShape(VectorOperators.F2D, DOUBLES, 0);
      sumAa = sumAa.add(x.mul(x));
      sumAb = sumAb.add(x.mul(y));
      sumBb = sumBb.add(y.mul(y));
    }
    DoubleVector.fromArray(DOUBLES, groupAa, lane).add(sumAa).intoArray(groupAa, lane);
    DoubleVector.fromArray(DOUBLES, groupAb, lane).add(sumAb).intoArray(groupAb, lane);
    DoubleVector.fromArray(DOUBLES, groupBb, lane).add(sumBb).intoArray(groupBb, lane);
  }
}
