package dev.stockpot.kernels.method;

import java.util.List;
import java.util.Optional;

/** Every merge method there is. */
public final class MergeMethods {
  private static final List<MergeMethod> ALL =
      List.of(
          new Linear(),
          new CheckpointAverage(),
          new UniformSoup(),
          CoordinateMean.MEDIAN,
          CoordinateMean.TRIMMED_MEAN,
          new Slerp(),
          new Nuslerp(),
          new Multislerp(),
          new Karcher(),
          new ModelStock(),
          new Nearswap(),
          new Passthrough(),
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
          new ConsensusMask(),
          LargestChange.MAGMAX,
          LargestChange.EMR,
          Ram.RAM,
          Ram.RAMPLUS_TL);

  private MergeMethods() {}

  public static List<MergeMethod> all() {
    return ALL;
  }

  public static Optional<MergeMethod> named(String name) {
    return ALL.stream().filter(method -> method.name().equals(name)).findFirst();
  }
}
