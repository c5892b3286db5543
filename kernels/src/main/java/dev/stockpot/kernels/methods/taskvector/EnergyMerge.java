package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The program of {@link Sce}. It first settles which elements are selected, then how much each
 * model weighs; then it merges.
 *
 * @param base place of the base model among the inputs
 * @param models places of the others
 * @param elements of the whole tensor
 * @param selection applied to the variances, it leaves those of the selected elements
 * @param weights of the models, which sum to 1; empty while they are unknown
 */
record EnergyMerge(
    int base, List<Integer> models, long elements, Drop selection, List<Float> weights)
    implements MergeProgram {
  /** Less than this on average, summed over the models, is taken for no energy at all. */
  private static final double LEAST_ENERGY = 1e-6;

  EnergyMerge {
    models = List.copyOf(models);
    weights = List.copyOf(weights);
  }

  @Override
  public Optional<Scan> scan() {
    if (selection instanceof Drop.Unsettled unsettled) {
      return Optional.of(new VarianceScan(base, models, unsettled));
    }
    return weights.isEmpty()
        ? Optional.of(new EnergyScan(base, models, (Drop.Settled) selection))
        : Optional.empty();
  }

  @Override
  public MergeProgram knowing(Statistic found) {
    return selection instanceof Drop.Unsettled unsettled
        ? new EnergyMerge(base, models, elements, unsettled.knowing(found), weights)
        : new EnergyMerge(base, models, elements, selection, weights((PartialSums) found));
  }

  private List<Float> weights(PartialSums energies) {
    double total = 0;
    for (int i = 0; i < models.size(); i++) {
      total += energies.total(i);
    }
    List<Float> shares = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      double share =
          total / elements < LEAST_ENERGY ? 1.0 / models.size() : energies.total(i) / total;
      shares.add((float) share);
    }
    return shares;
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    if (scan().isPresent()) {
      throw new IllegalStateException("sce opened before its scans");
    }
    SelectedTaskVectors<V> selected =
        new SelectedTaskVectors<>(kernels, base, models, (Drop.Settled) selection);
    V sum = kernels.vector();
    V merged = kernels.vector();
    V divisor = kernels.vector();
    return (block, inputs, output) -> {
      List<V> taskVectors = selected.load(block, inputs);
      kernels.zero(sum);
      for (V taskVector : taskVectors) {
        kernels.add(sum, taskVector, sum);
      }
      kernels.zero(merged);
      kernels.zero(divisor);
      for (int i = 0; i < taskVectors.size(); i++) {
        V taskVector = taskVectors.get(i);
        kernels.keepSign(taskVector, sum, taskVector);
        kernels.addWhereNotZero(taskVector, weights.get(i), divisor);
        kernels.scale(taskVector, weights.get(i), taskVector);
        kernels.add(merged, taskVector, merged);
      }
      kernels.divideUnlessZero(merged, divisor, merged);
      kernels.add(selected.origin(), merged, merged);
      kernels.store(merged, output);
    };
  }
}
