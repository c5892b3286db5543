package dev.stockpot.merge.run;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many samples statistics were summed over, by module. */
final class StatisticsCounts {
  private StatisticsCounts() {}

  /**
   * Reads them.
   *
   * @param faults where those go that are no counts
   */
  static Map<String, Double> of(Model checkpoint, StatisticsNumbers numbers, List<String> faults)
      throws IOException {
    Map<String, Double> counts = new LinkedHashMap<>();
    for (Map.Entry<String, TensorSource> tensor : checkpoint.tensors().entrySet()) {
      String name = tensor.getKey();
      if (!name.endsWith(StatisticsCheckpoint.COUNT)) {
        continue;
      }
      TensorSource source = tensor.getValue();
      double[] count =
          source.shape().elements() == 1
              ? numbers.read(source, ElementSpan.all(source.shape()))
              : new double[0];
      if (count.length == 1 && count[0] > 0 && count[0] < Double.POSITIVE_INFINITY) {
        counts.put(
            name.substring(0, name.length() - StatisticsCheckpoint.COUNT.length()), count[0]);
      } else {
        faults.add(
            "%s is %s, must be one number above 0. Compute it again"
                .formatted(name, count.length == 1 ? count[0] : source.shape()));
      }
    }
    return counts;
  }
}
