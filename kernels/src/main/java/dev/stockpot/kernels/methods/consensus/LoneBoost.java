package dev.stockpot.kernels.methods.consensus;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the factors of a {@link SharedAndLone}: a model that shares much of what it changed loses
 * much of it to averaging, and gets some back where it stands alone.
 *
 * @param rate how much sharing scales up
 * @param most limit of the share that counts
 */
record LoneBoost(SparseTaskVectors sparse, double rate, double most) implements MergeProgram {

  @Override
  public Optional<Scan> scan() {
    return Optional.of(new Count(sparse));
  }

  @Override
  public MergeProgram knowing(Statistic found) {
    Tally tally = (Tally) found;
    List<Float> boosts = new ArrayList<>();
    for (int i = 0; i < sparse.models().size(); i++) {
      long shared = tally.counts()[2 * i + 1];
      long alone = tally.counts()[2 * i] - shared;
      double share = alone == 0 ? most : Math.min(most, (double) shared / alone);
      boosts.add((float) (1 + rate * share));
    }
    return new SharedAndLone(sparse, boosts);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    throw new IllegalStateException("ramplus_tl opened before its scan");
  }

  /** Counts, for each model, the elements that it changed, and those that others changed too. */
  private record Count(SparseTaskVectors sparse) implements Scan {
    @Override
    public <V> BlockScan open(Kernels<V> kernels) {
      SparseTaskVectors.Loaded<V> taskVectors = sparse.open(kernels);
      long[] counts = new long[2 * sparse.models().size()];
      return new BlockScan() {
        @Override
        public void scan(Block block, List<Operand> inputs) {
          taskVectors.load(block, inputs);
          for (int i = 0; i < sparse.models().size(); i++) {
            counts[2 * i] += notZero(kernels, block, taskVectors.changes(i));
            counts[2 * i + 1] += notZero(kernels, block, taskVectors.shared(i));
          }
        }

        @Override
        public Statistic found() {
          return new Tally(counts);
        }
      };
    }

    /** How many elements are not zero. */
    private static <V> int notZero(Kernels<V> kernels, Block block, V vector) {
      return block.count() - kernels.countEqual(vector, 0);
    }
  }
}
