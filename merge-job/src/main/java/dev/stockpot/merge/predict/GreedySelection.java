package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;
import java.util.Arrays;

/**
 * Picks models one by one, each as often as it helps: always the one with which the mean of the
 * picked probabilities is most likely. What was best on the way counts.
 *
 * @param rounds picks at most
 * @see <a href="https://doi.org/10.1145/1015330.1015432">Caruana et al.: Ensemble selection from
 *     libraries of models</a>
 */
record GreedySelection(int models, int rounds) {
  /** So many picks without a gain end it. */
  private static final int PATIENCE = 5;

  /** Examples, and the likelihood with one more of each model. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sums(int[] picked, int picks) implements RowSums {
    @Override
    public int size() {
      return 1 + picked.length;
    }

    @Override
    public void add(Block block, double[] sums) {
      LabelProbabilities p = new LabelProbabilities(picked.length);
      for (int row = 0; row < block.rows(); row++) {
        if (!p.read(block, row)) {
          continue;
        }
        double[] own = p.ofModels();
        double sum = 0;
        for (int model = 0; model < own.length; model++) {
          sum += picked[model] * own[model];
        }
        sums[0]++;
        for (int model = 0; model < own.length; model++) {
          double mean = (sum + own[model]) / (picks + 1);
          sums[1 + model] -= Math.log(Math.max(mean, Judged.LEAST_PROBABILITY));
        }
      }
    }
  }

  /**
   * The weights: how often each was picked.
   *
   * @throws UserException if no example has a label
   */
  Weights over(Passes passes) {
    int[] picked = new int[models];
    int[] best = picked.clone();
    double least = Double.POSITIVE_INFINITY;
    int since = 0;
    for (int picks = 0; picks < rounds && since < PATIENCE; picks++) {
      double[] sums = passes.over(new Sums(picked.clone(), picks));
      if (sums[0] == 0) {
        throw new UserException(
            "Weights of %s models need labelled examples that all of them predict; there are none"
                .formatted(models));
      }
      int next = 0;
      for (int model = 1; model < models; model++) {
        next = sums[1 + model] < sums[1 + next] ? model : next;
      }
      picked[next]++;
      if (sums[1 + next] < least) {
        least = sums[1 + next];
        best = picked.clone();
        since = 0;
      } else {
        since++;
      }
    }
    double all = Arrays.stream(best).sum();
    return Weights.of(Arrays.stream(best).mapToDouble(times -> times / all).toArray());
  }
}
