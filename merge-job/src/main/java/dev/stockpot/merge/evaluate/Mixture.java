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
    Map<String, Double> counts = new TreeMap<>();
    for (int i = 0; i < models.size(); i++) {
      counts.merge(models.get(i), weights.isEmpty() ? 1.0 : weights.get(i), Double::sum);
    }
    double sum = counts.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<String, Long> shares = new TreeMap<>();
    counts.forEach((model, count) -> shares.put(model, Math.round(1e6 * count / sum)));
    shares.values().removeIf(share -> share == 0);
    return new Mixture(shares);
  }
}
