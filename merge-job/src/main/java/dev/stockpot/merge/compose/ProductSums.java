package dev.stockpot.merge.compose;

import dev.stockpot.kernels.methods.widths.CrossSums;
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

  /**
   * What is known of the sums of x and y and, where they are named, the squares of y.
   *
   * @throws IllegalArgumentException if they do not belong together, or nobody knows
   */
  static CrossSums beside(Fit rule, FitStatistics statistics) {
    StatisticsCheckpoint ofCross = sound(rule.from(), statistics);
    double samples =
        count(ofCross, rule.crossgram())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s has no %s.count, without which its sums are no means"
                            .formatted(rule.from(), module(rule.crossgram()))));
    if (!isSum(ofCross, rule.from())) {
      throw new IllegalArgumentException(
          "%s holds means of products, and says not whether %s.sum_a is one; write sums (`normalised: sum`)"
              .formatted(rule.from(), module(rule.crossgram())));
    }
    ModelReference grams = rule.grams().orElse(rule.from());
    double weight = isSum(sound(grams, statistics), grams) ? samples : 1;
    return new CrossSums(
        samples,
        weight,
        rule.bias().isPresent(),
        rule.target().map(name -> squares(rule, name, samples, weight, statistics)).orElse(0.0));
  }

  /** What YᵀY is multiplied with to count as many samples as XᵀX. */
  private static double squares(
      Fit rule, String name, double samples, double weight, FitStatistics statistics) {
    ModelReference place = rule.targets().orElse(rule.from());
    StatisticsCheckpoint found = sound(place, statistics);
    Optional<Double> count = count(found, name);
    if (count.isPresent() && count.get() != samples) {
      throw new IllegalArgumentException(
          "%s is of %s samples and %s of %s; take both from the same examples"
              .formatted(name, count.get(), rule.crossgram(), samples));
    }
    return isSum(found, place) ? weight / samples : weight;
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
    return Optional.ofNullable(found.counts().get(module(name)));
  }

  /** Whose statistic a tensor is. */
  static String module(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
