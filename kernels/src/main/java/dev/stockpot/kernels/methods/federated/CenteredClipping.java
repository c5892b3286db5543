package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.methods.robust.RobustMethods;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * As clients pull from the server's model, none farther than a radius.
 *
 * @param radius 0 for the median of their distances
 */
record CenteredClipping(double radius, int iterations) implements Weighing {
  @Override
  public Shares of(Clients clients, Clients.Told told) {
    List<Integer> sound = clients.sound();
    List<Integer> all = new ArrayList<>(sound);
    all.add(clients.server());
    double[][] squared = clients.between(all);
    double reach = radius > 0 ? radius : medianDistance(clients, sound);
    double[] weights = new double[all.size()];
    weights[sound.size()] = 1;
    for (int i = 0; i < iterations; i++) {
      double[] far = RobustMethods.distancesToAverage(squared, weights);
      double[] next = weights.clone();
      for (int k = 0; k < sound.size(); k++) {
        double pull = (far[k] > reach ? reach / far[k] : 1) / sound.size();
        for (int w = 0; w < next.length; w++) {
          next[w] -= pull * weights[w];
        }
        next[k] += pull;
      }
      weights = next;
    }
    return Shares.free(sound, Arrays.stream(weights).limit(sound.size()).boxed().toList());
  }

  private static double medianDistance(Clients clients, List<Integer> sound) {
    double[] sorted = sound.stream().mapToDouble(clients::distance).sorted().toArray();
    int count = sorted.length;
    return count == 0 ? 0 : (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
  }
}
