package dev.stockpot.merge.commit;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.Secrets;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.plan.StageModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of a merge beside its plan.
 *
 * @param recipe its text, as the user wrote it, without what looks like a key
 * @param method the word of its method
 * @param rounding to types of 16 bits
 * @param updates what rounding left of the updates to each tensor, where they were counted
 * @param nonFinite what is not finite of each tensor, where anything is
 * @param matrices what was found of matrices while they were made
 * @param versions of what made it, by name
 * @param chosenBy trials that led to the recipe, if any did
 * @param stages merges that it takes the results of, whether they were written or made on the way
 * @param round what is known of the round that it is, if it is one
 */
public record MergeFacts(
    String recipe,
    String method,
    long seed,
    Rounding.Mode rounding,
    Map<String, LostUpdates> updates,
    Map<String, NonFinite> nonFinite,
    MatrixFindings matrices,
    Map<String, String> versions,
    Optional<ChosenBy> chosenBy,
    List<StageModel> stages,
    Optional<RoundFacts> round) {
  public MergeFacts {
    requireNonNull(round, "round is null");
    requireNonNull(chosenBy, "chosenBy is null");
    stages = List.copyOf(stages);
    updates = Map.copyOf(updates);
    nonFinite = Map.copyOf(nonFinite);
    requireNonNull(matrices, "matrices is null");
    versions = new TreeMap<>(versions); // one order: it is written out
  }

  /** What is known before anything is merged. */
  public MergeFacts(
      String recipe,
      String method,
      long seed,
      Rounding.Mode rounding,
      Map<String, String> versions) {
    this(
        Secrets.hidden(recipe), // journal, manifest and card will have it
        method,
        seed,
        rounding,
        Map.of(),
        Map.of(),
        MatrixFindings.NONE,
        versions,
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** These facts, with more that was found of matrices. */
  public MergeFacts knowing(MatrixFindings more) {
    return knowing(updates, nonFinite, more);
  }

  /** These facts, with what was found while merging. */
  public MergeFacts knowing(
      Map<String, LostUpdates> lost, Map<String, NonFinite> broken, MatrixFindings found) {
    MatrixFindings all = MatrixFindings.all(List.of(matrices, found));
    return new MergeFacts(
        recipe, method, seed, rounding, lost, broken, all, versions, chosenBy, stages, round);
  }

  /** These facts, of a recipe that trials chose. */
  public MergeFacts chosenBy(Optional<ChosenBy> trials) {
    return new MergeFacts(
        recipe, method, seed, rounding, updates, nonFinite, matrices, versions, trials, stages,
        round);
  }

  /** These facts, of a merge that takes the results of others. */
  public MergeFacts after(List<StageModel> before) {
    return new MergeFacts(
        recipe, method, seed, rounding, updates, nonFinite, matrices, versions, chosenBy, before,
        round);
  }

  /** These facts, of a round. */
  public MergeFacts of(Optional<RoundFacts> facts) {
    return new MergeFacts(
        recipe, method, seed, rounding, updates, nonFinite, matrices, versions, chosenBy, stages,
        facts);
  }
}
