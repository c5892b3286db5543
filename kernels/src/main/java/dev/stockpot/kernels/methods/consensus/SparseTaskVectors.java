package dev.stockpot.kernels.methods.consensus;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.methods.taskvector.TaskVectors;
import java.io.Serializable;
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
    private final Kernels<V> kernels;
    private final float epsilon;
    private final TaskVectors<V> taskVectors;
    private final V active;
    private final V contested;
    private final V shared;

    private Loaded(SparseTaskVectors sparse, Kernels<V> kernels) {
      this.kernels = kernels;
      epsilon = sparse.epsilon;
      taskVectors = new TaskVectors<>(kernels, sparse.base, sparse.models);
      active = kernels.vector();
      contested = kernels.vector();
      shared = kernels.vector();
    }

    void load(Block block, List<Operand> inputs) {
      taskVectors.load(block, inputs);
      kernels.zero(active);
      for (V changes : taskVectors.vectors()) {
        kernels.keepAbove(changes, epsilon, changes);
        kernels.addWhereNotZero(changes, 1, active);
      }
      kernels.keepAbove(active, 1, contested);
    }

    V origin() {
      return taskVectors.origin();
    }

    /** How many models changed an element. */
    V active() {
      return active;
    }

    /** What a model changed, zero where it changed nothing. */
    V changes(int model) {
      return taskVectors.vectors().get(model);
    }

    /** Of what a model changed, what others changed too, until it is asked for another model's. */
    V shared(int model) {
      kernels.keepWhereNotZero(changes(model), contested, shared);
      return shared;
    }
  }
}
