package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;

/**
 * The lower bits of the importances whose upper bits are those of a quartile.
 *
 * @param divergences of all rows
 * @param bins the upper bits of each quartile
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ImportanceScan(ImportanceMerge.Inputs inputs, float[] divergences, List<Integer> bins)
    implements Scan {
  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    Importance<V> importance = new Importance<>(kernels, inputs);
    V scratch = kernels.vector();
    List<MagnitudeCounts> counts = bins.stream().map(MagnitudeCounts::new).toList();
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> operands) {
        importance.load(block, operands);
        importance.of(Importance.ofRows(block, divergences), scratch);
        for (MagnitudeCounts bin : counts) {
          kernels.count(scratch, bin);
        }
      }

      @Override
      public Statistic found() {
        return new StatisticList(
            counts.stream().<Statistic>map(bin -> Counts.of(bin.counts())).toList());
      }
    };
  }
}
