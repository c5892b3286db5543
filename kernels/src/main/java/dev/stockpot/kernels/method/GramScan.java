package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Scan;
import dev.stockpot.kernels.Statistic;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the Gram matrix of the inputs: every inner product of two of them, each tensor one long
 * vector. What lies in the span of the inputs (SLERP and its kin) follows from it alone. The sums
 * are those of the upper triangle, row by row.
 *
 * @param inputs how many
 */
record GramScan(int inputs) implements Scan {

  /** The inner product of two inputs. */
  static double product(PartialSums gram, int inputs, int i, int j) {
    int row = Math.min(i, j);
    int column = Math.max(i, j);
    return gram.total(row * inputs - row * (row - 1) / 2 + column - row);
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    List<V> vectors = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      vectors.add(kernels.vector());
    }
    PartialSumsBuilder sums = new PartialSumsBuilder(inputs * (inputs + 1) / 2);
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> operands) {
        kernels.begin(block);
        sums.begin(block);
        int sum = 0;
        for (int i = 0; i < inputs; i++) {
          kernels.load(operands.get(i), vectors.get(i));
        }
        for (int i = 0; i < inputs; i++) {
          for (int j = i; j < inputs; j++) {
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
