package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;

/** How far each row diverges, and the upper bits of the importances that follow from it. */
record DivergenceScan(ImportanceMerge.Inputs inputs) implements Scan {
  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    Importance<V> importance = new Importance<>(kernels, inputs);
    V other = kernels.vector();
    V scratch = kernels.vector();
    RowValues.Builder divergences = new RowValues.Builder();
    MagnitudeCounts counts = new MagnitudeCounts(MagnitudeCounts.ALL_BINS);
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> operands) {
        importance.load(block, operands);
        kernels.load(operands.get(inputs.other()), other);
        float[] ofRows = rounded(kernels.divergencesOfRows(other, importance.origin()));
        divergences.add(ofRows);
        importance.of(ofRows, scratch);
        kernels.count(scratch, counts);
      }

      @Override
      public Statistic found() {
        return new StatisticList(List.of(divergences.found(), Counts.of(counts.counts())));
      }
    };
  }

  private static float[] rounded(double... values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }
}
