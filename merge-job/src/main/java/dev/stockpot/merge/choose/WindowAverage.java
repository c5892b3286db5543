package dev.stockpot.merge.choose;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * How much each checkpoint of a window counts (Li et al. 2025, Model Merging in Pre-training,
 * arXiv:2505.12082).
 *
 * @param beta of an exponential one: what stays of the average when a checkpoint is added
 */
public record WindowAverage(Kind kind, double beta) {
  /** All alike, the newer the more by equal steps, or by equal factors. */
  public enum Kind {
    SMA,
    WMA,
    EMA
  }

  public WindowAverage {
    requireNonNull(kind, "kind is null");
    if (!(beta >= 0 && beta <= 1)) {
      throw new IllegalArgumentException("beta is %s, must be 0 to 1".formatted(beta));
    }
  }

  /** Weights from the oldest to the newest; what counts is how they compare. */
  List<Double> weights(int size) {
    List<Double> weights = new ArrayList<>();
    for (int place = 0; place < size; place++) {
      weights.add(
          switch (kind) {
            case SMA -> 1.0;
            case WMA -> place + 1.0;
            case EMA -> (place == 0 ? 1 : 1 - beta) * StrictMath.pow(beta, size - 1 - place);
          });
    }
    return weights;
  }
}
