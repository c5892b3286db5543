package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.FLOATS;
import static dev.stockpot.kernels.vector.Lanes.HALF_SHORTS;
import static dev.stockpot.kernels.vector.Lanes.INTS;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.scalar.BlockStorage;
import dev.stockpot.kernels.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** What {@link BlockStorage} does with loops, a register of lanes at a time. */
abstract class StorageLanes extends ScalarKernels {
  /** The least bits of one, without its sign. */
  static final int NAN = 0x7F800001;

  StorageLanes(int elements) {
    super(elements, new DivergenceLanes());
  }

  @Override
  public void load(Operand from, float[] into) {
    switch (from.dtype()) {
      case BF16 -> Bfloat16Lanes.load(shortsOf(from), into, block().count());
      case F16 -> Float16Lanes.load(shortsOf(from), into, block().count());
      default -> super.load(from, into);
    }
  }

  @Override
  protected boolean holdsNonFinite(float[] values) {
    return largest(values) >= NAN - 1;
  }

  @Override
  protected boolean narrow(float[] from, DType type, Rounding rounding, short[] into) {
    int count = block().count();
    if (!rounding.isStochastic() && type == DType.BF16) {
      return Bfloat16Lanes.narrow(from, into, count) >= Bfloat16.LEAST_INFINITE_BITS;
    }
    if (!rounding.isStochastic() && type == DType.F16) {
      return Float16Lanes.narrow(from, into, count) >= Float16.LEAST_INFINITE_BITS;
    }
    if (type == DType.BF16 && sharesKeys()) {
      return Bfloat16Lanes.narrowAtRandom(
              from, rounding.draws(), block().firstElement(), into, count)
          >= Bfloat16.LEAST_INFINITE_BITS;
    }
    return super.narrow(from, type, rounding, into);
  }

  @Override
  protected void countUpdates(
      float[] from, float[] base, short[] stored, short[] storedOfBase, UpdateTally tally) {
    int whole = Lanes.whole(block().count());
    IntVector updated = IntVector.zero(INTS);
    IntVector lost = IntVector.zero(INTS);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector merged = FloatVector.fromArray(FLOATS, from, i).reinterpretAsInts();
      IntVector origin = FloatVector.fromArray(FLOATS, base, i).reinterpretAsInts();
      IntVector magnitude = merged.and(0x7FFFFFFF);
      IntVector ofOrigin = origin.and(0x7FFFFFFF);
      // the sign of a number or of its negative is set unless it is zero; equal are equal bits,
      // zeros of either sign, and here any two NaN
      IntVector change = merged.lanewise(VectorOperators.XOR, origin);
      IntVector both = magnitude.or(ofOrigin);
      IntVector nan = IntVector.broadcast(INTS, 0x7F800000).sub(magnitude.min(ofOrigin));
      IntVector isUpdated =
          change.or(change.neg()).and(both.or(both.neg())).lanewise(VectorOperators.AND_NOT, nan);
      IntVector difference =
          (IntVector)
              ShortVector.fromArray(HALF_SHORTS, stored, i)
                  .lanewise(
                      VectorOperators.XOR, ShortVector.fromArray(HALF_SHORTS, storedOfBase, i))
                  .convertShape(VectorOperators.S2I, INTS, 0);
      IntVector isLost =
          isUpdated.lanewise(VectorOperators.AND_NOT, difference.or(difference.neg()));
      updated = updated.add(isUpdated.lanewise(VectorOperators.LSHR, 31));
      lost = lost.add(isLost.lanewise(VectorOperators.LSHR, 31));
    }
    tally.add(updated.reduceLanes(VectorOperators.ADD), lost.reduceLanes(VectorOperators.ADD));
    countUpdates(whole, from, base, stored, storedOfBase, tally);
  }

  /** Whether all draws of the block have the same keys. */
  protected final boolean sharesKeys() {
    long first = block().firstElement();
    return first >>> 32 == (first + block().count() - 1) >>> 32;
  }

  /**
   * The magnitude of the largest element, as bits, in which NaN is the largest. It may be that of
   * what is spare behind the block.
   */
  protected final int largest(float[] values) {
    int count = block().count();
    IntVector most = IntVector.zero(INTS);
    for (int i = 0; i < count; i += Lanes.COUNT) {
      most = most.max(FloatVector.fromArray(FLOATS, values, i).reinterpretAsInts().and(0x7FFFFFFF));
    }
    return most.reduceLanes(VectorOperators.MAX);
  }

  @Override
  public void loadDifference(Operand from, float[] origin, float[] into) {
    if (from.dtype() == DType.BF16) {
      Bfloat16Lanes.loadDifference(shortsOf(from), origin, into, block().count());
    } else {
      super.loadDifference(from, origin, into);
    }
  }

  @Override
  public void addScaled(Operand from, float weight, float[] into) {
    if (from.dtype() == DType.BF16) {
      Bfloat16Lanes.addScaled(shortsOf(from), weight, into, block().count());
    } else {
      super.addScaled(from, weight, into);
    }
  }
}
