package dev.stockpot.merge.adapter;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.adapter.AdapterModule.Pair;
import java.util.List;
import java.util.Optional;

/** How a weight lies to which a pair of thin matrices is added. */
enum Layout {
  /** Out, in. */
  LINEAR,
  /** In, out: Conv1D of GPT-2 and its kin. */
  SWAPPED,
  /** Out, in, and the axes of a kernel. */
  KERNELS;

  /** The layout of a weight that the pair fits; nothing if it fits none. */
  static Optional<Layout> of(
      Shape weight, Pair pair, String module, AdapterConfig config, BaseModel base) {
    List<Long> dimensions = weight.dimensions();
    if (dimensions.size() > 2) {
      List<Long> kernel = pair.a().shape().dimensions();
      boolean fits =
          kernel.size() == dimensions.size()
              && dimensions.get(0) == pair.rows()
              && dimensions.subList(1, dimensions.size()).equals(kernel.subList(1, kernel.size()));
      return fits ? Optional.of(KERNELS) : Optional.empty();
    }
    boolean isLinear = weight.equals(Shape.of(pair.rows(), pair.columns()));
    boolean isSwapped = weight.equals(Shape.of(pair.columns(), pair.rows()));
    if (isLinear && isSwapped) {
      boolean swaps = base.swapsInAndOut(module) || (config.swapsInAndOut() && base.isUntold());
      return Optional.of(swaps ? SWAPPED : LINEAR);
    }
    return isLinear ? Optional.of(LINEAR) : isSwapped ? Optional.of(SWAPPED) : Optional.empty();
  }
}
