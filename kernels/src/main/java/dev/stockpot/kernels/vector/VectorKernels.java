package dev.stockpot.kernels.vector;

import dev.stockpot.kernels.LaneSum;
import dev.stockpot.kernels.MagnitudeCounts;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.RandomDrop;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarKernels;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops of {@link ScalarKernels}, a register of lanes at a time. What does not gain from lanes
 * is inherited. Only arrays are read and written: access to buffers changed its name between Java
 * releases. Loops run over whole registers, past the end of a ragged block into what is spare in
 * its arrays, except where elements are counted or summed.
 */
final class VectorKernels extends ScalarKernels {
  private static final int LANES = Lanes.FLOATS.length();
  private static final int DOUBLE_LANES = Lanes.DOUBLES.length();
  private static final IntVector LANE_INDEX = IntVector.zero(Lanes.INTS).addIndex(1);

  private final int[] low;

  VectorKernels(int elements) {
    super(elements, new DivergenceLanes());
    low = new int[capacity()];
  }

  @Override
  public void load(Operand from, float[] into) {
    if (from.dtype() == DType.BF16) {
      short[] bits = shortsOf(from);
      for (int i = 0; i < block().count(); i += LANES) {
        Lanes.fromBfloat16s(bits, i).intoArray(into, i);
      }
    } else if (from.dtype() == DType.F16) {
      short[] bits = shortsOf(from);
      for (int i = 0; i < block().count(); i += LANES) {
        Lanes.fromFloat16s(bits, i).intoArray(into, i);
      }
    } else {
      super.load(from, into);
    }
  }

  @Override
  public void store(float[] from, Operand to) {
    if (to.dtype() == DType.BF16) {
      short[] bits = shortsToPut();
      for (int i = 0; i < block().count(); i += LANES) {
        Lanes.putShorts(Lanes.toBfloat16s(Lanes.bits(from, i)), bits, i);
      }
      putShorts(to);
    } else if (to.dtype() == DType.F16) {
      short[] bits = shortsToPut();
      for (int i = 0; i < block().count(); i += LANES) {
        Lanes.putShorts(Lanes.toFloat16s(Lanes.bits(from, i)), bits, i);
      }
      putShorts(to);
    } else if (to.dtype() == DType.F32 && !mayHaveNan(from)) {
      to.floats().put(block().offset(), from, 0, block().count());
    } else {
      super.store(from, to);
    }
  }

  private boolean mayHaveNan(float[] values) {
    IntVector most = IntVector.zero(Lanes.INTS);
    for (int i = 0; i < block().count(); i += LANES) {
      most = most.max(Lanes.bits(values, i).and(0x7FFFFFFF));
    }
    return most.reduceLanes(VectorOperators.MAX) > 0x7F800000;
  }

  @Override
  public void loadDifference(Operand from, float[] origin, float[] into) {
    if (from.dtype() != DType.BF16) {
      super.loadDifference(from, origin, into);
      return;
    }
    short[] bits = shortsOf(from);
    for (int i = 0; i < block().count(); i += LANES) {
      Lanes.fromBfloat16s(bits, i).sub(Lanes.floats(origin, i)).intoArray(into, i);
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
      Lanes.floats(into, i).add(Lanes.fromBfloat16s(bits, i).mul(weight)).intoArray(into, i);
    }
  }

  @Override
  public int keepLargest(float[] a, float threshold, long ties, float[] into) {
    int limit = MagnitudeCounts.bits(threshold);
    int equal = ties > 0 ? equal(a, limit) : 0;
    if (equal > ties) {
      return super.keepLargest(a, threshold, ties, into); // the first ones stay
    }
    int least = ties > 0 ? limit : limit + 1;
    for (int i = 0; i < block().count(); i += LANES) {
      IntVector bits = Lanes.bits(a, i);
      VectorMask<Integer> drop = Lanes.magnitudes(bits).compare(VectorOperators.LT, least);
      bits.blend(0, drop).reinterpretAsFloats().intoArray(into, i);
    }
    return equal;
  }

