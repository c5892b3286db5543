package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Orthogonal matching pursuit: again and again the anchor is chosen that has the largest inner
 * product with what is left of a row, and what is left becomes orthogonal to all that were chosen.
 * Anchors keep their lengths; of equal ones the first is taken.
 */
final class MatchingPursuit extends AnchoredRows {
  private static final long serialVersionUID = 1;

  /** What is left below this share of a row is rounding. */
  private static final double NOTHING = 1e-12;

  MatchingPursuit(long wanted, long anchors, long there, long here, int most) {
    super(wanted, anchors, there, here, most);
  }

  @Override
  int searches() {
    return most();
  }

  @Override
  List<Sum> sums(Matrices algebra, Matrix rows, Matrix anchors) {
    List<Pursuit> pursuits = new ArrayList<>();
    double[] ofRow = new double[anchors.rows()];
    try (Matrix left = algebra.copy(rows)) {
      for (int i = 0; i < rows.rows(); i++) {
        pursuits.add(new Pursuit(left, i, most()));
      }
      for (int step = 0; step < most() && pursuits.stream().anyMatch(Pursuit::goesOn); step++) {
        try (Matrix scores = algebra.multiply(left, anchors.transposed())) {
          for (Pursuit pursuit : pursuits) {
            if (pursuit.goesOn()) {
              scores.read(pursuit.row, 0, ofRow, 0, ofRow.length);
              pursuit.step(ofRow, anchors);
            }
          }
        }
      }
    }
    return pursuits.stream().map(Pursuit::sum).toList();
  }

  /** That of one row. {@code Q R = A}: the anchors that were chosen, as columns. */
  private static final class Pursuit {
    private final Matrix left;
    private final int row;
    private final double length;
    private final int[] chosen;
    private final double[][] q;
    private final double[][] r;
    private final double[] along; // Qᵀ x
    private final BitSet used = new BitSet();
    private int count;
    private boolean isDone;

    Pursuit(Matrix left, int row, int most) {
      this.left = left;
      this.row = row;
      this.chosen = new int[most];
      this.q = new double[most][];
      this.r = new double[most][];
      this.along = new double[most];
      this.length = Math.sqrt(dot(read(left, row), read(left, row)));
      this.isDone = length == 0;
    }

    boolean goesOn() {
      return !isDone && count < chosen.length;
    }

    void step(double[] scores, Matrix anchors) {
      for (int best = best(scores); best >= 0; best = best(scores)) {
        used.set(best);
        if (take(best, anchors)) {
          return;
        }
      }
      isDone = true;
    }

    /** Whether an anchor is taken: it may lie among those that were chosen. */
    private boolean take(int best, Matrix anchors) {
      double[] direction = read(anchors, best);
      double before = Math.sqrt(dot(direction, direction));
      double[] column = new double[count + 1];
      for (int pass = 0; pass < 2; pass++) { // twice is enough
        for (int j = 0; j < count; j++) {
          double part = dot(q[j], direction);
          column[j] += part;
          add(-part, q[j], direction);
        }
      }
      double norm = Math.sqrt(dot(direction, direction));
      if (!(norm > NOTHING * before)) {
        return false;
      }
      column[count] = norm;
      for (int i = 0; i < direction.length; i++) {
        direction[i] /= norm;
      }
      double[] rest = read(left, row);
      double part = dot(direction, rest);
      add(-part, direction, rest);
      left.write(row, 0, rest, 0, rest.length);
      chosen[count] = best;
      q[count] = direction;
      r[count] = column;
      along[count] = part;
      count++;
      isDone = !(Math.sqrt(dot(rest, rest)) > NOTHING * length);
      return true;
    }

    private int best(double[] scores) {
      int best = -1;
      double most = 0;
      for (int j = 0; j < scores.length; j++) {
        if (Math.abs(scores[j]) > most && !used.get(j)) {
          best = j;
          most = Math.abs(scores[j]);
        }
      }
      return best;
    }

    /** {@code R c = Qᵀ x}, from the last row up. */
    Sum sum() {
      double[] coefficients = new double[count];
      for (int i = count - 1; i >= 0; i--) {
        double rest = along[i];
        for (int j = i + 1; j < count; j++) {
          rest -= r[j][i] * coefficients[j];
        }
        coefficients[i] = rest / r[i][i];
      }
      double[] rest = read(left, row);
      double lacks = length == 0 ? 0 : Math.sqrt(dot(rest, rest)) / length;
      return new Sum(Arrays.copyOf(chosen, count), coefficients, lacks);
    }

    private static double[] read(Matrix matrix, int row) {
      double[] values = new double[matrix.columns()];
      matrix.read(row, 0, values, 0, values.length);
      return values;
    }

    private static double dot(double[] a, double[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum = Math.fma(a[i], b[i], sum);
      }
      return sum;
    }

    private static void add(double factor, double[] x, double[] into) {
      for (int i = 0; i < into.length; i++) {
        into[i] = Math.fma(factor, x[i], into[i]);
      }
    }
  }
}
