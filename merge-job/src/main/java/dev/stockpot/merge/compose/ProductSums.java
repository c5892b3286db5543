package dev.stockpot.merge.compose;

import dev.stockpot.merge.recipe.ComposeRule.Fit;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.Optional;

/**
 * Whether XᵀX and XᵀY, which mostly lie in files of their own, are of the same examples, and how
 * the one is to be scaled for the other: of sums over examples and means of them a map would be
 * wrong by their number, and nothing would show it.
 */
final class ProductSums {
  private ProductSums() {}

  /**
   * What XᵀY is multiplied with.
   *
   * @throws IllegalArgumentException if they do not belong together, or nobody knows
   */
  static double scale(Fit rule, FitStatistics statistics) {
    ModelReference grams = rule.grams().orElse(rule.from());
    StatisticsCheckpoint ofGram = sound(grams, statistics);
    StatisticsCheckpoint ofCross = sound(rule.from(), statistics);
    Optional<Double> gramCount = count(ofGram, rule.gram());
    Optional<Double> crossCount = count(ofCross, rule.crossgram());
    if (gramCount.isPresent() && crossCount.isPresent() && !gramCount.equals(crossCount)) {
      throw new IllegalArgumentException(
          "%s is of %s samples and %s of %s; take both from the same examples"
              .formatted(rule.gram(), gramCount.get(), rule.crossgram(), crossCount.get()));
    }
    if (grams.equals(rule.from())) {
      return 1;
    }
    boolean gramIsSum = isSum(ofGram, grams);
    boolean crossIsSum = isSum(ofCross, rule.from());
    if (gramIsSum == crossIsSum) {
      return 1;
    }
    double count =
        gramCount
            .or(() -> crossCount)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s and %s are a sum and a mean, of nobody knows how many samples; write MODULE.count beside them"
                            .formatted(rule.gram(), rule.crossgram())));
    return gramIsSum ? count : 1 / count;
  }

  private static StatisticsCheckpoint sound(ModelReference place, FitStatistics statistics) {
    StatisticsCheckpoint found = statistics.of(place);
    if (!found.faults().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: %s".formatted(place, String.join("; ", found.faults())));
    }
    return found;
  }

  private static boolean isSum(StatisticsCheckpoint found, ModelReference place) {
    return found
        .notes()
        .isSum()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s does not say whether it holds sums or means; its metadata needs `normalised`, sum or mean"
                        .formatted(place)));
  }

  private static Optional<Double> count(StatisticsCheckpoint found, String name) {
    int dot = name.lastIndexOf('.');
    return Optional.ofNullable(found.counts().get(dot < 0 ? name : name.substring(0, dot)));
  }
}
