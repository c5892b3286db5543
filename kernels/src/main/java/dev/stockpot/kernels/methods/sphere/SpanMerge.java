package dev.stockpot.kernels.methods.sphere;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.methods.average.AverageMethods;
import dev.stockpot.kernels.methods.taskvector.TaskVectors;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A merge whose result lies in the span of its inputs, or of their differences to an origin: a
 * weighted sum, the weights of which follow from the {@link Gram} matrix.
 */
record SpanMerge(GramScan vectors, Rule rule) implements MergeProgram {

  /** From the geometry of the vectors to their weights. */
  @FunctionalInterface
  interface Rule extends Serializable {
    /** One weight for each vector; NaN where the vectors hold one. */
    double[] weights(Gram gram);
  }

  @Override
  public Optional<Scan> scan() {
    return Optional.of(vectors);
  }

  @Override
  public MergeProgram knowing(Statistic found) {
    double[] weights = rule.weights(Gram.of(found, vectors.inputs().size()));
    List<Float> rounded = Arrays.stream(weights).mapToObj(weight -> (float) weight).toList();
    return vectors.hasOrigin()
        ? TaskVectors.weightedSum(vectors.origin(), vectors.inputs(), rounded, 1)
        : AverageMethods.weightedSum(rounded, 1);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    throw new IllegalStateException("%s opened before its scan".formatted(rule));
  }
}
