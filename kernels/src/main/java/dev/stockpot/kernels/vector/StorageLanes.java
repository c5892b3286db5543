package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.FLOATS;
import static dev.stockpot.kernels.vector.Lanes.INTS;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.BlockStorage;
import dev.stockpot.kernels.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** What {@link BlockStorage} does with loops, a register of lanes at a time. */
abstract class StorageLanes extends ScalarKernels {
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
  public void store(float[] from, Operand to) {
    if (to.dtype() == DType.BF16) {
      Bfloat16Lanes.store(from, shortsToPut(), block().count());
      putShorts(to);
    } else if (to.dtype() == DType.F16) {
      Float16Lanes.store(from, shortsToPut(), block().count());
      putShorts(to);
    } else if (to.dtype() == DType.F32 && !mayHaveNan(from)) {
      to.floats().put(block().offset(), from, 0, block().count());
    } else {
      super.store(from, to);
    }
  }

  private boolean mayHaveNan(float[] values) {
    int count = block().count();
    IntVector most = IntVector.zero(INTS);
    for (int i = 0; i < count; i += Lanes.COUNT) {
      most = most.max(FloatVector.fromArray(FLOATS, values, i).reinterpretAsInts().and(0x7FFFFFFF));
    }
    return most.reduceLanes(VectorOperators.MAX) > 0x7F800000;
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
