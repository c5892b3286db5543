package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;

/** Several statistics found by one scan, each added to its like. */
record StatisticList(List<Statistic> statistics) implements Statistic {
  public StatisticList {
    statistics = List.copyOf(statistics);
  }

  @Override
  public StatisticList plus(Statistic next) {
    if (!(next instanceof StatisticList more) || more.statistics.size() != statistics.size()) {
      throw new IllegalArgumentException(
          "%s after %s statistics".formatted(next, statistics.size()));
    }
    List<Statistic> sums = new ArrayList<>();
    for (int i = 0; i < statistics.size(); i++) {
      sums.add(statistics.get(i).plus(more.statistics.get(i)));
    }
    return new StatisticList(sums);
  }
}
