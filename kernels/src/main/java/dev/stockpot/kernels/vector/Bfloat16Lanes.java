package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.FLOATS;
import static dev.stockpot.kernels.vector.Lanes.HALF_SHORTS;
import static dev.stockpot.kernels.vector.Lanes.INTS;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.random.RandomStream;
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

  /** Gives the largest magnitude, as bits. */
  static int narrow(float[] from, short[] bits, int count) {
    IntVector most = IntVector.zero(INTS);
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector x = FloatVector.fromArray(FLOATS, from, i).reinterpretAsInts();
      most = most.max(x.and(0x7FFFFFFF));
      IntVector odd = x.lanewise(VectorOperators.LSHR, 16).and(1);
      ((ShortVector)
              x.add(0x7FFF)
                  .add(odd)
                  .lanewise(VectorOperators.LSHR, 16)
                  .convertShape(VectorOperators.I2S, HALF_SHORTS, 0))
          .intoArray(bits, i);
    }
    int largest = most.reduceLanes(VectorOperators.MAX);
    if (largest > 0x7F800000) {
      narrowNan(from, bits, count);
    }
    return largest;
  }

  /** Of numbers narrowed as if none were NaN. */
  private static void narrowNan(float[] from, short[] bits, int count) {
    for (int i = 0; i < count; i++) {
      bits[i] = Float.isNaN(from[i]) ? Bfloat16.NAN : bits[i];
    }
  }

  /**
   * By the draws of elements that follow on the first one and share its keys. Gives the largest
   * magnitude, as bits.
   */
  static int narrowAtRandom(
      float[] from, RandomStream draws, long firstElement, short[] bits, int count) {
    int firstKey = draws.firstKey(firstElement);
    int secondKey = draws.secondKey(firstElement);
    IntVector most = IntVector.zero(INTS);
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector draw = Lanes.INDEX.add((int) firstElement + i + firstKey);
      draw = draw.lanewise(VectorOperators.XOR, draw.lanewise(VectorOperators.LSHR, 16));
      draw = draw.mul(0x7feb352d);
      draw = draw.lanewise(VectorOperators.XOR, secondKey);
      draw = draw.lanewise(VectorOperators.XOR, draw.lanewise(VectorOperators.LSHR, 15));
      draw = draw.mul(0x846ca68b);
      // the upper half of the draw, which its last step does not change
      draw = draw.lanewise(VectorOperators.LSHR, 16);
      IntVector x = FloatVector.fromArray(FLOATS, from, i).reinterpretAsInts();
      IntVector magnitude = x.and(0x7FFFFFFF);
      most = most.max(magnitude);
      VectorMask<Integer> nan = magnitude.compare(VectorOperators.GT, 0x7F800000);
      // adding half a step rounds to nearest there: the greatest finite number is odd
      VectorMask<Integer> beyond = magnitude.compare(VectorOperators.GT, Bfloat16.MOST_BITS);
      IntVector rounded = x.add(draw.blend(0x8000, beyond)).lanewise(VectorOperators.LSHR, 16);
      ((ShortVector)
              rounded.blend(Bfloat16.NAN, nan).convertShape(VectorOperators.I2S, HALF_SHORTS, 0))
          .intoArray(bits, i);
    }
    return most.reduceLanes(VectorOperators.MAX);
  }
}
