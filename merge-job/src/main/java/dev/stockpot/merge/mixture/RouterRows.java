package dev.stockpot.merge.mixture;

import dev.stockpot.kernels.matrix.Jacobi;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.merge.model.Generated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of routers, one for each expert, in float64. */
record RouterRows(List<double[]> rows) {
  /** Shorter ones point nowhere. */
  private static final double SHORTEST = 1e-8;

  /** What rounding leaves of a value that is zero. */
  private static final double LEAST_SHARE = 1e-13;

  RouterRows {
    rows = List.copyOf(rows);
  }

  /** Rows that lie one behind the other. */
  static RouterRows of(double[] all, int width) {
    List<double[]> rows = new ArrayList<>();
    for (int first = 0; first < all.length; first += width) {
      rows.add(Arrays.copyOfRange(all, first, first + width));
    }
    return new RouterRows(rows);
  }

  /** These without the mean of all. */
  RouterRows centred() {
    double[] mean = new double[rows.get(0).length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.size();
      }
    }
    return new RouterRows(rows.stream().map(row -> difference(row, mean)).toList());
  }

  /** These, each of length 1. */
  RouterRows normalized() {
    return new RouterRows(rows.stream().map(RouterRows::normalized).toList());
  }

  RouterRows scaled(double factor) {
    return new RouterRows(
        rows.stream().map(row -> Arrays.stream(row).map(x -> x * factor).toArray()).toList());
  }

  static double[] normalized(double[] row) {
    double length = Math.max(length(row), SHORTEST);
    return Arrays.stream(row).map(x -> x / length).toArray();
  }

  static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  static double length(double[] row) {
    return Math.sqrt(inner(row, row));
  }

  private static double inner(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The first so many. */
  RouterRows first(int count) {
    return new RouterRows(rows.subList(0, count));
  }

  /** One alone. */
  RouterRows only(int row) {
    return new RouterRows(List.of(rows.get(row)));
  }

  /**
   * How well a router can tell the experts apart: its largest singular value by its smallest. 1 if
   * all rows are at right angles and alike in length, infinite if one follows from the others.
   */
  double condition() {
    int count = rows.size();
    double[][] gram = new double[count][count];
    for (int a = 0; a < count; a++) {
      for (int b = 0; b <= a; b++) {
        gram[a][b] = inner(rows.get(a), rows.get(b));
        gram[b][a] = gram[a][b];
      }
    }
    double[] values = Jacobi.of(gram).values();
    double most = Arrays.stream(values).max().orElse(0);
    double least = Arrays.stream(values).min().orElse(0);
    return least > most * LEAST_SHARE ? Math.sqrt(most / least) : Double.POSITIVE_INFINITY;
  }

  /** As a tensor. */
  Generated tensor() {
    int width = rows.get(0).length;
    float[] numbers = new float[rows.size() * width];
    for (int row = 0; row < rows.size(); row++) {
      for (int i = 0; i < width; i++) {
        numbers[row * width + i] = (float) rows.get(row)[i];
      }
    }
    return new Generated(Numbers.given(numbers), Shape.of(rows.size(), width));
  }
}
