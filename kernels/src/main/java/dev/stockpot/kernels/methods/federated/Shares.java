package dev.stockpot.kernels.methods.federated;

import java.util.List;

/**
 * What each client counts in a step: {@code θ₀ + Σ wᵢ (θᵢ − θ₀)}.
 *
 * @param clients by their places among the clients
 * @param weights of them
 * @param isWhole whether they come to one, so that nothing is left to the server's model
 */
record Shares(List<Integer> clients, List<Double> weights, boolean isWhole) {
  Shares {
    clients = List.copyOf(clients);
    weights = List.copyOf(weights);
  }

  /** Weights in proportion; equal ones where all are zero. */
  static Shares normalized(List<Integer> clients, List<Double> weights) {
    double total = weights.stream().mapToDouble(Double::doubleValue).sum();
    List<Double> shares =
        weights.stream().map(weight -> total > 0 ? weight / total : 1.0 / weights.size()).toList();
    return new Shares(clients, shares, !clients.isEmpty());
  }

  /** Weights as they are; the rest is the server's model. */
  static Shares free(List<Integer> clients, List<Double> weights) {
    return new Shares(clients, weights, false);
  }

  /** That of a client that is among them. */
  double weightOf(int client) {
    return weights.get(clients.indexOf(client));
  }
}
