package dev.stockpot.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The registers of this machine.
 *
 * <p>Loops over them call no method of ours that takes or gives a vector: where C2 has inlined a
 * whole merge and stops inlining, it would leave that call as it is and put the vector on the heap.
 */
final class Lanes {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
  static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, FLOATS.vectorShape());

  private static final VectorShape HALF =
      VectorShape.forBitSize(FLOATS.vectorShape().vectorBitSize() / 2);

  /** As many as there are ints in a whole register. */
  static final VectorSpecies<Short> HALF_SHORTS = VectorSpecies.of(short.class, HALF);

  /** As many as there are doubles in a whole register. */
  static final VectorSpecies<Float> HALF_FLOATS = VectorSpecies.of(float.class, HALF);

  /** Floats in a register. */
  static final int COUNT = FLOATS.length();

  /** The number of each lane, from 0. */
  static final IntVector INDEX = IntVector.zero(INTS).addIndex(1);

  private Lanes() {}

  /** The elements of so many that fill registers. */
  static int whole(int count) {
    return count - count % COUNT;
  }
}
