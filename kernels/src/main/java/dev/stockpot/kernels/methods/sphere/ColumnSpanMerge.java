package dev.stockpot.kernels.methods.sphere;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;
import java.util.Optional;

/**
 * A {@link SpanMerge} of each column by itself, a column being what has the same place in all
 * slices of the first dimension.
 *
 * @param columns how many; as many elements are a row
 */
record ColumnSpanMerge(GramScan vectors, SpanMerge.Rule rule, long columns)
    implements MergeProgram {
  @Override
  public long rowElements() {
    return columns;
  }

  @Override
  public boolean takesRowsTogether() {
    return true;
  }

  @Override
  public Optional<Scan> scan() {
    return Optional.of(new ColumnGramScan(vectors));
  }

  @Override
  public MergeProgram knowing(Statistic found) {
    ColumnSums sums = (ColumnSums) found;
    int count = vectors.inputs().size();
    float[][] weights = new float[count][Math.toIntExact(columns)];
    for (int column = 0; column < columns; column++) {
      double[] ofColumn = rule.weights(ColumnGramScan.gram(sums, count, column));
      for (int i = 0; i < count; i++) {
        weights[i][column] = (float) ofColumn[i];
      }
    }
    return new Weighted(vectors, weights, columns);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    throw new IllegalStateException("%s opened before its scan".formatted(rule));
  }

  /**
   * Knows the weights.
   *
   * @param weights of each vector, one for each column
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Weighted(GramScan vectors, float[][] weights, long columns)
      implements MergeProgram {
    @Override
    public long rowElements() {
      return columns;
    }

    @Override
    public boolean takesRowsTogether() {
      return true;
    }

    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      SpanVectors<V> span = new SpanVectors<>(kernels, vectors);
      V factors = kernels.vector();
      return (block, inputs, output) -> {
        kernels.begin(block);
        span.load(inputs);
        List<V> loaded = span.vectors();
        for (int i = 0; i < loaded.size(); i++) {
          kernels.load(weights[i], factors);
          kernels.multiply(factors, loaded.get(i), loaded.get(i));
        }
        span.storeSum(output);
      };
    }
  }
}
