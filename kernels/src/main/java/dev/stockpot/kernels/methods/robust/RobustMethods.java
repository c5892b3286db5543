package dev.stockpot.kernels.methods.robust;

import dev.stockpot.kernels.method.MergeMethod;
import java.util.List;

/** Averages that a few models cannot move far. */
public final class RobustMethods {
  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL =
      List.of(
          CoordinateMean.MEDIAN,
          CoordinateMean.TRIMMED_MEAN,
          new GeometricMedian(),
          new MultiKrum());

  private RobustMethods() {}
}
