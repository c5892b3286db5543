package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.FLOATS;
import static dev.stockpot.kernels.vector.Lanes.INTS;

import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.scalar.ScalarKernels;
import dev.stockpot.kernels.statistic.LaneSum;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops of {@link ScalarKernels}, a register of lanes at a time. What does not gain from lanes
 * is inherited. Only arrays are read and written: access to buffers changed its name between Java
 * releases. Loops run over whole registers, past the end of a ragged block into what is spare in
 * its arrays, except where elements are counted or summed. Where it is plain to say, choices are
 * made by arithmetic: before Java 18 masks cost several times as much.
 */
final class VectorKernels extends StorageLanes {
  private final CountLanes counter;

  VectorKernels(int elements) {
    super(elements);
    counter = new CountLanes(capacity());
  }

  @Override
  public void largest(float[] a, float[] b, float[] into) {
    int count = block().count();
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector first = FloatVector.fromArray(FLOATS, a, i).reinterpretAsInts();
      IntVector second = FloatVector.fromArray(FLOATS, b, i).reinterpretAsInts();
      IntVector firstMagnitudes = first.and(0x7FFFFFFF).min(MagnitudeCounts.NAN);
      IntVector secondMagnitudes = second.and(0x7FFFFFFF).min(MagnitudeCounts.NAN);
      first
          .blend(second, secondMagnitudes.compare(VectorOperators.GT, firstMagnitudes))
          .reinterpretAsFloats()
          .intoArray(into, i);
    }
  }

  @Override
  public void keepAbove(float[] a, float threshold, float[] into) {
    int count = block().count();
    IntVector limits = IntVector.broadcast(INTS, MagnitudeCounts.bits(threshold));
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector bits = FloatVector.fromArray(FLOATS, a, i).reinterpretAsInts();
      IntVector magnitudes = bits.and(0x7FFFFFFF).min(MagnitudeCounts.NAN);
      IntVector above = limits.sub(magnitudes).lanewise(VectorOperators.ASHR, 31);
      bits.and(above).reinterpretAsFloats().intoArray(into, i);
    }
  }

  @Override
  public void keepFrom(float[] a, float threshold, float[] into) {
    int count = block().count();
    IntVector limits = IntVector.broadcast(INTS, MagnitudeCounts.bits(threshold));
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector bits = FloatVector.fromArray(FLOATS, a, i).reinterpretAsInts();
      IntVector magnitudes = bits.and(0x7FFFFFFF).min(MagnitudeCounts.NAN);
      IntVector kept = limits.sub(1).sub(magnitudes).lanewise(VectorOperators.ASHR, 31);
      bits.and(kept).reinterpretAsFloats().intoArray(into, i);
    }
  }

  @Override
  public void keepLargest(float[] a, float threshold, RandomDrop ofEqual, float[] into) {
    int count = block().count();
    long first = block().firstElement();
    if (!sharesKeys()) {
      super.keepLargest(a, threshold, ofEqual, into);
      return;
    }
    int firstKey = ofEqual.draws().firstKey(first);
    int secondKey = ofEqual.draws().secondKey(first);
    IntVector limits = IntVector.broadcast(INTS, MagnitudeCounts.bits(threshold));
    IntVector drawLimits = IntVector.broadcast(INTS, ofEqual.keepBelow());
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector bits = FloatVector.fromArray(FLOATS, a, i).reinterpretAsInts();
      IntVector x = Lanes.INDEX.add((int) first + i + firstKey);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
      x = x.mul(0x7feb352d);
      x = x.lanewise(VectorOperators.XOR, secondKey);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 15));
      x = x.mul(0x846ca68b);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
      // as unsigned numbers: of two that differ in their first bit the limit's decides, else the
      // difference's
      IntVector difference = x.sub(drawLimits);
      IntVector isBelow =
          difference
              .lanewise(VectorOperators.XOR, drawLimits)
              .and(x.lanewise(VectorOperators.XOR, drawLimits))
              .lanewise(VectorOperators.XOR, difference);
      IntVector below = limits.sub(bits.and(0x7FFFFFFF).min(MagnitudeCounts.NAN));
      // what is equal and drawn counts as one above the threshold
      IntVector kept =
          below.sub(isBelow.lanewise(VectorOperators.LSHR, 31)).lanewise(VectorOperators.ASHR, 31);
      bits.and(kept).reinterpretAsFloats().intoArray(into, i);
    }
  }

  @Override
  public void keepAtRandom(float[] a, RandomDrop drop, float[] into) {
    int count = block().count();
    long first = block().firstElement();
    if (!sharesKeys()) {
      super.keepAtRandom(a, drop, into);
      return;
    }
    int firstKey = drop.draws().firstKey(first);
    int secondKey = drop.draws().secondKey(first);
    int limit = drop.keepBelow() ^ Integer.MIN_VALUE; // the order of unsigned numbers
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector x = Lanes.INDEX.add((int) first + i + firstKey);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
      x = x.mul(0x7feb352d);
      x = x.lanewise(VectorOperators.XOR, secondKey);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 15));
      x = x.mul(0x846ca68b);
      x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
      VectorMask<Integer> dropped =
          x.lanewise(VectorOperators.XOR, Integer.MIN_VALUE).compare(VectorOperators.GE, limit);
      FloatVector.fromArray(FLOATS, a, i)
          .reinterpretAsInts()
          .blend(0, dropped)
          .reinterpretAsFloats()
          .intoArray(into, i);
    }
  }

  @Override
  public void keepSign(float[] a, float[] sign, float[] into) {
    int count = block().count();
    for (int i = 0; i < count; i += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, i);
      VectorMask<Float> negative =
          FloatVector.fromArray(FLOATS, sign, i).compare(VectorOperators.LT, 0f);
      VectorMask<Float> opposes = x.blend(x.neg(), negative).compare(VectorOperators.LT, 0f);
      x.blend(0f, opposes).intoArray(into, i);
    }
  }

  @Override
  public void addElected(float[] a, float[] sum, float[] merged) {
    if (largest(sum) >= NAN) {
      super.addElected(a, sum, merged);
      return;
    }
    int count = block().count();
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector bits = FloatVector.fromArray(FLOATS, a, i).reinterpretAsInts();
      IntVector agrees =
          FloatVector.fromArray(FLOATS, sum, i)
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, bits)
              .lanewise(VectorOperators.ASHR, 31)
              .lanewise(VectorOperators.XOR, -1);
      FloatVector.fromArray(FLOATS, merged, i)
          .add(bits.and(agrees).reinterpretAsFloats())
          .intoArray(merged, i);
    }
  }

  @Override
  public void addElected(float[] a, float[] sum, float weight, float[] merged, float[] weights) {
    if (largest(sum) >= NAN) {
      super.addElected(a, sum, weight, merged, weights);
      return;
    }
    int count = block().count();
    IntVector weightBits = FloatVector.broadcast(FLOATS, weight).reinterpretAsInts();
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector bits = FloatVector.fromArray(FLOATS, a, i).reinterpretAsInts();
      IntVector agrees =
          FloatVector.fromArray(FLOATS, sum, i)
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, bits)
              .lanewise(VectorOperators.ASHR, 31)
              .lanewise(VectorOperators.XOR, -1);
      IntVector kept = bits.and(agrees);
      FloatVector.fromArray(FLOATS, merged, i).add(kept.reinterpretAsFloats()).intoArray(merged, i);
      IntVector notZero = kept.and(0x7FFFFFFF).min(1).neg(); // all bits, or none
      FloatVector.fromArray(FLOATS, weights, i)
          .add(notZero.and(weightBits).reinterpretAsFloats())
          .intoArray(weights, i);
    }
  }

  @Override
  public void scaleAndAdd(float[] a, float factor, float[] sum) {
    int count = block().count();
    for (int i = 0; i < count; i += Lanes.COUNT) {
      FloatVector scaled = FloatVector.fromArray(FLOATS, a, i).mul(factor);
      scaled.intoArray(a, i);
      FloatVector.fromArray(FLOATS, sum, i).add(scaled).intoArray(sum, i);
    }
  }

  @Override
  public void keepWhereNotZero(float[] a, float[] mask, float[] into) {
    int count = block().count();
    for (int i = 0; i < count; i += Lanes.COUNT) {
      VectorMask<Float> zero =
          FloatVector.fromArray(FLOATS, mask, i).compare(VectorOperators.EQ, 0f);
      FloatVector.fromArray(FLOATS, a, i).blend(0f, zero).intoArray(into, i);
    }
  }

  @Override
  public void addWhereNotZero(float[] a, float weight, float[] into) {
    int count = block().count();
    for (int i = 0; i < count; i += Lanes.COUNT) {
      VectorMask<Float> zero = FloatVector.fromArray(FLOATS, a, i).compare(VectorOperators.EQ, 0f);
      FloatVector sum = FloatVector.fromArray(FLOATS, into, i);
      sum.add(weight).blend(sum, zero).intoArray(into, i);
    }
  }

  @Override
  public void divideUnlessZero(float[] a, float[] b, float[] into) {
    int count = block().count();
    for (int i = 0; i < count; i += Lanes.COUNT) {
      FloatVector divisor = FloatVector.fromArray(FLOATS, b, i);
      VectorMask<Float> zero = divisor.compare(VectorOperators.EQ, 0f);
      FloatVector.fromArray(FLOATS, a, i).div(divisor.blend(1f, zero)).intoArray(into, i);
    }
  }

  @Override
  public void addProducts(float[] a, float[] b, LaneSum sum) {
    SumLanes.addProducts(a, b, block().count(), sum);
  }

  @Override
  public void addProducts(float[] a, float[] b, LaneSum aa, LaneSum ab, LaneSum bb) {
    PairSumLanes.addProducts(a, b, block().count(), aa, ab, bb);
  }

  @Override
  public void addMagnitudes(float[] a, LaneSum sum) {
    SumLanes.addMagnitudes(a, block().count(), sum);
  }

  @Override
  public int countEqual(float[] a, float magnitude) {
    return CountLanes.equal(a, block().count(), MagnitudeCounts.bits(magnitude));
  }

  @Override
  public void count(float[] a, MagnitudeCounts into) {
    counter.count(a, block().count(), into);
  }

  @Override
  public void count(float[] a, MagnitudeRange into) {
    counter.count(a, block().count(), into);
  }
}
