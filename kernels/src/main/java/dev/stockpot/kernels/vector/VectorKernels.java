package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.FLOATS;
import static dev.stockpot.kernels.vector.Lanes.INTS;

import dev.stockpot.kernels.LaneSum;
import dev.stockpot.kernels.MagnitudeCounts;
import dev.stockpot.kernels.MagnitudeRange;
import dev.stockpot.kernels.RandomDrop;
import dev.stockpot.kernels.scalar.ScalarKernels;
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
final class VectorKernels extends StorageLanes {
  /** Above every bin that is counted: {@link MagnitudeRange#MOST} and less. */
  private static final int MARK_BIT = 21;

  private static final int MARK = 1 << MARK_BIT;

  private final int[] bins;

  VectorKernels(int elements) {
    super(elements);
    bins = new int[capacity()];
  }

  /** The elements of the block that fill registers. */
  private int wholeRegisters() {
    return block().count() - block().count() % Lanes.COUNT;
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
  public int keepLargest(float[] a, float threshold, long ties, float[] into) {
    int limit = MagnitudeCounts.bits(threshold);
    int least = ties > 0 ? limit : limit + 1;
    int whole = wholeRegisters();
    IntVector sums = IntVector.zero(INTS);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector bits = FloatVector.fromArray(FLOATS, a, i).reinterpretAsInts();
      IntVector magnitudes = bits.and(0x7FFFFFFF).min(MagnitudeCounts.NAN);
      sums = sums.add(1, magnitudes.compare(VectorOperators.EQ, limit));
      bits.blend(0, magnitudes.compare(VectorOperators.LT, least))
          .reinterpretAsFloats()
          .intoArray(into, i);
    }
    int equal = sums.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < block().count(); i++) {
      int magnitude = MagnitudeCounts.bits(a[i]);
      equal += magnitude == limit ? 1 : 0;
      into[i] = magnitude < least ? 0 : a[i];
    }
    if (ties <= 0) {
      return 0;
    }
    // if too many were kept, the first ones stay; what is zero by now would have been dropped
    return equal <= ties ? equal : super.keepLargest(into, threshold, ties, into);
  }

  @Override
  public void keepAtRandom(float[] a, RandomDrop drop, float[] into) {
    int count = block().count();
    long first = block().firstElement();
    if (first >>> 32 != (first + count - 1) >>> 32) {
      super.keepAtRandom(a, drop, into); // the keys change within the block
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
  public void addMagnitudes(float[] a, LaneSum sum) {
    SumLanes.addMagnitudes(a, block().count(), sum);
  }

  @Override
  public int[] countEqual(float[] a, float magnitude) {
    int wanted = MagnitudeCounts.bits(magnitude);
    int whole = wholeRegisters();
    IntVector sums = IntVector.zero(INTS);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector bits = FloatVector.fromArray(FLOATS, a, i).reinterpretAsInts();
      IntVector magnitudes = bits.and(0x7FFFFFFF).min(MagnitudeCounts.NAN);
      sums = sums.add(1, magnitudes.compare(VectorOperators.EQ, wanted));
    }
    int equal = sums.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < block().count(); i++) {
      equal += MagnitudeCounts.bits(a[i]) == wanted ? 1 : 0;
    }
    return new int[] {equal};
  }

  @Override
  public void count(float[] a, MagnitudeCounts into) {
    int whole = wholeRegisters();
    int found =
        into.bin() == MagnitudeCounts.ALL_BINS ? upper(a, whole) : lower(a, whole, into.bin());
    int[] counts = into.counts();
    for (int i = 0; i < found; i++) {
      counts[bins[i]]++;
    }
    for (int i = whole; i < block().count(); i++) {
      into.count(a[i]);
    }
  }

  /** The bins of all elements, by their upper bits. */
  private int upper(float[] a, int whole) {
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      magnitudes(a, i).lanewise(VectorOperators.LSHR, 16).intoArray(bins, i);
    }
    return whole;
  }

  /**
   * The lower bits of the elements in one bin.
   *
   * @return how many there are
   */
  private int lower(float[] a, int whole, int bin) {
    int registers = 0;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector magnitudes = magnitudes(a, i);
      VectorMask<Integer> inBin =
          magnitudes.lanewise(VectorOperators.LSHR, 16).compare(VectorOperators.EQ, bin);
      magnitudes.and(0xFFFF).add(MARK, inBin).intoArray(bins, registers);
      registers += inBin.anyTrue() ? Lanes.COUNT : 0;
    }
    return marked(registers);
  }

  @Override
  public void count(float[] a, MagnitudeRange into) {
    int whole = wholeRegisters();
    int low = into.low();
    int width = into.high() - low;
    int registers = 0;
    IntVector above = IntVector.zero(INTS);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector places = magnitudes(a, i).sub(low);
      VectorMask<Integer> isAbove = places.compare(VectorOperators.GE, width);
      above = above.add(1, isAbove);
      VectorMask<Integer> inRange = places.compare(VectorOperators.GE, 0).andNot(isAbove);
      places.and(MARK - 1).add(MARK, inRange).intoArray(bins, registers);
      registers += inRange.anyTrue() ? Lanes.COUNT : 0;
    }
    into.addAbove(above.reduceLanes(VectorOperators.ADD));
    int found = marked(registers);
    for (int i = 0; i < found; i++) {
      into.add(bins[i]);
    }
    for (int i = whole; i < block().count(); i++) {
      into.count(a[i]);
    }
  }

  private static IntVector magnitudes(float[] a, int i) {
    return FloatVector.fromArray(FLOATS, a, i)
        .reinterpretAsInts()
        .and(0x7FFFFFFF)
        .min(MagnitudeCounts.NAN);
  }

  /**
   * Moves what is marked among the first so many bins to the front, without the mark. Nobody could
   * predict a branch that asks what is, so all are written, and what is not is written over.
   *
   * @return how many there are
   */
  private int marked(int registers) {
    int found = 0;
    for (int i = 0; i < registers; i++) {
      int marked = bins[i];
      bins[found] = marked & (MARK - 1);
      found += marked >>> MARK_BIT;
    }
    return found;
  }
}
