package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.methods.robust.RobustMethods;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
   * Chooses, of equally near ones those that are nearer to the server's model.
   *
   * @param count how many
   * @return their places among the clients, in order
   */
  List<Integer> of(Clients clients, int count, Clients.Told told) {
    List<Integer> sound = clients.sound();
    double[] scores = RobustMethods.krumScores(clients.between(sound), byzantine(clients));
    for (int i = 0; i < scores.length; i++) {
      told.score(sound.get(i), scores[i]);
    }
    List<Integer> chosen =
        isIterated ? iterated(clients, count) : nearest(clients, sound, scores, count);
    sound.stream().filter(i -> !chosen.contains(i)).forEach(i -> told.leftOut(i, FAR));
    return chosen.stream().sorted().toList();
  }

  /**
   * Those of least score. Two that are each other's nearest may have one score: which of them
   * counts does not hang on their order then. Iterated, the first does: clients come in the order
   * of their names.
   */
  private List<Integer> nearest(Clients clients, List<Integer> from, double[] scores, int count) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      order.add(i);
    }
    Comparator<Integer> byScore = Comparator.comparingDouble(i -> scores[i]);
    return order.stream()
        .sorted(
            isIterated
                ? byScore
                : byScore
                    .thenComparingDouble(i -> clients.distance(from.get(i)))
                    .thenComparingInt(i -> clients.checksum(from.get(i))))
        .limit(count)
        .map(from::get)
        .toList();
  }

  private List<Integer> iterated(Clients clients, int count) {
    List<Integer> left = new ArrayList<>(clients.sound());
    List<Integer> chosen = new ArrayList<>();
    while (chosen.size() < count && !left.isEmpty()) {
      double[] scores = RobustMethods.krumScores(clients.between(left), byzantine(clients));
      Integer best = nearest(clients, left, scores, 1).get(0);
      chosen.add(best);
      left.remove(best);
    }
    return chosen;
  }
}
