package dev.stockpot.merge.choose;

/**
 * How {@link Nsga2} searches.
 *
 * @param population of a generation, at least 4
 * @param evaluations at most; the last generation may be cut short
 * @param picksKnee whether the choice is what is nearest to the best of every metric; else what is
 *     worth most by the weights of the metrics
 */
public record Nsga2Rules(int population, int evaluations, long seed, boolean picksKnee) {
  public Nsga2Rules {
    if (population < 4 || evaluations < 1) {
      throw new IllegalArgumentException(
          "population is %s, evaluations are %s: at least 4 and 1"
              .formatted(population, evaluations));
    }
  }
}
