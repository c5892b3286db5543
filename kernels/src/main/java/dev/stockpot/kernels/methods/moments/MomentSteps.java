package dev.stockpot.kernels.methods.moments;

import dev.stockpot.kernels.method.PostStep;
import java.util.List;

/** Steps behind averages that put means and deviations right. */
public final class MomentSteps {
  /** In the order in which they are listed. */
  public static final List<PostStep> ALL = List.of(new Repair(), new BatchNormMixture());

  private MomentSteps() {}
}
