package dev.stockpot.kernels.matrix;

import java.util.Arrays;

/**
 * Linear assignment by shortest augmenting paths (Jonker and Volgenant, 1987; Crouse, 2016), after
 * their first steps, which find a column for most rows: columns are priced by their smallest cost,
 * and rows bid for them. Among equal costs the order of the scan decides, so the result is the same
 * everywhere.
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
    if (rows == columns) {
      priceColumns();
    }
    new Bids().run();
    priceRows();
    Path path = new Path();
    for (int row = 0; row < rows; row++) {
      if (columnOfRow[row] == NONE) {
        path.augment(row);
      }
    }
    return columnOfRow;
  }

  /** Of a square; otherwise a column that stays free has to cost nothing. */
  private void priceColumns() {
    Arrays.fill(columnPrices, Double.POSITIVE_INFINITY);
    for (int i = 0; i < rows; i++) {
      read(i);
      for (int j = 0; j < columns; j++) {
        columnPrices[j] = Math.min(columnPrices[j], costsOfRow[j]);
      }
    }
  }

  /** Prices of rows that have a column: with that of the column they are its cost. */
  private void priceRows() {
    for (int i = 0; i < rows; i++) {
      if (columnOfRow[i] != NONE) {
        rowPrices[i] = cost(i, columnOfRow[i]) - columnPrices[columnOfRow[i]];
      }
    }
  }

  private void take(int row, int column) {
    columnOfRow[row] = column;
    rowOfColumn[column] = row;
  }

  /**
   * A row takes the column that costs it least, and lowers its price until the second best is as
   * good; who had it bids again. As prices only fall, and a column that was taken never becomes
   * free, no other cost becomes negative.
   */
  private final class Bids {
    private static final int ROUNDS = 2;

    /** Of each row: prices may fall by ever less. */
    private static final int MOST_BIDS = 8;

    private final int[] free = new int[rows];
    private int first;
    private int second;
    private double least;
    private double next;

    void run() {
      int count = rows;
      for (int i = 0; i < rows; i++) {
        free[i] = i;
      }
      long bids = 0;
      for (int round = 0; round < ROUNDS && columns > 1; round++) {
        int waiting = 0;
        for (int k = 0; k < count; ) {
          int row = free[k++];
          if (bids++ > (long) MOST_BIDS * rows) {
            free[waiting++] = row;
            continue;
          }
          int outbid = bid(row);
          if (outbid != NONE && least < next) {
            free[--k] = outbid;
          } else if (outbid != NONE) {
            free[waiting++] = outbid;
          }
        }
        count = waiting;
      }
    }

    /** The row that had what this one takes, or none. */
    private int bid(int row) {
      lookFor(row);
      double lowered = columnPrices[first] - (next - least);
      int column = first;
      if (lowered < columnPrices[first]) {
        columnPrices[first] = lowered;
      } else {
        next = least; // too near to each other for a price between them
        column = rowOfColumn[first] == NONE ? first : second;
      }
      int outbid = rowOfColumn[column];
      if (outbid != NONE) {
        columnOfRow[outbid] = NONE;
      }
      take(row, column);
      return outbid;
    }

    /** The two columns that cost a row least. */
    private void lookFor(int row) {
      read(row);
      least = Double.POSITIVE_INFINITY;
      next = Double.POSITIVE_INFINITY;
      for (int j = 0; j < columns; j++) {
        double cost = costsOfRow[j] - columnPrices[j];
        if (cost < next) {
          if (cost < least) {
            next = least;
            second = first;
            least = cost;
            first = j;
          } else {
            next = cost;
            second = j;
          }
        }
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

  private double cost(int row, int column) {
    return sign < 0 ? -costs.at(row, column) : costs.at(row, column);
  }

  /**
   * The shortest path from a row without a column to a column without a row. Its loop over all
   * columns has neither branches nor lists, so that it runs in lanes: a column that was reached
   * takes no more part as its price is without end, and which row came before it is found anew for
   * the few columns that the path goes through.
   */
  private final class Path {
    private final double[] lengths = new double[columns];
    private final double[] openPrices = new double[columns];
    private final int[] reachedColumns = new int[columns];
    private final double[] reachedLengths = new double[columns];
    private final int[] passedRows = new int[rows];
    private final double[] passedBases = new double[rows];
    private double length;
    private int reached;

    void augment(int start) {
      Arrays.fill(lengths, Double.POSITIVE_INFINITY);
      System.arraycopy(columnPrices, 0, openPrices, 0, columns);
      reached = 0;
      length = 0;
      int row = start;
      while (row != NONE) {
        row = rowOfColumn[step(row)];
      }
      turn();
      price();
    }

    /** Lengthens paths by the costs of a row, and closes the column that is nearest. */
    private int step(int row) {
      read(row);
      double base = length - rowPrices[row];
      for (int j = 0; j < columns; j++) {
        lengths[j] = Math.min(lengths[j], base + costsOfRow[j] - openPrices[j]);
      }
      passedRows[reached] = row;
      passedBases[reached] = base;
      int column = nearest();
      length = lengths[column];
      lengths[column] = Double.POSITIVE_INFINITY;
      openPrices[column] = Double.NEGATIVE_INFINITY;
      reachedColumns[reached] = column;
      reachedLengths[reached++] = length;
      return column;
    }

    /** The first of the columns that are nearest, or the last of them that is free. */
    private int nearest() {
      double least = Double.POSITIVE_INFINITY;
      int nearest = NONE;
      for (int j = 0; j < columns; j++) {
        double known = lengths[j];
        if (known < least || (known == least && rowOfColumn[j] == NONE)) {
          least = known;
          nearest = j;
        }
      }
      return nearest;
    }

    /** Gives each row on the path the column after it, from the end to the start. */
    private void turn() {
      int row = reached;
      while (row > 0) {
        int column = reachedColumns[row - 1];
        row = rowBefore(column, reachedLengths[row - 1]);
        take(passedRows[row], column);
      }
    }

    /** The first of the rows passed through which a column is as near as it is. */
    private int rowBefore(int column, double shortest) {
      int row = 0;
      while (passedBases[row] + cost(passedRows[row], column) - columnPrices[column] != shortest) {
        row++;
      }
      return row;
    }

    private void price() {
      rowPrices[passedRows[0]] += length;
      for (int k = 0; k < reached; k++) {
        double gain = length - reachedLengths[k];
        columnPrices[reachedColumns[k]] -= gain;
        if (k + 1 < reached) {
          rowPrices[passedRows[k + 1]] += gain;
        }
      }
    }
  }
}
