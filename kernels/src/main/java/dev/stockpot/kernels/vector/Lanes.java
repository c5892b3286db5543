package dev.stockpot.kernels.vector;

import dev.stockpot.kernels.MagnitudeCounts;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.Float16;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Registers of this machine, and number formats in them: the steps of {@code kernels.number}. */
final class Lanes {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
  static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, FLOATS.vectorShape());

  private static final VectorShape HALF =
      VectorShape.forBitSize(FLOATS.vectorShape().vectorBitSize() / 2);
  private static final VectorSpecies<Short> HALF_SHORTS = VectorSpecies.of(short.class, HALF);
  private static final VectorSpecies<Float> HALF_FLOATS = VectorSpecies.of(float.class, HALF);

  private Lanes() {}

  static IntVector shorts(short[] bits, int i) {
    return (IntVector)
        ShortVector.fromArray(HALF_SHORTS, bits, i).convertShape(VectorOperators.S2I, INTS, 0);
  }

  static void putShorts(IntVector values, short[] bits, int i) {
    ((ShortVector) values.convertShape(VectorOperators.I2S, HALF_SHORTS, 0)).intoArray(bits, i);
  }

  /** As many floats as there are lanes for doubles. */
  static DoubleVector doubles(float[] values, int i) {
    return (DoubleVector)
        FloatVector.fromArray(HALF_FLOATS, values, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  static FloatVector floats(float[] values, int i) {
    return FloatVector.fromArray(FLOATS, values, i);
  }

  /** The bits of the floats. */
  static IntVector bits(float[] values, int i) {
    return floats(values, i).reinterpretAsInts();
  }

  /** {@link MagnitudeCounts#bits} of each lane. */
  static IntVector magnitudes(IntVector bits) {
    return bits.and(0x7FFFFFFF).min(MagnitudeCounts.NAN);
  }

  static VectorMask<Integer> isNan(IntVector bits) {
    return bits.and(0x7FFFFFFF).compare(VectorOperators.GT, 0x7F800000);
  }

  static FloatVector fromBfloat16s(short[] bits, int i) {
    return shorts(bits, i).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  static IntVector toBfloat16s(IntVector bits) {
    IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    IntVector rounded = bits.add(0x7FFF).add(odd).lanewise(VectorOperators.LSHR, 16);
    return rounded.blend(Bfloat16.NAN, isNan(bits));
  }

  static FloatVector fromFloat16s(short[] bits, int i) {
    IntVector half = shorts(bits, i);
    IntVector magnitude = half.and(0x7FFF).lanewise(VectorOperators.LSHL, Float16.LOST_BITS);
    VectorMask<Integer> infinite = half.and(0x7C00).compare(VectorOperators.EQ, 0x7C00);
    IntVector finite = magnitude.reinterpretAsFloats().mul(Float16.REBIAS).reinterpretAsInts();
    IntVector sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
    return finite.blend(magnitude.or(0x7F800000), infinite).or(sign).reinterpretAsFloats();
  }

  static IntVector toFloat16s(IntVector bits) {
    IntVector magnitude = bits.and(0x7FFFFFFF).min(Float16.OVERFLOW_BITS);
    FloatVector rounder =
        magnitude
            .and(0x7F800000)
            .max(Float16.LEAST_EXPONENT_BITS)
            .add(Float16.LOST_BITS << 23)
            .reinterpretAsFloats();
    FloatVector rounded = magnitude.reinterpretAsFloats().add(rounder).sub(rounder);
    IntVector half =
        rounded
            .mul(Float16.UNBIAS)
            .reinterpretAsInts()
            .lanewise(VectorOperators.LSHR, Float16.LOST_BITS);
    IntVector sign = bits.lanewise(VectorOperators.LSHR, 16).and(0x8000);
    return half.or(sign).blend(Float16.NAN, isNan(bits));
  }
}
