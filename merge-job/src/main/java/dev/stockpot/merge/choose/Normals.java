package dev.stockpot.merge.choose;

import java.util.SplittableRandom;

/**
 * Draws of the normal distribution as a function of seed, generation and place, so that a search
 * goes on with the same numbers after a restart. Box and Muller's, by {@link StrictMath}: the same
 * on every machine.
 */
final class Normals {
  private static final long GENERATION = 0x9E3779B97F4A7C15L;
  private static final long PLACE = 0xC2B2AE3D27D4EB4FL;

  private final long seed;

  Normals(long seed) {
    this.seed = seed;
  }

  double[] draw(int generation, int place, int count) {
    SplittableRandom random =
        new SplittableRandom(seed + (generation + 1) * GENERATION ^ (place + 1) * PLACE);
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
}
