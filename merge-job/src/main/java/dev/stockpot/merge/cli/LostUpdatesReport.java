package dev.stockpot.merge.cli;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.MergePlan;
import java.util.Optional;

/** What a user should know of changes that were too small for the output's type. */
final class LostUpdatesReport {
  private static final double LEAST_SHARE = 0.01;

  private LostUpdatesReport() {}

  /**
   * One sentence with the remedy; empty if few were lost, or if they were rounded at random, where
   * what some parameters lose others gain.
   */
  static Optional<String> of(MergePlan plan, MergeFacts facts) {
    LostUpdates total =
        facts.updates().values().stream().reduce(LostUpdates.NONE, LostUpdates::plus);
    double share = (double) total.lost() / Math.max(1, total.updated());
    if (share < LEAST_SHARE || facts.rounding() == Rounding.Mode.STOCHASTIC) {
      return Optional.empty();
    }
    String types =
        plan.shards().stream()
            .flatMap(shard -> shard.tensors().stream())
            .map(placed -> placed.tensor().output())
            .filter(output -> lost(facts, output) > 0)
            .map(output -> output.dtype().name())
            .distinct()
            .sorted()
            .collect(joining(" and "));
    return Optional.of(
        ("%.0f %% of the parameters that the merge changed are stored as in the base, because the"
                + " change is too small for %s. To keep such changes on average, merge with"
                + " --set rounding=stochastic; to keep them as they are, with --dtype float32.")
            .formatted(100 * share, types));
  }

  private static long lost(MergeFacts facts, OutputTensor output) {
    return facts.updates().getOrDefault(output.name(), LostUpdates.NONE).lost();
  }
}
