package dev.stockpot.merge.evaluate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Models and how much they count.
 *
 * @param shares by model, in millionths of the whole
 */
record Mixture(Map<String, Long> shares) {
  Mixture {
    shares = Map.copyOf(shares);
  }

  /**
   * The mixture of some models.
   *
   * @param weights none where all count the same
   */
  static Mixture of(List<String> models, List<Double> weights) {
    double sum =
        weights.isEmpty() ? models.size() : weights.stream().mapToDouble(Double::doubleValue).sum();
    Map<String, Long> shares = new TreeMap<>();
    for (int i = 0; i < models.size(); i++) {
      double weight = weights.isEmpty() ? 1 : weights.get(i);
      shares.merge(models.get(i), Math.round(1e6 * weight / sum), Long::sum);
    }
    return new Mixture(shares);
  }
}
