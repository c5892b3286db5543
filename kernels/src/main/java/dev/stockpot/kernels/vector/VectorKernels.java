package dev.stockpot.kernels.vector;

import dev.stockpot.kernels.LaneSum;
import dev.stockpot.kernels.MagnitudeCounts;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.RandomDrop;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.kernels.scalar.ScalarKernels;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link ScalarKernels}, a register of lanes at a time. What does not gain from lanes
 * is inherited. Only arrays are read and written: access to buffers changed its name between Java
 * releases. Loops run over whole registers, past the end of a ragged block into what is spare in
 * its arrays, except where elements are counted or summed.
 */
final class VectorKernels extends ScalarKernels {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(
          short.class, VectorShape.forBitSize(FLOATS.vectorShape().vectorBitSize() / 2));
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, FLOATS.vectorShape());
  private static final int LANES = FLOATS.length();
  private static final int DOUBLE_LANES = DOUBLES.length();
  private static final IntVector LANE_INDEX = IntVector.zero(INTS).addIndex(1);

  @Override
  public void load(Operand from, float[] into) {
    if (from.dtype() == DType.BF16) {
      short[] bits = shortsOf(from);
      for (int i = 0; i < block().count(); i += LANES) {
        bfloat16s(bits, i).intoArray(into, i);
      }
    } else if (from.dtype() == DType.F16) {
      short[] bits = shortsOf(from);
      for (int i = 0; i < block().count(); i += LANES) {
        float16s(bits, i).intoArray(into, i);
      }
    } else {
      super.load(from, into);
    }
  }

  private static IntVector ints(short[] bits, int i) {
    return (IntVector)
        ShortVector.fromArray(SHORTS, bits, i).convertShape(VectorOperators.S2I, INTS, 0);
  }

  private static FloatVector bfloat16s(short[] bits, int i) {
    return ints(bits, i).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  private static FloatVector float16s(short[] bits, int i) {
    IntVector half = ints(bits, i);
    IntVector magnitude = half.and(0x7FFF).lanewise(VectorOperators.LSHL, Float16.LOST_BITS);
    VectorMask<Integer> infinite = half.and(0x7C00).compare(VectorOperators.EQ, 0x7C00);
    IntVector finite = magnitude.reinterpretAsFloats().mul(Float16.REBIAS).reinterpretAsInts();
    IntVector sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
    return finite.blend(magnitude.or(0x7F800000), infinite).or(sign).reinterpretAsFloats();
  }

  @Override
  public void store(float[] from, Operand to) {
    if (to.dtype() == DType.BF16) {
      short[] bits = shortsToPut();
      for (int i = 0; i < block().count(); i += LANES) {
        putShorts(toBfloat16s(FloatVector.fromArray(FLOATS, from, i)), bits, i);
      }
      putShorts(to);
    } else if (to.dtype() == DType.F16) {
      short[] bits = shortsToPut();
      for (int i = 0; i < block().count(); i += LANES) {
        putShorts(toFloat16s(FloatVector.fromArray(FLOATS, from, i)), bits, i);
      }
      putShorts(to);
    } else {
      super.store(from, to);
    }
  }

  private static void putShorts(IntVector values, short[] bits, int i) {
    ((ShortVector) values.convertShape(VectorOperators.I2S, SHORTS, 0)).intoArray(bits, i);
  }

  private static IntVector toBfloat16s(FloatVector values) {
    IntVector bits = values.reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    IntVector rounded = bits.add(0x7FFF).add(odd).lanewise(VectorOperators.LSHR, 16);
    return rounded.blend(Bfloat16.NAN, isNan(bits));
  }

  private static IntVector toFloat16s(FloatVector values) {
    IntVector bits = values.reinterpretAsInts();
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
            .div(Float16.REBIAS)
            .reinterpretAsInts()
            .lanewise(VectorOperators.LSHR, Float16.LOST_BITS);
    IntVector sign = bits.lanewise(VectorOperators.LSHR, 16).and(0x8000);
    return half.or(sign).blend(Float16.NAN, isNan(bits));
  }

  private static VectorMask<Integer> isNan(IntVector bits) {
    return bits.and(0x7FFFFFFF).compare(VectorOperators.GT, 0x7F800000);
  }

  @Override
  public void loadDifference(Operand from, float[] origin, float[] into) {
    if (from.dtype() != DType.BF16) {
      super.loadDifference(from, origin, into);
      return;
    }
    short[] bits = shortsOf(from);
    for (int i = 0; i < block().count(); i += LANES) {
      bfloat16s(bits, i).sub(FloatVector.fromArray(FLOATS, origin, i)).intoArray(into, i);
    }
  }

  @Override
  public void addScaled(Operand from, float weight, float[] into) {
    if (from.dtype() != DType.BF16) {
      super.addScaled(from, weight, into);
      return;
    }
    short[] bits = shortsOf(from);
    for (int i = 0; i < block().count(); i += LANES) {
      FloatVector.fromArray(FLOATS, into, i).add(bfloat16s(bits, i).mul(weight)).intoArray(into, i);
    }
  }

  @Override
  public int keepLargest(float[] a, float threshold, long ties, float[] into) {
    if (ties > 0 && ties < block().count()) {
      return super.keepLargest(a, threshold, ties, into); // which ties stay depends on those before
    }
    int limit = MagnitudeCounts.bits(threshold);
    int least = ties > 0 ? limit : limit + 1;
    int kept = 0;
    for (int i = 0; i < block().count(); i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, i);
      IntVector magnitude = x.reinterpretAsInts().and(0x7FFFFFFF).min(MagnitudeCounts.NAN);
      if (ties > 0) {
        kept +=
            magnitude
                .compare(VectorOperators.EQ, limit)
                .and(INTS.indexInRange(i, block().count()))
                .trueCount();
      }
      VectorMask<Integer> drop = magnitude.compare(VectorOperators.LT, least);
      x.blend(0f, drop.cast(FLOATS)).intoArray(into, i);
    }
    return kept;
  }

  @Override
  public void keepAtRandom(float[] a, RandomDrop drop, float[] into) {
    long first = block().firstElement();
    if (first >>> 32 != (first + block().count() - 1) >>> 32) {
      super.keepAtRandom(a, drop, into); // the keys change within the block
      return;
    }
    int firstKey = drop.firstKey(first);
    int secondKey = drop.secondKey(first);
    int limit = drop.keepBelow() ^ Integer.MIN_VALUE; // the order of unsigned numbers
    for (int i = 0; i < block().count(); i += LANES) {
      IntVector x = LANE_INDEX.add((int) first + i + firstKey);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
      x = x.mul(0x7feb352d);
      x = x.lanewise(VectorOperators.XOR, secondKey);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 15));
      x = x.mul(0x846ca68b);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
      VectorMask<Integer> dropped =
          x.lanewise(VectorOperators.XOR, Integer.MIN_VALUE).compare(VectorOperators.GE, limit);
      FloatVector.fromArray(FLOATS, a, i).blend(0f, dropped.cast(FLOATS)).intoArray(into, i);
    }
  }

  @Override
  public void keepSign(float[] a, float[] sign, float[] into) {
    for (int i = 0; i < block().count(); i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, i);
      VectorMask<Float> negative =
          FloatVector.fromArray(FLOATS, sign, i).compare(VectorOperators.LT, 0f);
      VectorMask<Float> above = x.compare(VectorOperators.GT, 0f);
      VectorMask<Float> below = x.compare(VectorOperators.LT, 0f);
      VectorMask<Float> opposes = above.and(negative).or(below.andNot(negative));
      x.blend(0f, opposes).intoArray(into, i);
    }
  }

  @Override
  public void addWhereNotZero(float[] a, float weight, float[] into) {
    for (int i = 0; i < block().count(); i += LANES) {
      VectorMask<Float> zero = FloatVector.fromArray(FLOATS, a, i).compare(VectorOperators.EQ, 0f);
      FloatVector sum = FloatVector.fromArray(FLOATS, into, i);
      sum.add(weight).blend(sum, zero).intoArray(into, i);
    }
  }

  @Override
  public void divideUnlessZero(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block().count(); i += LANES) {
      FloatVector divisor = FloatVector.fromArray(FLOATS, b, i);
      VectorMask<Float> zero = divisor.compare(VectorOperators.EQ, 0f);
      FloatVector.fromArray(FLOATS, a, i).div(divisor.blend(1f, zero)).intoArray(into, i);
    }
  }

  @Override
  public void addProducts(float[] a, float[] b, LaneSum sum) {
    double[] lanes = sum.lanes();
    int whole = block().count() - block().count() % LaneSum.LANES;
    for (int lane = 0; lane < LaneSum.LANES; lane += LANES) {
      // one register of floats feeds two of doubles, which stay in registers through the loop
      DoubleVector low = DoubleVector.fromArray(DOUBLES, lanes, lane);
      DoubleVector high = DoubleVector.fromArray(DOUBLES, lanes, lane + DOUBLE_LANES);
      for (int i = lane; i < whole; i += LaneSum.LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, a, i);
        FloatVector y = FloatVector.fromArray(FLOATS, b, i);
        low = low.add(doubles(x, 0).mul(doubles(y, 0)));
        high = high.add(doubles(x, 1).mul(doubles(y, 1)));
      }
      low.intoArray(lanes, lane);
      high.intoArray(lanes, lane + DOUBLE_LANES);
    }
    for (int i = whole; i < block().count(); i++) {
      lanes[i % LaneSum.LANES] += (double) a[i] * b[i];
    }
  }

  @Override
  public void addMagnitudes(float[] a, LaneSum sum) {
    double[] lanes = sum.lanes();
    int whole = block().count() - block().count() % LaneSum.LANES;
    for (int lane = 0; lane < LaneSum.LANES; lane += LANES) {
      DoubleVector low = DoubleVector.fromArray(DOUBLES, lanes, lane);
      DoubleVector high = DoubleVector.fromArray(DOUBLES, lanes, lane + DOUBLE_LANES);
      for (int i = lane; i < whole; i += LaneSum.LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, a, i).abs();
        low = low.add(doubles(x, 0));
        high = high.add(doubles(x, 1));
      }
      low.intoArray(lanes, lane);
      high.intoArray(lanes, lane + DOUBLE_LANES);
    }
    for (int i = whole; i < block().count(); i++) {
      lanes[i % LaneSum.LANES] += Math.abs(a[i]);
    }
  }

  private static DoubleVector doubles(FloatVector x, int half) {
    return (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, half);
  }
}
