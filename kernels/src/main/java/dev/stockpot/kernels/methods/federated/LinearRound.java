package dev.stockpot.kernels.methods.federated;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A round whose mean is a weighted sum of what clients changed.
 *
 * @param base place of the server's model among the inputs
 * @param step from that model towards the mean
 * @param privacy how changes are limited and blurred; mostly not at all
 */
record LinearRound(
    int base,
    Weighing weighing,
    ServerRule step,
    ServerStep.Memory memory,
    List<Privacy.OfTensor> privacy)
    implements Round.Rule {
  LinearRound {
    requireNonNull(weighing, "weighing is null");
    requireNonNull(step, "step is null");
    requireNonNull(memory, "memory is null");
    privacy = List.copyOf(privacy);
  }

  /** To the mean itself. */
  LinearRound(int base, Weighing weighing) {
    this(base, weighing, ServerRule.AVERAGE, ServerStep.Memory.NONE, List.of());
  }

  @Override
  public Round.Decided decide(Clients clients) {
    Clients.Told told = clients.new Told();
    Shares all = weighing.of(clients, told);
    Optional<Privacy.OfTensor> limits = privacy.stream().findFirst();
    Shares shares = limits.map(some -> some.limited(all, clients)).orElse(all);
    List<Integer> inputs = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    double rest = 1;
    boolean isWhole = shares.isWhole();
    for (int i = 0; i < shares.clients().size(); i++) {
      double weight = shares.weights().get(i);
      int client = shares.clients().get(i);
      told.weight(client, weight);
      rest -= clients.isDelta(client) ? 0 : weight;
      isWhole &= !clients.isDelta(client);
      if (weight != 0) {
        inputs.add(clients.places().get(client));
        weights.add(weight);
      }
    }
    if (!isWhole || inputs.isEmpty()) {
      inputs.add(base);
      weights.add(rest);
    }
    List<ServerStep.Noise> noise = limits.flatMap(some -> some.noise(clients)).stream().toList();
    Map<String, Double> carried = limits.map(some -> some.carried(clients)).orElse(Map.of());
    return new Round.Decided(
        new ServerStep(step, base, inputs, weights, noise, memory), told.judgement(carried));
  }
}
