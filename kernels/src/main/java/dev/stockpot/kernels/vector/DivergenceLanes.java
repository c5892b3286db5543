package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;
import static dev.stockpot.kernels.vector.Lanes.FLOATS;
import static dev.stockpot.kernels.vector.Lanes.HALF_FLOATS;

import dev.stockpot.kernels.number.Elementary;
import dev.stockpot.kernels.scalar.SoftmaxDivergence;
import dev.stockpot.kernels.statistic.LaneSum;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/** The loops of {@link SoftmaxDivergence} in lanes, by the steps of {@link Elementary}. */
final class DivergenceLanes extends SoftmaxDivergence {
  private static final int COUNT = DOUBLES.length();

  @Override
  protected float most(float[] row, int count) {
    int whole = count - count % Lanes.COUNT;
    FloatVector most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      most = most.max(FloatVector.fromArray(FLOATS, row, i));
    }
    float largest = most.reduceLanes(VectorOperators.MAX);
    for (int i = whole; i < count; i++) {
      largest = Math.max(largest, row[i]);
    }
    return largest;
  }

  @Override
  protected void powers(float[] row, double most, int count, double[] into) {
    for (int i = 0; i < count; i += COUNT) {
      DoubleVector x =
          ((DoubleVector)
                  FloatVector.fromArray(HALF_FLOATS, row, i)
                      .convertShape(VectorOperators.F2D, DOUBLES, 0))
              .sub(most)
              .max(Elementary.LEAST_POWER);
      DoubleVector rounded = x.mul(Elementary.LOG2_E).add(Elementary.ROUNDER);
      DoubleVector whole = rounded.sub(Elementary.ROUNDER);
      DoubleVector r = x.sub(whole.mul(Elementary.LN2_HIGH)).sub(whole.mul(Elementary.LN2_LOW));
      DoubleVector sum = r.mul(Elementary.E11).add(Elementary.E10);
      sum = sum.mul(r).add(Elementary.E9);
      sum = sum.mul(r).add(Elementary.E8);
      sum = sum.mul(r).add(Elementary.E7);
      sum = sum.mul(r).add(Elementary.E6);
      sum = sum.mul(r).add(Elementary.E5);
      sum = sum.mul(r).add(Elementary.E4);
      sum = sum.mul(r).add(Elementary.E3);
      sum = sum.mul(r).add(Elementary.E2);
      sum = sum.mul(r).add(1).mul(r).add(1);
      LongVector exponent =
          rounded.reinterpretAsLongs().lanewise(VectorOperators.LSHL, Elementary.MANTISSA_BITS);
      sum.reinterpretAsLongs().add(exponent).reinterpretAsDoubles().intoArray(into, i);
    }
  }

  @Override
  protected void terms(double[] a, double ofA, double[] b, double ofB, int count) {
    for (int i = 0; i < count; i += COUNT) {
      DoubleVector p = DoubleVector.fromArray(DOUBLES, a, i).mul(ofA).add(LEAST_PROBABILITY);
      DoubleVector q = DoubleVector.fromArray(DOUBLES, b, i).mul(ofB).add(LEAST_PROBABILITY);
      LongVector bits = p.div(q).reinterpretAsLongs();
      LongVector exponent =
          bits.add(Elementary.LOG_OFFSET_BITS)
              .lanewise(VectorOperators.LSHR, Elementary.MANTISSA_BITS);
      DoubleVector whole =
          exponent.add(Elementary.WHOLE_BITS).reinterpretAsDoubles().sub(Elementary.WHOLE_OFFSET);
      LongVector mantissa =
          bits.add(Elementary.EXPONENT_OFFSET_BITS)
              .sub(exponent.lanewise(VectorOperators.LSHL, Elementary.MANTISSA_BITS));
      DoubleVector f = mantissa.reinterpretAsDoubles().sub(1);
      DoubleVector s = f.div(f.add(2));
      DoubleVector square = s.mul(s);
      DoubleVector sum = square.mul(Elementary.L17).add(Elementary.L15);
      sum = sum.mul(square).add(Elementary.L13);
      sum = sum.mul(square).add(Elementary.L11);
      sum = sum.mul(square).add(Elementary.L9);
      sum = sum.mul(square).add(Elementary.L7);
      sum = sum.mul(square).add(Elementary.L5);
      sum = sum.mul(square).add(Elementary.L3);
      sum = sum.mul(square).add(2);
      DoubleVector log =
          whole.mul(Elementary.LN2_HIGH).add(s.mul(sum).add(whole.mul(Elementary.LN2_LOW)));
      p.mul(log).intoArray(a, i);
    }
  }

  @Override
  protected double sum(double[] values, int count) {
    LaneSum sum = new LaneSum();
    double[] lanes = sum.lanes();
    int whole = count - count % LaneSum.LANES;
    for (int lane = 0; lane < LaneSum.LANES; lane += COUNT) {
      DoubleVector total = DoubleVector.zero(DOUBLES);
      for (int i = lane; i < whole; i += LaneSum.LANES) {
        total = total.add(DoubleVector.fromArray(DOUBLES, values, i));
      }
      total.intoArray(lanes, lane);
    }
    for (int i = whole; i < count; i++) {
      lanes[i % LaneSum.LANES] += values[i];
    }
    return sum.take();
  }
}
