package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.MergeProgram;
import java.util.ArrayList;
import java.util.List;

/** The task vectors of several models, a block at a time. */
public final class TaskVectors<V> {
  private final Kernels<V> kernels;
  private final int base;
  private final List<Integer> models;
  private final V origin;
  private final List<V> vectors = new ArrayList<>();

  /**
   * Borrows a vector for the base and one for each model.
   *
   * @param base place of the base model among the inputs
   * @param models places of the others
   */
  public TaskVectors(Kernels<V> kernels, int base, List<Integer> models) {
    this.kernels = kernels;
    this.base = base;
    this.models = List.copyOf(models);
    this.origin = kernels.vector();
    for (int i = 0; i < models.size(); i++) {
      vectors.add(kernels.vector());
    }
  }

  /** The base plus {@code lambda} times a weighted sum of whole task vectors. */
  public static MergeProgram weightedSum(
      int base, List<Integer> models, List<Float> weights, float lambda) {
    return TaskVectorMerge.weightedSum(base, models, weights, lambda);
  }

  /** Loads the base and the task vectors of a block. */
  public void load(Block block, List<Operand> inputs) {
    kernels.begin(block);
    kernels.load(inputs.get(base), origin);
    for (int i = 0; i < vectors.size(); i++) {
      kernels.loadDifference(inputs.get(models.get(i)), origin, vectors.get(i));
    }
  }

  /** The base's elements. */
  public V origin() {
    return origin;
  }

  /** One task vector for each model, in their order. */
  public List<V> vectors() {
    return vectors;
  }
}
