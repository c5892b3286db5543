package dev.stockpot.kernels.methods.consensus;

import dev.stockpot.kernels.method.MergeMethod;
import java.util.List;

/** Merges in which models have to agree, element by element. */
public final class ConsensusMethods {
  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL =
      List.of(
          new ConsensusMask(), LargestChange.MAGMAX, LargestChange.EMR, Ram.RAM, Ram.RAMPLUS_TL);

  private ConsensusMethods() {}
}
