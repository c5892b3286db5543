package dev.stockpot.merge.choose;

/**
 * How {@link CmaEs} searches.
 *
 * @param sigma first step, of the unit cube; 1/6 is what mergekit-evolve uses
 * @param population points a generation; 0 for 4 + ⌊3 ln n⌋
 * @param evaluations at most; the last generation may be cut short
 */
record CmaRules(double sigma, int population, int evaluations, long seed) {
  CmaRules {
    if (!(sigma > 0 && sigma <= 1)) {
      throw new IllegalArgumentException("sigma is %s, must be in (0, 1]".formatted(sigma));
    }
    if (population < 0 || population == 1 || evaluations < 1) {
      throw new IllegalArgumentException(
          "population is %s, evaluations are %s: at least 2 and 1"
              .formatted(population, evaluations));
    }
  }

  int population(int dimensions) {
    return population == 0 ? 4 + (int) (3 * StrictMath.log(dimensions)) : population;
  }
}
