package dev.stockpot.kernels.methods.average;

import dev.stockpot.kernels.method.MergeMethod;
import java.util.List;

/** Averages of whole models, and models as they are. */
public final class AverageMethods {
  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL =
      List.of(new Linear(), new CheckpointAverage(), new UniformSoup(), new Passthrough());

  private AverageMethods() {}
}
