package dev.stockpot.kernels.methods.consensus;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import java.util.List;

/**
 * The base, plus the average of what several models changed, plus what one alone changed.
 *
 * @param boosts factors of what each model alone changed
 */
record SharedAndLone(SparseTaskVectors sparse, List<Float> boosts) implements MergeProgram {
  SharedAndLone {
    boosts = List.copyOf(boosts);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    SparseTaskVectors.Loaded<V> taskVectors = sparse.open(kernels);
    V shared = kernels.vector();
    V alone = kernels.vector();
    return (block, inputs, output) -> {
      taskVectors.load(block, inputs);
      kernels.zero(shared);
      kernels.zero(alone);
      for (int i = 0; i < boosts.size(); i++) {
        V changes = taskVectors.changes(i);
        V changesToo = taskVectors.shared(i);
        kernels.add(shared, changesToo, shared);
        kernels.subtract(changes, changesToo, changes);
        kernels.scale(changes, boosts.get(i), changes);
        kernels.add(alone, changes, alone);
      }
      kernels.divideUnlessZero(shared, taskVectors.active(), shared);
      kernels.add(shared, alone, shared);
      kernels.add(taskVectors.origin(), shared, shared);
      kernels.store(shared, output);
    };
  }
}
