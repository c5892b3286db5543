package dev.stockpot.merge.adapter;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The rank of each module's LoRA, and the factor by which it is scaled.
 *
 * @param rank of a module that no pattern names
 * @param alpha of such a module
 * @param isRankStabilised whether alpha is divided by the square root of the rank
 * @param ranks by patterns of names, of which the first that matches counts
 * @param alphas likewise
 */
record Scales(
    long rank,
    double alpha,
    boolean isRankStabilised,
    List<Map.Entry<Pattern, Double>> ranks,
    List<Map.Entry<Pattern, Double>> alphas) {
  Scales {
    ranks = List.copyOf(ranks);
    alphas = List.copyOf(alphas);
  }

  /**
   * A name or a regular expression of names, from some point in a name on.
   *
   * @throws java.util.regex.PatternSyntaxException if it is neither
   */
  static Pattern pattern(String key) {
    requireNonNull(key, "key is null");
    return Pattern.compile("(.*\\.)?(" + key + ")");
  }

  /** The rank that a module should have. */
  long rankOf(String module) {
    return (long) first(ranks, module, (double) rank);
  }

  /** The factor of a module's product: alpha divided by its rank, or by the root of that. */
  float scaleOf(String module, long rank) {
    double divisor = isRankStabilised ? Math.sqrt((double) rank) : (double) rank;
    return (float) (first(alphas, module, alpha) / divisor);
  }

  private static double first(
      List<Map.Entry<Pattern, Double>> patterns, String module, double otherwise) {
    return patterns.stream()
        .filter(entry -> BoundedMatch.matches(entry.getKey(), module))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(otherwise);
  }
}
