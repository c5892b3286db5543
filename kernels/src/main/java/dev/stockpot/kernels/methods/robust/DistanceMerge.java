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
import java.util.Optional;

/**
 * A merge that weighs models by how far they are from each other.
 *
 * @param ofModel whether whole models are compared, so that all tensors have the same weights
 */
record DistanceMerge(DistanceScan distances, boolean ofModel, Rule rule) implements MergeProgram {
  private static final String GRANULARITY = "granularity";
  private static final String MODEL = "model";

  /** What distances are taken of. */
  static final Parameter GRANULARITY_PARAMETER =
      Parameter.optional(
          GRANULARITY,
          MERGE,
          new Range.Words(List.of(MODEL, "tensor")),
          MODEL,
          "what is compared: whole models, or each tensor alone, which mixes models");

  /** From distances to the merge. */
  @FunctionalInterface
  interface Rule extends Serializable {
    MergeProgram program(Distances distances);
  }

  static DistanceMerge of(TensorTerms terms, Rule rule) {
    return new DistanceMerge(
        new DistanceScan(terms.models().size()),
        terms.merge().word(GRANULARITY).equals(MODEL),
        rule);
  }

  @Override
  public Optional<Scan> scan() {
    return Optional.of(distances);
  }

  @Override
  public ScanScope scanScope() {
    return ofModel ? ScanScope.MODEL : ScanScope.TENSOR;
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
