package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * The nearest anchors by their distance, each weighed by its inverse; of equal ones the first is
 * taken.
 */
final class Neighbours extends AnchoredRows {
  private static final long serialVersionUID = 1;
  private static final double LEAST_DISTANCE = 1e-6;

  Neighbours(long wanted, long anchors, long there, long here, int most) {
    super(wanted, anchors, there, here, most);
  }

  @Override
  int searches() {
    return 1;
  }

  @Override
  List<Sum> sums(Matrices algebra, Matrix rows, Matrix anchors) {
    List<Sum> sums = new ArrayList<>();
    double[] anchor = new double[anchors.columns()];
    double[] row = new double[rows.columns()];
    for (int i = 0; i < rows.rows(); i++) {
      rows.read(i, 0, row, 0, row.length);
      Nearest nearest = new Nearest(most());
      for (int j = 0; j < anchors.rows(); j++) {
        anchors.read(j, 0, anchor, 0, anchor.length);
        nearest.look(j, distance(row, anchor));
      }
      sums.add(nearest.sum(row, anchors));
    }
    return sums;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double off = a[i] - b[i];
      sum = Math.fma(off, off, sum);
    }
    return Math.sqrt(sum);
  }

  /** The nearest so far, in the order of their distances. */
  private static final class Nearest {
    private final int[] anchors;
    private final double[] distances;
    private int count;

    Nearest(int most) {
      anchors = new int[most];
      distances = new double[most];
    }

    void look(int anchor, double distance) {
      if (count == anchors.length && distance >= distances[count - 1]) {
        return;
      }
      int place = count < anchors.length ? count++ : count - 1;
      while (place > 0 && distances[place - 1] > distance) {
        anchors[place] = anchors[place - 1];
        distances[place] = distances[place - 1];
        place--;
      }
      anchors[place] = anchor;
      distances[place] = distance;
    }

    Sum sum(double[] row, Matrix all) {
      double[] weights = new double[count];
      double total = 0;
      for (int i = 0; i < count; i++) {
        weights[i] = 1 / Math.max(distances[i], LEAST_DISTANCE);
        total += weights[i];
      }
      for (int i = 0; i < count; i++) {
        weights[i] /= total;
      }
      return new Sum(anchors, weights, left(row, all, weights));
    }

    private double left(double[] row, Matrix all, double[] weights) {
      double[] met = new double[row.length];
      double[] anchor = new double[row.length];
      for (int i = 0; i < count; i++) {
        all.read(anchors[i], 0, anchor, 0, anchor.length);
        for (int c = 0; c < met.length; c++) {
          met[c] = Math.fma(weights[i], anchor[c], met[c]);
        }
      }
      double length = distance(row, new double[row.length]);
      return length == 0 ? 0 : distance(row, met) / length;
    }
  }
}
