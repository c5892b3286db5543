package dev.stockpot.merge.run;

import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.statistics.StatisticsFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Statistics as their files tell.
 *
 * @param notes what their writer says, by key
 * @param statistics in natural order, without counts
 * @param faults what is wrong with them, as far as reading some of each tells
 */
public record ShownStatistics(
    Map<String, String> notes, List<Statistic> statistics, List<String> faults) {

  /**
   * A statistic of a module, or of a tensor.
   *
   * @param shape its dimensions, as in {@code [4096, 4096]}
   * @param count of the samples that it is of; empty if it does not say
   */
  public record Statistic(String name, String dtype, String shape, OptionalDouble count) {}

  public ShownStatistics {
    notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    statistics = List.copyOf(statistics);
    faults = List.copyOf(faults);
  }

  static ShownStatistics of(StatisticsFile file) {
    StatisticsCheckpoint checkpoint = file.checkpoint();
    List<Statistic> statistics = new ArrayList<>();
    for (String name : checkpoint.names()) {
      TensorSource source = checkpoint.model().tensors().get(name);
      Double count = checkpoint.counts().get(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
      statistics.add(
          new Statistic(
              name,
              source.dtype().name(),
              source.shape().toString(),
              count == null ? OptionalDouble.empty() : OptionalDouble.of(count)));
    }
    return new ShownStatistics(file.metadata(), statistics, checkpoint.faults());
  }
}
