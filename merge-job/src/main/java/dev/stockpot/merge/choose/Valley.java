package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The stretch of a run between two rises of its validation loss, whose checkpoints SWAD averages.
 *
 * <p>It begins at the first checkpoint whose loss is the least of its own and the next ones, so
 * many in all. Its floor is the mean loss of those. It ends at the last checkpoint before so many
 * in a row that are all above the floor times a ratio; with the run, if there are none.
 *
 * @param first its first checkpoint
 * @param last its last
 * @see <a href="https://arxiv.org/abs/2102.08604">Cha et al. 2021, SWAD: Domain generalization by
 *     seeking flat minima</a>
 */
record Valley(int first, int last) {
  Valley {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("from %s to %s".formatted(first, last));
    }
  }

  /**
   * How a valley is told.
   *
   * @param converge how many losses the first must be the least of, N_s
   * @param tolerance how many in a row must be too high for its end, N_e
   * @param ratio how much higher than the floor is too high, r
   */
  record Rules(int converge, int tolerance, double ratio) {
    Rules {
      if (converge < 1 || tolerance < 1 || !(ratio >= 1)) {
        throw new IllegalArgumentException(
            "converge %s, tolerance %s, ratio %s".formatted(converge, tolerance, ratio));
      }
    }
  }

  /**
   * Finds it.
   *
   * @param losses in order; infinite for a checkpoint that could not be scored
   * @return nothing if no checkpoint has the least loss of as many as that
   */
  static Optional<Valley> of(double[] losses, Rules rules) {
    for (int first = 0; first + rules.converge() <= losses.length; first++) {
      double[] window = Arrays.copyOfRange(losses, first, first + rules.converge());
      double least = Arrays.stream(window).min().orElseThrow();
      if (losses[first] == least && Double.isFinite(least)) {
        double floor = Arrays.stream(window).filter(Double::isFinite).average().orElseThrow();
        return Optional.of(new Valley(first, last(losses, first, floor, rules)));
      }
    }
    return Optional.empty();
  }

  private static int last(double[] losses, int first, double floor, Rules rules) {
    for (int last = first; last + rules.tolerance() < losses.length; last++) {
      double lowest =
          Arrays.stream(losses, last + 1, last + 1 + rules.tolerance()).min().orElseThrow();
      if (lowest > rules.ratio() * floor) {
        return last;
      }
    }
    return losses.length - 1;
  }

  /** Those of it that could be scored. */
  List<Integer> scored(double[] losses) {
    List<Integer> scored = new ArrayList<>();
    for (int i = first; i <= last; i++) {
      if (Double.isFinite(losses[i])) {
        scored.add(i);
      }
    }
    return scored;
  }
}
