package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import java.util.List;

/**
 * The variance of each element over several vectors, divided by their number. It is taken of
 * differences to the first vector: where all are equal it is zero, not a rounding error.
 */
final class Variance<V> {
  private final Kernels<V> kernels;
  private final V mean;
  private final V deviation;

  Variance(Kernels<V> kernels) {
    this.kernels = kernels;
    this.mean = kernels.vector();
    this.deviation = kernels.vector();
  }

  void of(List<V> vectors, V into) {
    V first = vectors.get(0);
    kernels.zero(mean);
    for (V vector : vectors) {
      kernels.subtract(vector, first, deviation);
      kernels.add(mean, deviation, mean);
    }
    kernels.divide(mean, vectors.size(), mean);
    kernels.zero(into);
    for (V vector : vectors) {
      kernels.subtract(vector, first, deviation);
      kernels.subtract(deviation, mean, deviation);
      kernels.multiply(deviation, deviation, deviation);
      kernels.add(into, deviation, into);
    }
    kernels.divide(into, vectors.size(), into);
  }
}
