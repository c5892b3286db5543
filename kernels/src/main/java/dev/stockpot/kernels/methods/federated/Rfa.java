package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.methods.robust.RobustMethods;
import java.util.Arrays;
import java.util.List;

/** As the point counts them that has the least sum of distances, each by its examples. */
record Rfa(List<Double> examples, int steps, double tol, double nu) implements Weighing {
  @Override
  public Shares of(Clients clients, Clients.Told told) {
    List<Integer> sound = clients.sound();
    if (sound.isEmpty()) {
      return Shares.free(sound, List.of());
    }
    Shares plain = Shares.normalized(sound, sound.stream().map(examples::get).toList());
    double[] weights =
        RobustMethods.medianWeights(clients.between(sound), plain.weights(), steps, tol, nu);
    return Shares.normalized(sound, Arrays.stream(weights).boxed().toList());
  }
}
