package dev.stockpot.kernels.statistic;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A small value found by scanning a slice. Values of consecutive slices add up to that of the whole
 * tensor, in whatever groups they are added.
 */
public interface Statistic extends Serializable {
  /**
   * This one and that of the slice that follows.
   *
   * @throws IllegalArgumentException if the two are of different kinds
   */
  Statistic plus(Statistic next);

  /**
   * All of them, those of consecutive slices, added up. Neighbours are added first, so that a sum
   * that grows with each is copied for each doubling rather than for each of them.
   *
   * @throws IllegalArgumentException if there is none, or they are of different kinds
   */
  static Statistic sum(List<? extends Statistic> consecutive) {
    if (consecutive.isEmpty()) {
      throw new IllegalArgumentException("no statistics to add up");
    }
    List<Statistic> sums = new ArrayList<>(consecutive);
    while (sums.size() > 1) {
      List<Statistic> pairs = new ArrayList<>();
      for (int i = 0; i < sums.size(); i += 2) {
        pairs.add(i + 1 < sums.size() ? sums.get(i).plus(sums.get(i + 1)) : sums.get(i));
      }
      sums = pairs;
    }
    return sums.get(0);
  }
}
