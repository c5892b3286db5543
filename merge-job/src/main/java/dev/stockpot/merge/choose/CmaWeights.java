package dev.stockpot.merge.choose;

import java.util.Arrays;
import java.util.List;

/**
 * The constants of {@link CmaEs} (arXiv 1604.00772, table 1, without negative weights).
 *
 * @param recombination [λ], by rank: ln((λ+1)/2) − ln i for the better half, else 0; they add up to
 *     1
 * @param effective variance effective selection mass, 1/Σw²
 * @param chi expected length of a normal vector
 */
record CmaWeights(
    List<Double> recombination,
    double effective,
    double cC,
    double cSigma,
    double dSigma,
    double c1,
    double cMu,
    double chi) {

  static CmaWeights of(int n, int population) {
    double[] weights = new double[population];
    double sum = 0;
    for (int i = 0; i < population / 2; i++) {
      weights[i] = StrictMath.log((population + 1) / 2.0) - StrictMath.log(i + 1);
      sum += weights[i];
    }
    double squares = 0;
    for (int i = 0; i < population; i++) {
      weights[i] /= sum;
      squares += weights[i] * weights[i];
    }
    double mu = 1 / squares;
    double cSigma = (mu + 2) / (n + mu + 5);
    double c1 = 2 / ((n + 1.3) * (n + 1.3) + mu);
    return new CmaWeights(
        Arrays.stream(weights).boxed().toList(),
        mu,
        (4 + mu / n) / (n + 4 + 2 * mu / n),
        cSigma,
        1 + 2 * Math.max(0, StrictMath.sqrt((mu - 1) / (n + 1)) - 1) + cSigma,
        c1,
        Math.min(1 - c1, 2 * (mu - 2 + 1 / mu) / ((n + 2.0) * (n + 2.0) + mu)),
        StrictMath.sqrt(n) * (1 - 1 / (4.0 * n) + 1 / (21.0 * n * n)));
  }

  /** The weight of each point; those that share a rank share the weights of its places. */
  double[] ofRanks(double[] ranks) {
    double[] weights = new double[ranks.length];
    for (int k = 0; k < ranks.length; k++) {
      int equal = 0;
      for (double rank : ranks) {
        equal += rank == ranks[k] ? 1 : 0;
      }
      int first = (int) (ranks[k] - (equal - 1) / 2.0);
      for (int i = first; i < first + equal; i++) {
        weights[k] += recombination.get(i) / equal;
      }
    }
    return weights;
  }
}
