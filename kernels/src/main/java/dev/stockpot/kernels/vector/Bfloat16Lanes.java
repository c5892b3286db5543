package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.FLOATS;
import static dev.stockpot.kernels.vector.Lanes.HALF_SHORTS;
import static dev.stockpot.kernels.vector.Lanes.INTS;

import dev.stockpot.kernels.number.Bfloat16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The steps of {@link Bfloat16} in lanes, over whole registers. */
final class Bfloat16Lanes {
  private Bfloat16Lanes() {}

  static void load(short[] bits, float[] into, int count) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      ((IntVector)
              ShortVector.fromArray(HALF_SHORTS, bits, i)
                  .convertShape(VectorOperators.S2I, INTS, 0))
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .intoArray(into, i);
    }
  }

  static void loadDifference(short[] bits, float[] origin, float[] into, int count) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      ((IntVector)
              ShortVector.fromArray(HALF_SHORTS, bits, i)
                  .convertShape(VectorOperators.S2I, INTS, 0))
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .sub(FloatVector.fromArray(FLOATS, origin, i))
          .intoArray(into, i);
    }
  }

  static void addScaled(short[] bits, float weight, float[] into, int count) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      FloatVector product =
          ((IntVector)
                  ShortVector.fromArray(HALF_SHORTS, bits, i)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats()
              .mul(weight);
      FloatVector.fromArray(FLOATS, into, i).add(product).intoArray(into, i);
    }
  }

  static void store(float[] from, short[] bits, int count) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector x = FloatVector.fromArray(FLOATS, from, i).reinterpretAsInts();
      VectorMask<Integer> nan = x.and(0x7FFFFFFF).compare(VectorOperators.GT, 0x7F800000);
      IntVector odd = x.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector rounded = x.add(0x7FFF).add(odd).lanewise(VectorOperators.LSHR, 16);
      ((ShortVector)
              rounded.blend(Bfloat16.NAN, nan).convertShape(VectorOperators.I2S, HALF_SHORTS, 0))
          .intoArray(bits, i);
    }
  }
}
