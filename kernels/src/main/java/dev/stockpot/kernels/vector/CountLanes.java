package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.FLOATS;
import static dev.stockpot.kernels.vector.Lanes.INTS;

import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Counts magnitudes, a register of lanes at a time. */
final class CountLanes {
  /** Above every bin that is counted: {@link MagnitudeRange#MOST} and less. */
  private static final int MARK_BIT = 21;

  private static final int MARK = 1 << MARK_BIT;

  private final int[] bins;

  /** For blocks of up to so many elements. */
  CountLanes(int elements) {
    bins = new int[elements];
  }

  /** How many have that magnitude. */
  static int equal(float[] a, int count, int wanted) {
    int whole = Lanes.whole(count);
    IntVector limits = IntVector.broadcast(INTS, wanted);
    IntVector equals = IntVector.zero(INTS);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector magnitudes =
          FloatVector.fromArray(FLOATS, a, i)
              .reinterpretAsInts()
              .and(0x7FFFFFFF)
              .min(MagnitudeCounts.NAN);
      // the sign of one less than the distance, which is a sign only where there is none
      equals =
          equals.add(
              limits
                  .lanewise(VectorOperators.XOR, magnitudes)
                  .sub(1)
                  .lanewise(VectorOperators.LSHR, 31));
    }
    int equal = equals.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < count; i++) {
      equal += MagnitudeCounts.bits(a[i]) == wanted ? 1 : 0;
    }
    return equal;
  }

  void count(float[] a, int count, MagnitudeCounts into) {
    int whole = Lanes.whole(count);
    int found =
        into.bin() == MagnitudeCounts.ALL_BINS ? upper(a, whole) : lower(a, whole, into.bin());
    int[] counts = into.counts();
    for (int i = 0; i < found; i++) {
      counts[bins[i]]++;
    }
    for (int i = whole; i < count; i++) {
      into.count(a[i]);
    }
  }

  /** The bins of all elements, by their upper bits. */
  private int upper(float[] a, int whole) {
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromArray(FLOATS, a, i)
          .reinterpretAsInts()
          .and(0x7FFFFFFF)
          .min(MagnitudeCounts.NAN)
          .lanewise(VectorOperators.LSHR, 16)
          .intoArray(bins, i);
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
      IntVector magnitudes =
          FloatVector.fromArray(FLOATS, a, i)
              .reinterpretAsInts()
              .and(0x7FFFFFFF)
              .min(MagnitudeCounts.NAN);
      VectorMask<Integer> inBin =
          magnitudes.lanewise(VectorOperators.LSHR, 16).compare(VectorOperators.EQ, bin);
      magnitudes.and(0xFFFF).add(MARK, inBin).intoArray(bins, registers);
      registers += inBin.anyTrue() ? Lanes.COUNT : 0;
    }
    return marked(registers);
  }

  void count(float[] a, int count, MagnitudeRange into) {
    int whole = Lanes.whole(count);
    if (into.high() - into.low() == 1) {
      countEqual(a, whole, into);
    } else {
      countEach(a, whole, into);
    }
    for (int i = whole; i < count; i++) {
      into.count(a[i]);
    }
  }

  /** Into a range of one magnitude. */
  private static void countEqual(float[] a, int whole, MagnitudeRange into) {
    IntVector limits = IntVector.broadcast(INTS, into.low());
    IntVector equals = IntVector.zero(INTS);
    IntVector aboves = IntVector.zero(INTS);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector below =
          limits.sub(
              FloatVector.fromArray(FLOATS, a, i)
                  .reinterpretAsInts()
                  .and(0x7FFFFFFF)
                  .min(MagnitudeCounts.NAN));
      IntVector above = below.lanewise(VectorOperators.LSHR, 31);
      aboves = aboves.add(above);
      equals = equals.add(below.sub(1).lanewise(VectorOperators.LSHR, 31).sub(above));
    }
    int found = equals.reduceLanes(VectorOperators.ADD);
    if (found > 0) {
      into.add(0, found);
    }
    into.addAbove(aboves.reduceLanes(VectorOperators.ADD));
  }

  private void countEach(float[] a, int whole, MagnitudeRange into) {
    int low = into.low();
    int width = into.high() - low;
    int registers = 0;
    IntVector aboves = IntVector.zero(INTS);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector places =
          FloatVector.fromArray(FLOATS, a, i)
              .reinterpretAsInts()
              .and(0x7FFFFFFF)
              .min(MagnitudeCounts.NAN)
              .sub(low);
      VectorMask<Integer> isAbove = places.compare(VectorOperators.GE, width);
      aboves = aboves.add(1, isAbove);
      VectorMask<Integer> inRange = places.compare(VectorOperators.GE, 0).andNot(isAbove);
      places.and(MARK - 1).add(MARK, inRange).intoArray(bins, registers);
      registers += inRange.anyTrue() ? Lanes.COUNT : 0;
    }
    into.addAbove(aboves.reduceLanes(VectorOperators.ADD));
    int found = marked(registers);
    for (int i = 0; i < found; i++) {
      into.add(bins[i]);
    }
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
