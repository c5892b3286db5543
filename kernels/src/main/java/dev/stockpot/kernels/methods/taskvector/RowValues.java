package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.statistic.Statistic;
import java.util.Arrays;

/**
 * One number of each row of a run of rows.
 *
 * @param values in the order of the rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RowValues(float[] values) implements Statistic {
  @Override
  public RowValues plus(Statistic next) {
    if (!(next instanceof RowValues more)) {
      throw new IllegalArgumentException("%s after values of rows".formatted(next));
    }
    float[] both = Arrays.copyOf(values, values.length + more.values.length);
    System.arraycopy(more.values, 0, both, values.length, more.values.length);
    return new RowValues(both);
  }

  /** Gathers them from rows that come in order. */
  static final class Builder {
    private float[] values = new float[16];
    private int rows;

    void add(float... more) {
      if (rows + more.length > values.length) {
        values = Arrays.copyOf(values, Math.max(2 * rows, rows + more.length));
      }
      System.arraycopy(more, 0, values, rows, more.length);
      rows += more.length;
    }

    RowValues found() {
      return new RowValues(Arrays.copyOf(values, rows));
    }
  }
}
