package dev.stockpot.merge.run;

import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.MergePlan;
import java.util.List;
import java.util.Optional;

/**
 * Changes that were too small for the output's type, so that what is stored is as in the base.
 *
 * @param share of all parameters that the merge changed, 0 to 1
 * @param types of the output that were too coarse, by name
 */
public record LostChanges(double share, List<String> types) {
  private static final double LEAST_SHARE = 0.01;

  public LostChanges {
    types = List.copyOf(types);
  }

  /**
   * Those of a merge; empty if few were lost, or if they were rounded at random, where what some
   * parameters lose others gain.
   */
  static Optional<LostChanges> of(MergePlan plan, MergeFacts facts) {
    LostUpdates total =
        facts.updates().values().stream().reduce(LostUpdates.NONE, LostUpdates::plus);
    double share = (double) total.lost() / Math.max(1, total.updated());
    if (share < LEAST_SHARE || facts.rounding() == Rounding.Mode.STOCHASTIC) {
      return Optional.empty();
    }
    List<String> types =
        plan.shards().stream()
            .flatMap(shard -> shard.tensors().stream())
            .map(placed -> placed.tensor().output())
            .filter(output -> lost(facts, output) > 0)
            .map(output -> output.dtype().name())
            .distinct()
            .sorted()
            .toList();
    return Optional.of(new LostChanges(share, types));
  }

  /** How many, why, and what keeps them. */
  public String sentence() {
    return ("%.0f %% of the parameters that the merge changed are stored as in the base, because"
            + " the change is too small for %s. To keep such changes on average, merge with"
            + " --set rounding=stochastic; to keep them as they are, with --dtype float32.")
        .formatted(100 * share, String.join(" and ", types));
  }

  private static long lost(MergeFacts facts, OutputTensor output) {
    return facts.updates().getOrDefault(output.name(), LostUpdates.NONE).lost();
  }
}
