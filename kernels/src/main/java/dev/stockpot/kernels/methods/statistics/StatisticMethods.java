package dev.stockpot.kernels.methods.statistics;

import dev.stockpot.kernels.method.MergeMethod;
import java.util.List;

/** Merges that read statistics beside the models. */
public final class StatisticMethods {
  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL = List.of(new Fisher(), new RegMean());

  private StatisticMethods() {}
}
