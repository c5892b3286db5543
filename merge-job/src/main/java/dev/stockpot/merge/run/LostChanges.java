package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.UpdateLengths;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.MergePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Changes that were too small for the output's type, so that what is stored is as in the base.
 *
 * @param share of the parameters that the merge changed, 0 to 1, those of codes apart; 0 if few
 *     were lost, or if they were rounded at random, where what some parameters lose others gain
 * @param types of the output that were too coarse, by name
 * @param codes what became of changes that were written as codes with scales; nothing without any
 */
public record LostChanges(double share, List<String> types, Optional<OfCodes> codes) {
  private static final double LEAST_SHARE = 0.01;
  private static final int NAMED = 3;

  /**
   * Changes that were written as codes, which are always coarse.
   *
   * @param share of the parameters that the merge changed, 0 to 1, that are stored as in the base
   * @param lengths of all such tensors together
   * @param drowned names of tensors to which rounding adds more than the merge
   * @param tensors how many there are
   */
  public record OfCodes(double share, UpdateLengths lengths, List<String> drowned, int tensors) {
    public OfCodes {
      requireNonNull(lengths, "lengths are null");
      drowned = List.copyOf(drowned);
    }

    private String sentence() {
      return String.format(
          Locale.ROOT,
          "Written as F8_E4M3, in %s: the merge changes them by %.2g %% of their size, and rounding moves that by %.2g %%; %.0f %% of the parameters that changed were lost, stored as in the base.",
          count(),
          100 * lengths.relativeChange(),
          100 * lengths.relativeError(),
          100 * share);
    }

    private Optional<String> warning() {
      int more = drowned.size() - NAMED;
      return drowned.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "in %s of these %s, rounding to F8_E4M3 moves numbers about as far as the merge does, or further, so that what it changed drowns: %s%s. Write bfloat16 (`out_dtype: bfloat16`) to keep it"
                  .formatted(
                      drowned.size(),
                      count(),
                      String.join(", ", drowned.subList(0, Math.min(NAMED, drowned.size()))),
                      more > 0 ? " and %s more".formatted(more) : ""));
    }

    private String count() {
      return tensors == 1 ? "1 tensor" : tensors + " tensors";
    }
  }

  public LostChanges {
    types = List.copyOf(types);
    requireNonNull(codes, "codes are null");
  }

  /** Those of a merge; empty if there is nothing to tell. */
  static Optional<LostChanges> of(MergePlan plan, MergeFacts facts) {
    List<LostUpdates> others =
        facts.updates().values().stream().filter(updates -> !areCodes(updates)).toList();
    double share = share(others);
    boolean isTold = share >= LEAST_SHARE && facts.rounding() != Rounding.Mode.STOCHASTIC;
    Optional<OfCodes> codes = codes(plan, facts);
    return isTold || codes.isPresent()
        ? Optional.of(
            isTold
                ? new LostChanges(share, types(plan, facts), codes)
                : new LostChanges(0, List.of(), codes))
        : Optional.empty();
  }

  private static boolean areCodes(LostUpdates updates) {
    return !updates.lengths().equals(UpdateLengths.NONE);
  }

  private static double share(List<LostUpdates> updates) {
    LostUpdates total = updates.stream().reduce(LostUpdates.NONE, LostUpdates::plus);
    return (double) total.lost() / Math.max(1, total.updated());
  }

  private static List<String> types(MergePlan plan, MergeFacts facts) {
    return outputs(plan, facts, updates -> !areCodes(updates) && updates.lost() > 0).stream()
        .map(output -> output.dtype().name())
        .distinct()
        .sorted()
        .toList();
  }

  private static Optional<OfCodes> codes(MergePlan plan, MergeFacts facts) {
    List<LostUpdates> all =
        outputs(plan, facts, LostChanges::areCodes).stream()
            .map(output -> facts.updates().get(output.name()))
            .toList();
    List<String> drowned =
        outputs(plan, facts, updates -> updates.lengths().areDrowned()).stream()
            .map(OutputTensor::name)
            .toList();
    LostUpdates total = all.stream().reduce(LostUpdates.NONE, LostUpdates::plus);
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new OfCodes(share(all), total.lengths(), drowned, all.size()));
  }

  private static List<OutputTensor> outputs(
      MergePlan plan, MergeFacts facts, Predicate<LostUpdates> wanted) {
    return plan.shards().stream()
        .flatMap(shard -> shard.tensors().stream())
        .map(placed -> placed.tensor().output())
        .filter(
            output -> wanted.test(facts.updates().getOrDefault(output.name(), LostUpdates.NONE)))
        .toList();
  }

  /** What is to be told, and not acted on: how many, why, and what keeps them. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    if (share > 0) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "%.0f %% of the parameters that the merge changed are stored as in the base, because"
                  + " the change is too small for %s. To keep such changes on average, merge with"
                  + " --set rounding=stochastic; to keep them as they are, with --dtype float32.",
              100 * share,
              String.join(" and ", types)));
    }
    codes.map(OfCodes::sentence).ifPresent(sentences::add);
    return sentences;
  }

  /** What somebody should act on. */
  public Optional<String> warning() {
    return codes.flatMap(OfCodes::warning);
  }
}
