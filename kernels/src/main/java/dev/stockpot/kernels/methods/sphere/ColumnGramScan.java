package dev.stockpot.kernels.methods.sphere;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;

/** As {@link GramScan}, with one {@link Gram} matrix for each column. */
record ColumnGramScan(GramScan vectors) implements Scan {

  /** That of one column. */
  static Gram gram(ColumnSums sums, int vectors, int column) {
    int[] sum = {0};
    return Gram.of(vectors, (i, j) -> sums.total(sum[0]++, column));
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    SpanVectors<V> span = new SpanVectors<>(kernels, vectors);
    int count = vectors.inputs().size();
    ColumnSums.Builder sums = new ColumnSums.Builder(count * (count + 1) / 2);
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> operands) {
        kernels.begin(block);
        sums.begin(block);
        span.load(operands);
        List<V> loaded = span.vectors();
        int sum = 0;
        for (int i = 0; i < count; i++) {
          for (int j = i; j < count; j++) {
            kernels.addProducts(loaded.get(i), loaded.get(j), sums.sum(sum++));
          }
        }
      }

      @Override
      public Statistic found() {
        return sums.found();
      }
    };
  }
}
