package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Task vectors without what is too small to be a change.
 *
 * @param base place of the base model among the inputs
 * @param models places of the others
 * @param epsilon the largest magnitude that is no change
 */
record SparseTaskVectors(int base, List<Integer> models, float epsilon) implements Serializable {
  SparseTaskVectors {
    models = List.copyOf(models);
  }

  <V> Loaded<V> open(Kernels<V> kernels) {
    return new Loaded<>(this, kernels);
  }

  /** Those of the current block. */
  static final class Loaded<V> {
    private final SparseTaskVectors sparse;
    private final Kernels<V> kernels;
    private final V origin;
    private final V active;
    private final V shared;
    private final List<V> changes = new ArrayList<>();

    private Loaded(SparseTaskVectors sparse, Kernels<V> kernels) {
      this.sparse = sparse;
      this.kernels = kernels;
      origin = kernels.vector();
      active = kernels.vector();
      shared = kernels.vector();
      sparse.models.forEach(model -> changes.add(kernels.vector()));
    }

    void load(List<Operand> inputs) {
      kernels.load(inputs.get(sparse.base), origin);
      kernels.zero(active);
      for (int i = 0; i < changes.size(); i++) {
        kernels.loadDifference(inputs.get(sparse.models.get(i)), origin, changes.get(i));
        kernels.keepLargest(changes.get(i), sparse.epsilon, 0, changes.get(i));
        kernels.addWhereNotZero(changes.get(i), 1, active);
      }
    }

    V origin() {
      return origin;
    }

    /** How many models changed an element. */
    V active() {
      return active;
    }

    /** What a model changed, zero where it changed nothing. */
    V changes(int model) {
      return changes.get(model);
    }

    /** Of what a model changed, what others changed too, until it is asked for another model's. */
    V shared(int model) {
      kernels.keepWhere(changes.get(model), active, 2, shared);
      return shared;
    }
  }
}
