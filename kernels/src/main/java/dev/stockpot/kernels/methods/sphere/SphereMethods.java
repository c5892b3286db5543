package dev.stockpot.kernels.methods.sphere;

import dev.stockpot.kernels.method.MergeMethod;
import java.util.List;

/** Merges by the angles between models, or between their task vectors. */
public final class SphereMethods {
  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL =
      List.of(new Slerp(), new Nuslerp(), new Multislerp(), new Karcher(), new ModelStock());

  private SphereMethods() {}
}
