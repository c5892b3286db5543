package dev.stockpot.kernels.methods.sphere;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Several float64 sums of each column over a run of rows. Rows of one reduction block are added in
 * order, reduction blocks as in a binary tree over their places: so the totals are the same however
 * the rows were cut, and only few partial sums are kept, which are as long as a row.
 *
 * @param runs each as long as can be, in order
 */
record ColumnSums(List<Run> runs) implements Statistic {

  /**
   * Sums over a power of two of reduction blocks that begins at a multiple of that number.
   *
   * @param first place of the first reduction block
   * @param length how many
   * @param sums of each column
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Run(long first, long length, double[][] sums) implements Serializable {
    boolean isLeftOf(Run next) {
      return length == next.length && first % (2 * length) == 0 && next.first == first + length;
    }

    Run plus(Run next) {
      double[][] both = new double[sums.length][];
      for (int i = 0; i < sums.length; i++) {
        both[i] = added(sums[i], next.sums[i]);
      }
      return new Run(first, 2 * length, both);
    }

    private static double[] added(double[] a, double[] b) {
      double[] sum = new double[a.length];
      for (int column = 0; column < a.length; column++) {
        sum[column] = a[column] + b[column];
      }
      return sum;
    }
  }

  ColumnSums {
    List<Run> joined = new ArrayList<>();
    for (Run run : runs) {
      Run last = run;
      while (!joined.isEmpty() && joined.get(joined.size() - 1).isLeftOf(last)) {
        last = joined.remove(joined.size() - 1).plus(last);
      }
      joined.add(last);
    }
    runs = List.copyOf(joined);
  }

  @Override
  public ColumnSums plus(Statistic next) {
    if (!(next instanceof ColumnSums more)) {
      throw new IllegalArgumentException("%s after sums of columns".formatted(next));
    }
    List<Run> both = new ArrayList<>(runs);
    both.addAll(more.runs);
    return new ColumnSums(both);
  }

  double total(int sum, int column) {
    double total = 0;
    for (Run run : runs) {
      total += run.sums[sum][column];
    }
    return total;
  }

  /** Gathers them from rows that come in order. */
  static final class Builder {
    private final int width;
    private ColumnSums found = new ColumnSums(List.of());
    private double[][][] current = new double[0][][];
    private int reduction;

    /**
     * @param width how many sums of each column
     */
    Builder(int width) {
      this.width = width;
    }

    /** To be called before rows are summed: ends the reduction block that they do not belong to. */
    void begin(Block rows) {
      if (rows.startsReduction() || current.length == 0) {
        found = found();
        reduction = rows.reduction();
        current = new double[width][rows.reductionEnds().length][rows.row()];
      }
    }

    /** One of the sums, for each reduction block that the rows belong to, for each column. */
    double[][] sum(int i) {
      return current[i];
    }

    ColumnSums found() {
      if (current.length == 0) {
        return found;
      }
      List<Run> runs = new ArrayList<>(found.runs);
      for (int i = 0; i < current[0].length; i++) {
        double[][] ofBlock = new double[width][];
        for (int sum = 0; sum < width; sum++) {
          ofBlock[sum] = current[sum][i];
        }
        runs.add(new Run(reduction + i, 1, ofBlock));
      }
      return new ColumnSums(runs);
    }
  }
}
