package dev.stockpot.merge.choose;

import java.util.SplittableRandom;

/**
 * Draws of the normal distribution as a function of seed, generation and place, so that a search
 * goes on with the same numbers after a restart. Box and Muller's, by {@link StrictMath}: the same
 * on every machine.
 */
final class Normals {
  private final long seed;

  Normals(long seed) {
    this.seed = seed;
  }

  double[] draw(int generation, int place, int count) {
    SplittableRandom random = stream(seed, generation, place);
    double[] drawn = new double[count];
    for (int i = 0; i < count; i += 2) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      double angle = 2 * StrictMath.PI * random.nextDouble();
      drawn[i] = radius * StrictMath.cos(angle);
      if (i + 1 < count) {
        drawn[i + 1] = radius * StrictMath.sin(angle);
      }
    }
    return drawn;
  }

  /** Draws of their own for each generation and place. */
  static SplittableRandom stream(long seed, int generation, int place) {
    // each of the three is mixed by itself: sums of them would give streams that overlap
    return new SplittableRandom(mixed(mixed(mixed(seed) ^ generation) ^ place));
  }

  private static long mixed(long key) {
    return new SplittableRandom(key).nextLong();
  }
}
