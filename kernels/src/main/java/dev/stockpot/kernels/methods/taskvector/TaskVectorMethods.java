package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.method.MergeMethod;
import java.util.List;

/** Merges of task vectors, some of whose elements are dropped or limited first. */
public final class TaskVectorMethods {
  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL =
      List.of(
          new Nearswap(),
          TaskArithmetic.TASK_ARITHMETIC,
          TaskArithmetic.TIES,
          TaskArithmetic.DARE_LINEAR,
          TaskArithmetic.DARE_TIES,
          TaskArithmetic.DELLA,
          TaskArithmetic.DELLA_LINEAR,
          new Sce(),
          new ArceeFusion(),
          TaskArithmetic.BREADCRUMBS,
          TaskArithmetic.BREADCRUMBS_TIES,
          new Lines(),
          new LocalizeAndStitch(),
          new Perpendicular(),
          new AddDifference());

  private TaskVectorMethods() {}
}
