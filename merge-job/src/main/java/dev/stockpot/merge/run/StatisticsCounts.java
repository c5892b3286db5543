package dev.stockpot.merge.run;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.storage.WaitingCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

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
    List<Map.Entry<String, TensorSource>> tensors =
        checkpoint.tensors().entrySet().stream()
            .filter(tensor -> tensor.getKey().endsWith(StatisticsCheckpoint.COUNT))
            .toList();
    List<Callable<double[]>> reads = new ArrayList<>();
    tensors.forEach(tensor -> reads.add(() -> numbers(tensor.getValue(), numbers)));
    List<double[]> read = WaitingCalls.results("reading how many samples there were", reads);
    Map<String, Double> counts = new LinkedHashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      String name = tensors.get(i).getKey();
      double[] count = read.get(i);
      if (count.length == 1 && count[0] > 0 && count[0] < Double.POSITIVE_INFINITY) {
        counts.put(
            name.substring(0, name.length() - StatisticsCheckpoint.COUNT.length()), count[0]);
      } else {
        faults.add(
            "%s is %s, must be one number above 0. Compute it again"
                .formatted(name, count.length == 1 ? count[0] : tensors.get(i).getValue().shape()));
      }
    }
    return counts;
  }

  /** That of a scalar; nothing of anything else. */
  private static double[] numbers(TensorSource source, StatisticsNumbers numbers)
      throws IOException {
    return source.shape().elements() == 1
        ? numbers.read(source, ElementSpan.all(source.shape()))
        : new double[0];
  }
}
