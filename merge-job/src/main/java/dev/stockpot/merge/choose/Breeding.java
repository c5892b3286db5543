package dev.stockpot.merge.choose;

import java.util.SplittableRandom;

/**
 * Simulated binary crossover and polynomial mutation in the unit cube, bounded, as Deb's code and
 * pymoo have them.
 */
final class Breeding {
  private static final double MATING = 0.9;
  private static final double OF_A_DIMENSION = 0.5;
  private static final double ETA_CROSSOVER = 15;
  private static final double ETA_MUTATION = 20;
  private static final double NO_DIFFERENCE = 1e-14;

  private Breeding() {}

  /** A child of two. */
  static double[] child(double[] mother, double[] father, SplittableRandom random) {
    double[] child = mother.clone();
    boolean isMated = random.nextDouble() < MATING;
    for (int i = 0; i < child.length; i++) {
      if (isMated && random.nextDouble() < OF_A_DIMENSION) {
        child[i] = crossed(mother[i], father[i], random);
      }
    }
    double chance = Math.min(0.5, 1.0 / child.length);
    for (int i = 0; i < child.length; i++) {
      if (random.nextDouble() < chance) {
        child[i] = mutated(child[i], random.nextDouble());
      }
    }
    return child;
  }

  /** One of the two children that lie about their parents as those do about their middle. */
  private static double crossed(double one, double other, SplittableRandom random) {
    double low = Math.min(one, other);
    double high = Math.max(one, other);
    double u = random.nextDouble();
    boolean isLow = random.nextDouble() < 0.5;
    if (high - low < NO_DIFFERENCE) {
      return one;
    }
    double room = isLow ? low : 1 - high;
    double spread = spread(1 + 2 * room / (high - low), u);
    double child = 0.5 * (low + high + (isLow ? -spread : spread) * (high - low));
    return inside(child);
  }

  /**
   * How far children are apart, as a share of how far parents are.
   *
   * @param most that keeps them inside
   */
  private static double spread(double most, double u) {
    double alpha = 2 - StrictMath.pow(most, -(ETA_CROSSOVER + 1));
    double base = u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha);
    return StrictMath.pow(base, 1 / (ETA_CROSSOVER + 1));
  }

  static double mutated(double x, double u) {
    double power = ETA_MUTATION + 1;
    if (u <= 0.5) {
      double part = 2 * u + (1 - 2 * u) * StrictMath.pow(1 - x, power);
      return inside(x + StrictMath.pow(part, 1 / power) - 1);
    }
    double part = 2 * (1 - u) + 2 * (u - 0.5) * StrictMath.pow(x, power);
    return inside(x + 1 - StrictMath.pow(part, 1 / power));
  }

  private static double inside(double x) {
    return Math.min(1, Math.max(0, x));
  }
}
