package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who is better than whom by several metrics (Deb et al., "A Fast and Elitist Multiobjective
 * Genetic Algorithm: NSGA-II"). More is better in each of them.
 */
final class Pareto {
  private Pareto() {}

  /** Whether one is as good by every metric, and better by one at least. */
  static boolean dominates(List<Double> one, List<Double> other) {
    boolean isBetter = false;
    for (int m = 0; m < one.size(); m++) {
      if (one.get(m) < other.get(m)) {
        return false;
      }
      isBetter |= one.get(m) > other.get(m);
    }
    return isBetter;
  }

  /**
   * Fast non-dominated sorting.
   *
   * @return places of those that nothing dominates, then of those that only these dominate, …, each
   *     front in the order given
   */
  static List<List<Integer>> fronts(List<List<Double>> all) {
    int n = all.size();
    int[] dominators = new int[n];
    List<List<Integer>> dominated = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      dominated.add(new ArrayList<>());
      for (int j = 0; j < n; j++) {
        if (dominates(all.get(i), all.get(j))) {
          dominated.get(i).add(j);
        } else if (dominates(all.get(j), all.get(i))) {
          dominators[i]++;
        }
      }
    }
    List<List<Integer>> fronts = new ArrayList<>();
    List<Integer> front = IntStream.range(0, n).filter(i -> dominators[i] == 0).boxed().toList();
    while (!front.isEmpty()) {
      fronts.add(front);
      List<Integer> next = new ArrayList<>();
      for (int i : front) {
        for (int j : dominated.get(i)) {
          if (--dominators[j] == 0) {
            next.add(j);
          }
        }
      }
      front = next.stream().sorted().toList();
    }
    return fronts;
  }

  /**
   * How far the neighbours of each member of a front are apart, summed over metrics, each as a
   * share of the front's width; infinite at its ends.
   */
  static double[] crowding(List<List<Double>> front) {
    double[] distances = new double[front.size()];
    int metrics = front.isEmpty() ? 0 : front.get(0).size();
    for (int m = 0; m < metrics; m++) {
      int metric = m;
      List<Integer> order =
          IntStream.range(0, front.size())
              .boxed()
              .sorted(Comparator.comparing(i -> front.get(i).get(metric)))
              .toList();
      int first = order.get(0);
      int last = order.get(order.size() - 1);
      double width = front.get(last).get(m) - front.get(first).get(m);
      distances[first] = Double.POSITIVE_INFINITY;
      distances[last] = Double.POSITIVE_INFINITY;
      for (int k = 1; k < order.size() - 1 && width > 0; k++) {
        double apart = front.get(order.get(k + 1)).get(m) - front.get(order.get(k - 1)).get(m);
        distances[order.get(k)] += apart / width;
      }
    }
    return distances;
  }

  /** The member of a front that is nearest to the best of every metric; of equals the first. */
  static int knee(List<List<Double>> front) {
    double[] distances = new double[front.size()];
    for (int m = 0; m < front.get(0).size(); m++) {
      int metric = m;
      double most = front.stream().mapToDouble(it -> it.get(metric)).max().orElseThrow();
      double least = front.stream().mapToDouble(it -> it.get(metric)).min().orElseThrow();
      for (int i = 0; i < distances.length && most > least; i++) {
        double lack = (most - front.get(i).get(m)) / (most - least);
        distances[i] += lack * lack;
      }
    }
    double nearest = Arrays.stream(distances).min().orElseThrow();
    return IntStream.range(0, distances.length)
        .filter(i -> distances[i] == nearest)
        .findFirst()
        .orElseThrow();
  }
}
