package dev.stockpot.kernels.methods.fusion;

import dev.stockpot.kernels.method.MergeMethod;
import java.util.List;

/** Merges that take over what matters most to a row. */
public final class FusionMethods {
  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL = List.of(new ArceeFusion());

  private FusionMethods() {}
}
