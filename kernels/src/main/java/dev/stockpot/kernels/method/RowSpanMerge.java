package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.LaneSum;
import java.util.List;

/**
 * A {@link SpanMerge} of each row by itself: a row is at hand as a whole, so nothing needs a scan.
 *
 * @param row elements of each row
 */
record RowSpanMerge(GramScan vectors, SpanMerge.Rule rule, long row) implements MergeProgram {
  @Override
  public long rowElements() {
    return row;
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    SpanVectors<V> span = new SpanVectors<>(kernels, vectors);
    LaneSum sum = new LaneSum();
    return (block, inputs, output) -> {
      kernels.begin(block);
      span.load(inputs);
      List<V> loaded = span.vectors();
      double[][] products = new double[loaded.size()][loaded.size()];
      for (int i = 0; i < loaded.size(); i++) {
        for (int j = i; j < loaded.size(); j++) {
          kernels.addProducts(loaded.get(i), loaded.get(j), sum);
          products[i][j] = sum.take();
          products[j][i] = products[i][j];
        }
      }
      double[] weights = rule.weights(new Gram(products));
      for (int i = 0; i < loaded.size(); i++) {
        kernels.scale(loaded.get(i), (float) weights[i], loaded.get(i));
      }
      span.storeSum(output);
    };
  }
}
