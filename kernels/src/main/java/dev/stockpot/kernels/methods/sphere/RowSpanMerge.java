package dev.stockpot.kernels.methods.sphere;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
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
  public boolean takesRowsTogether() {
    return true;
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    SpanVectors<V> span = new SpanVectors<>(kernels, vectors);
    return (block, inputs, output) -> {
      kernels.begin(block);
      span.load(inputs);
      List<V> loaded = span.vectors();
      float[][] weights = weights(products(kernels, loaded), block.rows());
      for (int i = 0; i < loaded.size(); i++) {
        kernels.scaleRows(loaded.get(i), weights[i], loaded.get(i));
      }
      span.storeSum(output);
    };
  }

  /** Of vector i with vector j, for j from i on, those of each row. */
  private static <V> double[][][] products(Kernels<V> kernels, List<V> loaded) {
    double[][][] products = new double[loaded.size()][loaded.size()][];
    for (int i = 0; i < loaded.size(); i++) {
      for (int j = i; j < loaded.size(); j++) {
        products[i][j] = kernels.productsOfRows(loaded.get(i), loaded.get(j));
      }
    }
    return products;
  }

  /** Of each vector, one for each row. */
  private float[][] weights(double[][][] products, int rows) {
    int vectors = products.length;
    float[][] weights = new float[vectors][rows];
    for (int row = 0; row < rows; row++) {
      int place = row;
      double[] ofRow = rule.weights(Gram.of(vectors, (i, j) -> products[i][j][place]));
      for (int i = 0; i < vectors; i++) {
        weights[i][row] = (float) ofRow[i];
      }
    }
    return weights;
  }
}
