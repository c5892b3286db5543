package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.FLOATS;
import static dev.stockpot.kernels.vector.Lanes.HALF_SHORTS;
import static dev.stockpot.kernels.vector.Lanes.INTS;

import dev.stockpot.kernels.number.Float16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The steps of {@link Float16} in lanes, over whole registers. */
final class Float16Lanes {
  private Float16Lanes() {}

  static void load(short[] bits, float[] into, int count) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector half =
          (IntVector)
              ShortVector.fromArray(HALF_SHORTS, bits, i)
                  .convertShape(VectorOperators.S2I, INTS, 0);
      IntVector magnitude = half.and(0x7FFF).lanewise(VectorOperators.LSHL, Float16.LOST_BITS);
      VectorMask<Integer> infinite = half.and(0x7C00).compare(VectorOperators.EQ, 0x7C00);
      IntVector finite = magnitude.reinterpretAsFloats().mul(Float16.REBIAS).reinterpretAsInts();
      IntVector sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
      finite
          .blend(magnitude.or(0x7F800000), infinite)
          .or(sign)
          .reinterpretAsFloats()
          .intoArray(into, i);
    }
  }

  /** Gives the largest magnitude, as bits. */
  static int narrow(float[] from, short[] bits, int count) {
    IntVector most = IntVector.zero(INTS);
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector x = FloatVector.fromArray(FLOATS, from, i).reinterpretAsInts();
      IntVector magnitude = x.and(0x7FFFFFFF);
      most = most.max(magnitude);
      VectorMask<Integer> nan = magnitude.compare(VectorOperators.GT, 0x7F800000);
      IntVector limited = magnitude.min(Float16.OVERFLOW_BITS);
      FloatVector rounder =
          limited
              .and(0x7F800000)
              .max(Float16.LEAST_EXPONENT_BITS)
              .add(Float16.LOST_BITS << 23)
              .reinterpretAsFloats();
      FloatVector rounded = limited.reinterpretAsFloats().add(rounder).sub(rounder);
      IntVector half =
          rounded
              .mul(Float16.UNBIAS)
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHR, Float16.LOST_BITS);
      IntVector sign = x.lanewise(VectorOperators.LSHR, 16).and(0x8000);
      ((ShortVector)
              half.or(sign)
                  .blend(Float16.NAN, nan)
                  .convertShape(VectorOperators.I2S, HALF_SHORTS, 0))
          .intoArray(bits, i);
    }
    return most.reduceLanes(VectorOperators.MAX);
  }
}
