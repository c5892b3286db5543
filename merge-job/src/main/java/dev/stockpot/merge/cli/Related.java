package dev.stockpot.merge.cli;

import dev.stockpot.merge.advice.Kinship;
import dev.stockpot.merge.advice.Pair;
import dev.stockpot.merge.advice.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How models are related, for {@code --json}.
 *
 * @param elements that were compared, of each model
 * @param sampled those of them that were looked at
 * @param base that they are compared with, where it was told
 * @param notices what was not compared, and why
 */
record Related(
    long elements,
    long sampled,
    Optional<String> base,
    List<Changed> changes,
    List<Two> pairs,
    List<String> notices) {
  /**
   * A model beside the base.
   *
   * @param change how far it is from the base, in units of the base's length
   * @param unchanged share of elements
   * @param verdict as of a pair
   */
  record Changed(String model, OptionalDouble change, OptionalDouble unchanged, String verdict) {}

  /**
   * Two models.
   *
   * @param fixed share of units whose nearest one stands in the same place
   * @param signs share of the changes of both that have one sign
   * @param verdict {@code same}, {@code alike}, {@code one_base}, {@code one_start}, {@code
   *     far_apart}, {@code trained_apart} or {@code unknown}
   * @param meaning the verdict in words
   */
  record Two(
      String one,
      String other,
      OptionalDouble cosine,
      OptionalDouble relative,
      OptionalDouble fixed,
      OptionalDouble taskCosine,
      OptionalDouble signs,
      String verdict,
      String meaning,
      String remedy) {
    static Two of(Pair pair) {
      return new Two(
          pair.one(),
          pair.other(),
          pair.cosine(),
          pair.relative(),
          pair.fixed(),
          pair.taskCosine(),
          pair.signs(),
          word(pair.verdict()),
          pair.verdict().finding(),
          pair.verdict().remedy());
    }
  }

  static Related of(Kinship kinship) {
    List<Changed> changes = new ArrayList<>();
    Optional<String> base = Optional.empty();
    if (kinship.view().hasBase()) {
      base = Optional.of(kinship.models().get(kinship.view().base()));
      List<Pair> pairs = kinship.pairsWithBase();
      for (int i = 0; i < pairs.size(); i++) {
        int model = kinship.view().tuned().get(i);
        changes.add(
            new Changed(
                pairs.get(i).other(),
                kinship.change(model),
                kinship.unchanged(model),
                word(pairs.get(i).verdict())));
      }
    }
    return new Related(
        kinship.elements(),
        kinship.sampled(),
        base,
        changes,
        kinship.pairs().stream().map(Two::of).toList(),
        kinship.notices());
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }
}
