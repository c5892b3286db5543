package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.methods.robust.RobustMethods;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which clients have the nearest neighbours. Those that are broken are hostile: they are left out
 * first, and count among the {@code f}.
 *
 * @param byzantine how many may be anything
 * @param isIterated whether the best is taken out and the others are looked at again, as Bulyan's
 *     paper has it, or the best of one look are taken, as Flower has it
 */
record Selection(int byzantine, boolean isIterated) implements Serializable {
  private static final String FAR = "its neighbours are farther away than those of others";

  private int byzantine(Clients clients) {
    return Math.max(0, byzantine - clients.broken());
  }

  /**
   * Chooses. Of clients with the same score, as two that are each other's only neighbours, those
   * count first that are nearer to all: who is listed first does not show.
   *
   * @param count how many
   * @return their places among the clients, in order
   */
  List<Integer> of(Clients clients, int count, Clients.Told told) {
    List<Integer> sound = clients.sound();
    double[][] squared = clients.between(sound);
    double[] scores = RobustMethods.krumScores(squared, byzantine(clients));
    for (int i = 0; i < scores.length; i++) {
      told.score(sound.get(i), scores[i]);
    }
    List<Integer> chosen =
        isIterated ? iterated(clients, count) : nearest(sound, scores, squared, count);
    sound.stream().filter(i -> !chosen.contains(i)).forEach(i -> told.leftOut(i, FAR));
    return chosen.stream().sorted().toList();
  }

  private static List<Integer> nearest(
      List<Integer> from, double[] scores, double[][] squared, int count) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer i) -> scores[i])
                .thenComparingDouble(i -> toAll(squared[i])))
        .limit(count)
        .map(from::get)
        .toList();
  }

  /** Summed from the nearest to the farthest, whatever their order. */
  private static double toAll(double[] squared) {
    double[] sorted = squared.clone();
    Arrays.sort(sorted);
    double sum = 0;
    for (double each : sorted) {
      sum += each;
    }
    return sum;
  }

  private List<Integer> iterated(Clients clients, int count) {
    List<Integer> left = new ArrayList<>(clients.sound());
    List<Integer> chosen = new ArrayList<>();
    while (chosen.size() < count && !left.isEmpty()) {
      double[][] squared = clients.between(left);
      double[] scores = RobustMethods.krumScores(squared, byzantine(clients));
      Integer best = nearest(left, scores, squared, 1).get(0);
      chosen.add(best);
      left.remove(best);
    }
    return chosen;
  }
}
