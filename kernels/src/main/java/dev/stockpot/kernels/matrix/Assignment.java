package dev.stockpot.kernels.matrix;

import java.util.Arrays;

/**
 * Linear assignment by shortest augmenting paths (Jonker and Volgenant, 1987; Crouse, 2016), after
 * a first guess by the smallest cost of each column and row. Among equal costs the order of the
 * scan decides, so the result is the same everywhere.
 */
final class Assignment {
  private static final int NONE = -1;

  private final Matrix costs;
  private final double sign;
  private final int rows;
  private final int columns;
  private final double[] rowPrices;
  private final double[] columnPrices;
  private final int[] columnOfRow;
  private final int[] rowOfColumn;
  private final double[] costsOfRow;

  /** For no more rows than columns. */
  private Assignment(Matrix costs, double sign) {
    this.costs = costs;
    this.sign = sign;
    rows = costs.rows();
    columns = costs.columns();
    rowPrices = new double[rows];
    columnPrices = new double[columns];
    columnOfRow = filled(rows);
    rowOfColumn = filled(columns);
    costsOfRow = new double[columns];
  }

  /**
   * The column of each row, or -1.
   *
   * @param sign 1 for the least sum of costs, -1 for the largest
   */
  static int[] of(MatrixMemory memory, Matrix costs, double sign) {
    Sums.requireFinite(costs);
    if (costs.rows() <= costs.columns()) {
      return new Assignment(costs, sign).solve();
    }
    try (Matrix turned = memory.copy(costs.transposed())) {
      int[] rowOfColumn = new Assignment(turned, sign).solve();
      int[] columnOfRow = filled(costs.rows());
      for (int column = 0; column < rowOfColumn.length; column++) {
        columnOfRow[rowOfColumn[column]] = column;
      }
      return columnOfRow;
    }
  }

  private static int[] filled(int count) {
    int[] none = new int[count];
    Arrays.fill(none, NONE);
    return none;
  }

  private int[] solve() {
    guess();
    Path path = new Path();
    for (int row = 0; row < rows; row++) {
      if (columnOfRow[row] == NONE) {
        path.augment(row);
      }
    }
    return columnOfRow;
  }

  /**
   * Prices under which no cost is negative, and rows with a column of cost zero that is still free.
   * Of a square, columns are priced first; otherwise a column that stays free has to cost nothing.
   */
  private void guess() {
    if (rows == columns) {
      Arrays.fill(columnPrices, Double.POSITIVE_INFINITY);
      for (int i = 0; i < rows; i++) {
        read(i);
        for (int j = 0; j < columns; j++) {
          columnPrices[j] = Math.min(columnPrices[j], costsOfRow[j]);
        }
      }
    }
    for (int i = 0; i < rows; i++) {
      read(i);
      double least = Double.POSITIVE_INFINITY;
      int at = NONE;
      for (int j = 0; j < columns; j++) {
        double cost = costsOfRow[j] - columnPrices[j];
        if (cost < least || (cost == least && rowOfColumn[at] != NONE && rowOfColumn[j] == NONE)) {
          least = cost;
          at = j;
        }
      }
      rowPrices[i] = least;
      if (rowOfColumn[at] == NONE) {
        rowOfColumn[at] = i;
        columnOfRow[i] = at;
      }
    }
  }

  private void read(int row) {
    costs.read(row, 0, costsOfRow, 0, columns);
    if (sign < 0) {
      for (int j = 0; j < columns; j++) {
        costsOfRow[j] = -costsOfRow[j];
      }
    }
  }

  /** The shortest path from a row without a column to a column without a row. */
  private final class Path {
    private final double[] lengths = new double[columns];
    private final int[] rowBefore = new int[columns];
    private final int[] open = new int[columns];
    private final int[] reachedColumns = new int[columns];
    private double length;
    private int openCount;
    private int reached;

    void augment(int start) {
      Arrays.fill(lengths, Double.POSITIVE_INFINITY);
      for (int j = 0; j < columns; j++) {
        open[j] = j;
      }
      openCount = columns;
      reached = 0;
      length = 0;
      int row = start;
      int end = NONE;
      while (end == NONE) {
        int column = step(row);
        if (rowOfColumn[column] == NONE) {
          end = column;
        } else {
          row = rowOfColumn[column];
        }
      }
      price(start, end);
      turn(start, end);
    }

    /** Lengthens paths by the costs of a row, and closes the column that is nearest. */
    private int step(int row) {
      read(row);
      double base = length - rowPrices[row];
      double least = Double.POSITIVE_INFINITY;
      int nearest = NONE;
      for (int k = 0; k < openCount; k++) {
        int j = open[k];
        double through = base + costsOfRow[j] - columnPrices[j];
        double known = lengths[j];
        if (through < known) {
          rowBefore[j] = row;
          lengths[j] = through;
          known = through;
        }
        if (known < least || (known == least && rowOfColumn[j] == NONE)) {
          least = known;
          nearest = k;
        }
      }
      length = least;
      int column = open[nearest];
      open[nearest] = open[--openCount];
      reachedColumns[reached++] = column;
      return column;
    }

    private void price(int start, int end) {
      rowPrices[start] += length;
      for (int k = 0; k < reached; k++) {
        int column = reachedColumns[k];
        double gain = length - lengths[column];
        columnPrices[column] -= gain;
        if (column != end) {
          rowPrices[rowOfColumn[column]] += gain;
        }
      }
    }

    private void turn(int start, int end) {
      int column = end;
      while (true) {
        int row = rowBefore[column];
        int next = columnOfRow[row];
        rowOfColumn[column] = row;
        columnOfRow[row] = column;
        if (row == start) {
          return;
        }
        column = next;
      }
    }
  }
}
