package dev.stockpot.kernels.methods.robust;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A merge that weighs models by how far they are from each other.
 *
 * @param granularity what is compared: of whole models all tensors get the same weights
 */
record DistanceMerge(DistanceScan distances, Granularity granularity, Rule rule)
    implements MergeProgram {
  /** What distances are taken of. */
  enum Granularity {
    MODEL,
    TENSOR;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final Parameter<Granularity> GRANULARITY =
      Parameter.optional(
          "granularity",
          MERGE,
          new Range.OneOf<>(List.of(Granularity.values())),
          Granularity.MODEL,
          "what is compared: whole models, or each tensor alone, which mixes models");

  /** From distances to the merge. */
  @FunctionalInterface
  interface Rule extends Serializable {
    MergeProgram program(Distances distances);
  }

  static DistanceMerge of(TensorTerms terms, Rule rule) {
    return new DistanceMerge(
        new DistanceScan(terms.models().size()), terms.merge().get(GRANULARITY), rule);
  }

  @Override
  public Optional<Scan> scan() {
    return Optional.of(distances);
  }

  @Override
  public ScanScope scanScope() {
    return granularity == Granularity.MODEL ? ScanScope.MODEL : ScanScope.TENSOR;
  }

  @Override
  public MergeProgram knowing(Statistic found) {
    return rule.program(Distances.of(found, distances.inputs()));
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    throw new IllegalStateException("%s opened before its scan".formatted(rule));
  }
}
