package dev.stockpot.kernels.methods.sphere;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the {@link Gram} matrix of several inputs, each one long vector, or of their differences to
 * an origin. The sums are those of the upper triangle, row by row.
 *
 * @param inputs places of the vectors among the inputs
 * @param origin place of the origin among the inputs, or {@link #NO_ORIGIN}
 */
record GramScan(List<Integer> inputs, int origin) implements Scan {
  static final int NO_ORIGIN = -1;

  GramScan {
    inputs = List.copyOf(inputs);
  }

  /** Of the first so many inputs as they are. */
  static GramScan ofFirst(int inputs) {
    return new GramScan(IntStream.range(0, inputs).boxed().toList(), NO_ORIGIN);
  }

  /** Of all inputs, against the base where there is one. */
  static GramScan of(TensorTerms terms) {
    return new GramScan(terms.besideBase(), terms.base().orElse(NO_ORIGIN));
  }

  boolean hasOrigin() {
    return origin != NO_ORIGIN;
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    SpanVectors<V> span = new SpanVectors<>(kernels, this);
    PartialSums.Builder sums = new PartialSums.Builder(inputs.size() * (inputs.size() + 1) / 2);
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> operands) {
        kernels.begin(block);
        sums.begin(block);
        span.load(operands);
        List<V> vectors = span.vectors();
        if (vectors.size() == 2) {
          kernels.addProducts(
              vectors.get(0), vectors.get(1), sums.sum(0), sums.sum(1), sums.sum(2));
          return;
        }
        int sum = 0;
        for (int i = 0; i < vectors.size(); i++) {
          for (int j = i; j < vectors.size(); j++) {
            kernels.addProducts(vectors.get(i), vectors.get(j), sums.sum(sum++));
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
