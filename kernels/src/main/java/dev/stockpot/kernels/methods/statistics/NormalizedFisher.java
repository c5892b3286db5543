package dev.stockpot.kernels.methods.statistics;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@link FisherMerge} whose factors are to be divided by the norms of the Fisher information.
 *
 * @param scanScope what the norms are of
 * @param epsilon added to each norm
 */
record NormalizedFisher(FisherMerge merge, ScanScope scanScope, double epsilon)
    implements MergeProgram {
  @Override
  public Optional<Scan> scan() {
    return Optional.of(new Norms(merge.sides()));
  }

  @Override
  public MergeProgram knowing(Statistic found) {
    PartialSums squares = (PartialSums) found;
    List<Double> factors = new ArrayList<>();
    for (int model = 0; model < merge.factors().size(); model++) {
      double norm = Math.sqrt(squares.total(model)) + epsilon;
      // zeros weigh nothing, whatever their factor is
      factors.add(norm == 0 ? 0 : merge.factors().get(model) / norm);
    }
    return merge.with(factors);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    throw new IllegalStateException("norms of the Fisher information are not known yet");
  }

  /**
   * Sums of squares.
   *
   * @param sides places of the operands
   */
  record Norms(List<Integer> sides) implements Scan {
    Norms {
      sides = List.copyOf(sides);
    }

    @Override
    public <V> BlockScan open(Kernels<V> kernels) {
      V fisher = kernels.vector();
      PartialSums.Builder sums = new PartialSums.Builder(sides.size());
      return new BlockScan() {
        @Override
        public void scan(Block block, List<Operand> operands) {
          kernels.begin(block);
          sums.begin(block);
          for (int model = 0; model < sides.size(); model++) {
            kernels.load(operands.get(sides.get(model)), fisher);
            kernels.addProducts(fisher, fisher, sums.sum(model));
          }
        }

        @Override
        public Statistic found() {
          return sums.found();
        }
      };
    }
  }
}
