package dev.stockpot.kernels.methods.federated;

import java.util.List;

/**
 * By examples, of the clients that have the nearest neighbours.
 *
 * @param count how many count
 */
record Krum(Selection selection, int count, List<Double> examples) implements Weighing {
  @Override
  public Shares of(Clients clients, Clients.Told told) {
    List<Integer> chosen = selection.of(clients, Math.min(count, clients.sound().size()), told);
    return Shares.normalized(chosen, chosen.stream().map(examples::get).toList());
  }
}
