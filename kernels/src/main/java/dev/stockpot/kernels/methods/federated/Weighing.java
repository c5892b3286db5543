package dev.stockpot.kernels.methods.federated;

import java.io.Serializable;
import java.util.List;

/** Says what each client counts, by what is known of all. */
@FunctionalInterface
interface Weighing extends Serializable {
  /**
   * The shares of those that are taken.
   *
   * @param told of scores, and of why others are left out
   */
  Shares of(Clients clients, Clients.Told told);

  /**
   * By how many examples each has seen, the less the older the model is that it began at.
   *
   * @param staleness how many rounds older that is
   */
  record ByExamples(List<Double> examples, List<Double> staleness) implements Weighing {
    public ByExamples {
      examples = List.copyOf(examples);
      staleness = List.copyOf(staleness);
    }

    @Override
    public Shares of(Clients clients, Clients.Told told) {
      List<Integer> sound = clients.sound();
      return Shares.normalized(
          sound,
          sound.stream().map(i -> examples.get(i) / Math.sqrt(1 + staleness.get(i))).toList());
    }
  }
}
