package dev.stockpot.kernels.method;

import java.util.List;
import java.util.Optional;

/** Every merge method there is. */
public final class MergeMethods {
  private static final List<MergeMethod> ALL =
      List.of(
          new Linear(),
          new Slerp(),
          new Passthrough(),
          TaskArithmetic.TASK_ARITHMETIC,
          TaskArithmetic.TIES,
          TaskArithmetic.DARE_LINEAR,
          TaskArithmetic.DARE_TIES,
          TaskArithmetic.DELLA,
          TaskArithmetic.DELLA_LINEAR,
          new Sce(),
          new ArceeFusion());

  private MergeMethods() {}

  public static List<MergeMethod> all() {
    return ALL;
  }

  public static Optional<MergeMethod> named(String name) {
    return ALL.stream().filter(method -> method.name().equals(name)).findFirst();
  }
}
