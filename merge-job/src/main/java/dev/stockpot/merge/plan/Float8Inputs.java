package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes of FP8 tensors without scales: they are widened where they are merged. */
final class Float8Inputs {
  private final List<String> widened = new ArrayList<>();
  private boolean widens;
  private boolean keeps;

  /** The type of a merged tensor for which nobody asked for one. */
  static DType mergedType(TensorSource chief) {
    return chief.storedType().isFloat8() ? DType.BF16 : chief.storedType();
  }

  /** Notes a tensor that became BF16 though nobody asked for it. */
  void addWidened(String output) {
    widened.add(output);
  }

  /** Looks at how an output tensor is made. */
  void check(TensorWork work) {
    keeps |= work.outputs().stream().anyMatch(output -> output.dtype().isFloat8());
    widens |=
        work.readsNumbers()
            && work.inputs().stream().anyMatch(input -> input.source().dtype().isFloat8());
  }

  /** Whether there were FP8 tensors and no output is one. */
  boolean areGone() {
    return widens && !keeps;
  }

  Optional<String> notice() {
    return widened.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s of FP8 merged into BF16, as FP8 is read and not written: %s"
                .formatted(Gathering.tensors(widened.size()), Gathering.examples(widened)));
  }
}
