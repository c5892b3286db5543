package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.statistic.KeptTally;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The program of {@link TaskArithmetic}. It first settles what each task vector drops, then, to
 * rescale, by how much that shortened it; then it merges.
 *
 * @param base place of the base model among the inputs
 * @param rescale whether the norms before the drops are still to be found and restored, or nothing
 *     is
 */
record TaskVectorMerge(
    int base,
    List<Term> models,
    Combination consensus,
    Divisor divisor,
    Rescale rescale,
    float lambda)
    implements MergeProgram {

  /** A sum of weights below this does not divide. */
  private static final double LEAST_WEIGHT = 1e-8;

  /**
   * One model's part.
   *
   * @param input place of the model among the inputs
   * @param norm factor that restores the norm after the drop; 1 for none
   */
  record Term(int input, float weight, Drop drop, float norm) implements Serializable {
    /** By which a task vector is scaled once its drop is done, rounded once. */
    float factor() {
      return (float) ((double) weight * norm);
    }
  }

  TaskVectorMerge {
    models = List.copyOf(models);
  }

  /** The base plus {@code lambda} times a weighted sum of whole task vectors. */
  static TaskVectorMerge weightedSum(
      int base, List<Integer> inputs, List<Float> weights, float lambda) {
    List<Term> models = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      models.add(new Term(inputs.get(i), weights.get(i), Drop.KeepAll.INSTANCE, 1));
    }
    return new TaskVectorMerge(
        base, models, Combination.WEIGHTED_SUM, Divisor.NONE, Rescale.NONE, lambda);
  }

  @Override
  public long rowElements() {
    return models.stream().mapToLong(model -> model.drop().rowElements()).max().orElse(0);
  }

  @Override
  public boolean takesRowsTogether() {
    return true; // only drops by rank look at rows
  }

  @Override
  public Optional<Scan> scan() {
    if (models.stream().anyMatch(model -> !model.drop().isSettled())) {
      return Optional.of(new DropScan(base, models));
    }
    return rescale == Rescale.TO_NORM
        ? Optional.of(new RescaleScan(base, models))
        : Optional.empty();
  }

  @Override
  public ScanScope scanScope() {
    return models.stream()
            .anyMatch(
                model ->
                    model.drop() instanceof Drop.Unsettled unsettled && unsettled.looksAtModel())
        ? ScanScope.MODEL
        : ScanScope.TENSOR;
  }

  @Override
  public MergeProgram knowing(Statistic found) {
    boolean settled = models.stream().allMatch(model -> model.drop().isSettled());
    return settled
        ? new TaskVectorMerge(
            base, RescaleScan.rescale(models, found), consensus, divisor, Rescale.NONE, lambda)
        : new TaskVectorMerge(
            base, DropScan.settle(models, found), consensus, divisor, rescale, lambda);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    return open(kernels, Optional.empty());
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels, KeptTally kept) {
    return open(kernels, Optional.of(kept));
  }

  private <V> BlockMerge open(Kernels<V> kernels, Optional<KeptTally> kept) {
    V origin = kernels.vector();
    V sum = kernels.vector();
    V merged = kernels.vector();
    V weights = kernels.vector();
    List<V> taskVectors = new ArrayList<>();
    List<Drop.BlockDrop<V>> drops = new ArrayList<>();
    for (Term model : models) {
      if (!(model.drop() instanceof Drop.Settled drop)) {
        throw new IllegalStateException(
            "opened before it is known what input %s drops".formatted(model.input()));
      }
      taskVectors.add(kernels.vector());
      Drop.BlockDrop<V> applied = drop.open(kernels);
      boolean counts = kept.isPresent() && drop != Drop.KeepAll.INSTANCE;
      drops.add(counts ? counting(applied, kernels, model.input(), kept.get()) : applied);
    }
    float totalWeight = totalWeight();
    boolean divides = divisor == Divisor.WEIGHTS;
    boolean weighsFirst = consensus != Combination.ELECT_SIGN_UNWEIGHTED;
    return (block, inputs, output) -> {
      kernels.begin(block);
      kernels.load(inputs.get(base), origin);
      kernels.zero(sum);
      if (divisor == Divisor.KEPT) {
        kernels.zero(weights);
      }
      for (int i = 0; i < models.size(); i++) {
        Term model = models.get(i);
        V taskVector = taskVectors.get(i);
        kernels.loadDifference(inputs.get(model.input()), origin, taskVector);
        drops.get(i).apply(block, taskVector);
        kernels.scaleAndAdd(taskVector, weighsFirst ? model.factor() : model.norm(), sum);
        if (divisor == Divisor.KEPT) {
          kernels.addWhereNotZero(taskVector, 1, weights);
        }
      }
      V result = sum;
      if (consensus != Combination.WEIGHTED_SUM) {
        kernels.zero(merged);
        if (divides) {
          kernels.zero(weights);
        }
        for (int i = 0; i < models.size(); i++) {
          V taskVector = taskVectors.get(i);
          float weight = models.get(i).weight();
          if (weighsFirst && divides) {
            kernels.addElected(taskVector, sum, weight, merged, weights);
          } else if (weighsFirst) {
            kernels.addElected(taskVector, sum, merged);
          } else {
            kernels.keepSign(taskVector, sum, taskVector);
            kernels.scale(taskVector, weight, taskVector);
            kernels.add(merged, taskVector, merged);
            if (divides) {
              kernels.addWhereNotZero(taskVector, weight, weights);
            }
          }
        }
        if (divides) {
          kernels.divideUnlessZero(merged, weights, merged);
        }
        result = merged;
      } else if (divides) {
        kernels.divide(sum, totalWeight, sum);
      } else if (divisor == Divisor.KEPT) {
        kernels.divideUnlessZero(sum, weights, sum);
      }
      if (lambda != 1) {
        kernels.scale(result, lambda, result);
      }
      kernels.add(origin, result, result);
      kernels.store(result, output);
    };
  }

  private static <V> Drop.BlockDrop<V> counting(
      Drop.BlockDrop<V> drop, Kernels<V> kernels, int input, KeptTally kept) {
    return (block, taskVector) -> {
      drop.apply(block, taskVector);
      kept.add(input, block.count(), block.count() - kernels.countEqual(taskVector, 0));
    };
  }

  private float totalWeight() {
    double total = models.stream().mapToDouble(Term::weight).sum();
    return Math.abs(total) < LEAST_WEIGHT ? 1 : (float) total;
  }
}
