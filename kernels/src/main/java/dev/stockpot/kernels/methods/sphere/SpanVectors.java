package dev.stockpot.kernels.methods.sphere;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import java.util.ArrayList;
import java.util.List;

/** The vectors of a {@link GramScan}, a block at a time. */
final class SpanVectors<V> {
  private final Kernels<V> kernels;
  private final GramScan of;
  private final V origin;
  private final V sum;
  private final List<V> vectors = new ArrayList<>();

  SpanVectors(Kernels<V> kernels, GramScan of) {
    this.kernels = kernels;
    this.of = of;
    this.origin = kernels.vector();
    this.sum = kernels.vector();
    of.inputs().forEach(input -> vectors.add(kernels.vector()));
  }

  /** Loads those of the current block. */
  void load(List<Operand> operands) {
    if (of.hasOrigin()) {
      kernels.load(operands.get(of.origin()), origin);
    }
    for (int i = 0; i < vectors.size(); i++) {
      Operand input = operands.get(of.inputs().get(i));
      if (of.hasOrigin()) {
        kernels.loadDifference(input, origin, vectors.get(i));
      } else {
        kernels.load(input, vectors.get(i));
      }
    }
  }

  List<V> vectors() {
    return vectors;
  }

  /** Stores their sum, as they have become since, on the origin if there is one. */
  void storeSum(Operand output) {
    V total = vectors.get(0); // as it is: adding it to zero would lose a negative zero
    if (of.hasOrigin()) {
      kernels.zero(sum);
      kernels.add(sum, total, sum); // and here it is lost, as by other methods with task vectors
      total = sum;
    }
    for (int i = 1; i < vectors.size(); i++) {
      kernels.add(total, vectors.get(i), sum);
      total = sum;
    }
    if (of.hasOrigin()) {
      kernels.add(origin, sum, sum);
    }
    kernels.store(total, output);
  }
}
