package dev.stockpot.kernels.methods.robust;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds how far inputs are from each other: the squared distance of every pair, {@code Σ (x − y)²},
 * those of the first input before those of the second. Each difference is taken before it is
 * squared, so nearby models of large norms lose nothing, and neither does one of them that lies far
 * out.
 */
record DistanceScan(int inputs) implements Scan {
  int pairs() {
    return inputs * (inputs - 1) / 2;
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    List<V> models = Stream.generate(kernels::vector).limit(inputs).toList();
    V difference = kernels.vector();
    PartialSums.Builder sums = new PartialSums.Builder(pairs());
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> operands) {
        kernels.begin(block);
        sums.begin(block);
        for (int i = 0; i < inputs; i++) {
          kernels.load(operands.get(i), models.get(i));
        }
        int sum = 0;
        for (int i = 0; i < inputs; i++) {
          for (int j = i + 1; j < inputs; j++) {
            kernels.subtract(models.get(i), models.get(j), difference);
            kernels.addProducts(difference, difference, sums.sum(sum++));
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
