package dev.stockpot.kernels.methods.federated;

import java.util.ArrayList;
import java.util.List;

/**
 * By how clients agree with one that the server trained itself.
 *
 * @param trusted its place among the clients
 */
record Trust(int trusted) implements Weighing {
  private static final String UNMEASURED =
      "the server's own, which it would be measured by, holds NaN or infinity";

  @Override
  public Shares of(Clients clients, Clients.Told told) {
    List<Integer> others = new ArrayList<>();
    List<Double> trust = new ArrayList<>();
    double length = clients.distance(trusted);
    double total = 0;
    if (!Double.isFinite(length)) {
      clients.sound().forEach(i -> told.leftOut(i, UNMEASURED));
      return Shares.free(List.of(), List.of());
    }
    told.leftOut(trusted, "it is the server's own, which others are measured by");
    for (int i : clients.sound()) {
      double far = clients.distance(i);
      if (i != trusted) {
        double cosine = far * length > 0 ? clients.product(i, trusted) / (far * length) : 0;
        told.score(i, cosine);
        others.add(i);
        trust.add(Math.max(0, cosine));
        total += Math.max(0, cosine);
        if (cosine <= 0) {
          told.leftOut(i, "it goes another way than the server's own");
        }
      }
    }
    List<Double> weights = new ArrayList<>();
    for (int k = 0; k < others.size(); k++) {
      double far = clients.distance(others.get(k));
      weights.add(trust.get(k) > 0 ? trust.get(k) / total * length / far : 0);
    }
    return Shares.free(others, weights);
  }
}
