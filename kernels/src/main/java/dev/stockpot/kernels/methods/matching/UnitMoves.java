package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.matrix.Svd;

/** What the units within a head may do without changing what the model computes. */
public enum UnitMoves {
  /** Stay where they are. */
  STAY {
    @Override
    Within best(Matrices algebra, Matrix likeness) {
      return new Within.Places(Permutation.identity(likeness.rows()));
    }
  },
  /** Change places. */
  PERMUTE {
    @Override
    Within best(Matrices algebra, Matrix likeness) {
      return new Within.Places(BestOrder.of(algebra, likeness));
    }
  },
  /** Be turned two by two, the first with the first of the second half: as RoPE turns them. */
  TURN_IN_PAIRS {
    @Override
    Within best(Matrices algebra, Matrix likeness) {
      return angles(likeness);
    }
  },
  /** Be turned by any orthogonal matrix. */
  TURN {
    @Override
    Within best(Matrices algebra, Matrix likeness) {
      return rotation(algebra, likeness);
    }
  };

  /** How far from orthogonal a matrix may be by rounding. */
  private static final double NEARLY = 1e-9;

  /** The best of these: with the largest sum of how alike units then are. */
  abstract Within best(Matrices algebra, Matrix likeness);

  boolean turns() {
    return this == TURN || this == TURN_IN_PAIRS;
  }

  Demand demand(int units) {
    return this == TURN
        ? Demand.svd(units, units).and(Demand.matrix(units, units).each(2))
        : BestOrder.demand(units);
  }

  /** Of each pair the angle under which it is nearest. */
  private static Within angles(Matrix likeness) {
    int units = likeness.rows();
    int half = units / 2;
    double[] matrix = Turn.unturned(units);
    for (int one = 0; one < half; one++) {
      int other = one + half;
      double along = likeness.at(one, one) + likeness.at(other, other);
      double across = likeness.at(other, one) - likeness.at(one, other);
      double length = Math.sqrt(along * along + across * across);
      if (length > 0) {
        matrix[one * units + one] = along / length;
        matrix[other * units + other] = along / length;
        matrix[other * units + one] = across / length;
        matrix[one * units + other] = -across / length;
      }
    }
    return new Within.Turned(units, matrix);
  }

  /**
   * The orthogonal matrix that is nearest.
   *
   * @see <a href="https://doi.org/10.1007/BF02289451">Schönemann: A generalized solution of the
   *     orthogonal Procrustes problem</a>
   */
  private static Within rotation(Matrices algebra, Matrix likeness) {
    int units = likeness.rows();
    try (Svd svd = algebra.svd(likeness);
        Matrix nearest = algebra.multiply(svd.u(), svd.right());
        Matrix square = algebra.gram(nearest)) {
      double[] matrix = new double[units * units];
      for (int unit = 0; unit < units; unit++) {
        nearest.read(unit, 0, matrix, unit * units, units);
        for (int other = 0; other <= unit; other++) {
          double wanted = unit == other ? 1 : 0;
          if (!(Math.abs(square.at(unit, other) - wanted) < NEARLY)) { // nothing tells a direction
            return new Within.Turned(units, Turn.unturned(units));
          }
        }
      }
      return new Within.Turned(units, matrix);
    }
  }
}