  private int equal(float[] a, int magnitude) {
    int whole = block().count() - block().count() % LANES;
    IntVector sums = IntVector.zero(Lanes.INTS);
    for (int i = 0; i < whole; i += LANES) {
      IntVector magnitudes = Lanes.magnitudes(Lanes.bits(a, i));
      sums = sums.add(1, magnitudes.compare(VectorOperators.EQ, magnitude));
    }
    int equal = sums.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < block().count(); i++) {
      equal += MagnitudeCounts.bits(a[i]) == magnitude ? 1 : 0;
    }
    return equal;
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
      Lanes.bits(a, i).blend(0, dropped).reinterpretAsFloats().intoArray(into, i);
    }
  }

  @Override
  public void keepSign(float[] a, float[] sign, float[] into) {
    for (int i = 0; i < block().count(); i += LANES) {
      FloatVector x = Lanes.floats(a, i);
      VectorMask<Float> negative = Lanes.floats(sign, i).compare(VectorOperators.LT, 0f);
      VectorMask<Float> opposes = x.blend(x.neg(), negative).compare(VectorOperators.LT, 0f);
      x.blend(0f, opposes).intoArray(into, i);
    }
  }

  @Override
  public void keepWhereNotZero(float[] a, float[] mask, float[] into) {
    for (int i = 0; i < block().count(); i += LANES) {
      VectorMask<Float> zero = Lanes.floats(mask, i).compare(VectorOperators.EQ, 0f);
      Lanes.floats(a, i).blend(0f, zero).intoArray(into, i);
    }
  }

  @Override
  public void addWhereNotZero(float[] a, float weight, float[] into) {
    for (int i = 0; i < block().count(); i += LANES) {
      VectorMask<Float> zero = Lanes.floats(a, i).compare(VectorOperators.EQ, 0f);
      FloatVector sum = Lanes.floats(into, i);
      sum.add(weight).blend(sum, zero).intoArray(into, i);
    }
  }

  @Override
  public void divideUnlessZero(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block().count(); i += LANES) {
      FloatVector divisor = Lanes.floats(b, i);
      VectorMask<Float> zero = divisor.compare(VectorOperators.EQ, 0f);
      Lanes.floats(a, i).div(divisor.blend(1f, zero)).intoArray(into, i);
    }
  }

  @Override
  public void addProducts(float[] a, float[] b, LaneSum sum) {
    double[] lanes = sum.lanes();
    int whole = block().count() - block().count() % LaneSum.LANES;
    for (int lane = 0; lane < LaneSum.LANES; lane += LANES) {
      // one register of floats feeds two of doubles, which stay in registers through the loop
      DoubleVector low = DoubleVector.fromArray(Lanes.DOUBLES, lanes, lane);
      DoubleVector high = DoubleVector.fromArray(Lanes.DOUBLES, lanes, lane + DOUBLE_LANES);
      for (int i = lane; i < whole; i += LaneSum.LANES) {
        int j = i + DOUBLE_LANES;
        low = low.add(Lanes.doubles(a, i).mul(Lanes.doubles(b, i)));
        high = high.add(Lanes.doubles(a, j).mul(Lanes.doubles(b, j)));
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
      DoubleVector low = DoubleVector.fromArray(Lanes.DOUBLES, lanes, lane);
      DoubleVector high = DoubleVector.fromArray(Lanes.DOUBLES, lanes, lane + DOUBLE_LANES);
      for (int i = lane; i < whole; i += LaneSum.LANES) {
        low = low.add(Lanes.doubles(a, i).abs());
        high = high.add(Lanes.doubles(a, i + DOUBLE_LANES).abs());
      }
      low.intoArray(lanes, lane);
      high.intoArray(lanes, lane + DOUBLE_LANES);
    }
    for (int i = whole; i < block().count(); i++) {
      lanes[i % LaneSum.LANES] += Math.abs(a[i]);
    }
  }

  @Override
  public void count(float[] a, MagnitudeCounts into) {
    int bin = into.bin();
    if (bin == MagnitudeCounts.ALL_BINS) {
      super.count(a, into);
      return;
    }
    int found = 0;
    int whole = block().count() - block().count() % LANES;
    for (int i = 0; i < whole; i += LANES) {
      IntVector upper = Lanes.magnitudes(Lanes.bits(a, i)).lanewise(VectorOperators.LSHR, 16);
      if (upper.compare(VectorOperators.EQ, bin).anyTrue()) {
        found = gather(a, i, i + LANES, bin, found);
      }
    }
    found = gather(a, whole, block().count(), bin, found);
    int[] counts = into.counts();
    for (int i = 0; i < found; i++) {
      counts[low[i]]++;
    }
  }

  /** Appends the lower bits of those in the bin, without a branch that nobody could predict. */
  private int gather(float[] a, int begin, int end, int bin, int found) {
    int next = found;
    for (int i = begin; i < end; i++) {
      int magnitude = MagnitudeCounts.bits(a[i]);
      low[next] = magnitude & 0xFFFF;
      next += ((magnitude >>> 16 ^ bin) - 1) >>> 31; // 1 if in the bin, else 0
    }
    return next;
  }
}
