package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.merge.plan.Delta.Products;
import java.util.ArrayList;
import java.util.List;

/** Thin matrices of several adapters for one module, in float64, and what is made of them. */
final class AdapterProducts {
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Products delta;
  private final String module;
  private final Matrices matrices;
  private final List<Matrix> left = new ArrayList<>();
  private final List<Matrix> right = new ArrayList<>();

  /**
   * Reads them.
   *
   * @param operands left and right of each adapter
   */
  AdapterProducts(Products delta, String module, List<Operand> operands, Matrices matrices) {
    this.delta = delta;
    this.module = module;
    this.matrices = matrices;
    int rows = Math.toIntExact(delta.shape().dimensions().get(0));
    int columns = Math.toIntExact(delta.shape().dimensions().get(1));
    for (int i = 0; i < delta.terms().size(); i++) {
      int rank = Math.toIntExact(delta.terms().get(i).rank());
      left.add(matrices.of(operands.get(2 * i), rows, rank));
      right.add(matrices.of(operands.get(2 * i + 1), rank, columns));
    }
  }

  /** The change that comes of them. */
  Matrix merged() {
    return switch (delta.how().space()) {
      case DENSE -> dense();
      case CORE -> inCore();
      case KNOTS -> {
        try (Matrix allLeft = joinedLeft(false)) {
          double[] scales = delta.terms().stream().mapToDouble(Products.Term::scale).toArray();
          yield new SharedVectors(matrices, rule()).merged(allLeft, left, right, scales);
        }
      }
    };
  }

  /** What the change is the product of, where the factors are kept: left, then right. */
  List<Matrix> factors() {
    return switch (delta.how().rule()) {
      case CAT -> List.of(joinedLeft(true), joinedRight());
      case LORAHUB -> List.of(weighted(left, true), weighted(right, false));
      default -> List.of(sum(left, true), sum(right, false));
    };
  }

  private MergedChanges rule() {
    return new MergedChanges(
        delta.how(),
        delta.terms().stream().map(Products.Term::weight).toList(),
        delta.terms().stream().map(term -> draws(term.place())).toList());
  }

  private RandomStream draws(int place) {
    return new RandomStream((delta.seed() + place * SPREAD) ^ ((long) module.hashCode() << 32));
  }

  private double scale(int term) {
    return delta.terms().get(term).scale();
  }

  private Matrix dense() {
    List<Matrix> changes = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      changes.add(scaled(matrices.multiply(left.get(i), right.get(i)), scale(i)));
    }
    Matrix merged = rule().of(matrices, changes);
    changes.forEach(Matrix::close);
    return merged;
  }

  private Matrix scaled(Matrix matrix, double factor) {
    try (matrix) {
      return matrices.weightedSum(List.of(matrix), factor);
    }
  }

  /** In bases of what all left and all right factors span. */
  private Matrix inCore() {
    try (Matrix allLeft = joinedLeft(false);
        Matrix allRight = joinedRight();
        Svd ofLeft = matrices.svd(allLeft);
        Svd ofRight = matrices.svd(allRight)) {
      List<Matrix> cores = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        try (Matrix rows = matrices.multiply(ofLeft.left(), left.get(i));
            Matrix columns = matrices.multiply(right.get(i), ofRight.v())) {
          cores.add(scaled(matrices.multiply(rows, columns), scale(i)));
        }
      }
      try (Matrix merged = rule().of(matrices, cores);
          Matrix wide = matrices.multiply(merged, ofRight.right())) {
        cores.forEach(Matrix::close);
        return matrices.multiply(ofLeft.u(), wide);
      }
    }
  }

  /** Left factors side by side, weighted and scaled or as they are. */
  private Matrix joinedLeft(boolean isWeighted) {
    int rows = left.get(0).rows();
    Matrix joined = matrices.zeros(rows, Math.toIntExact(delta.ranks()));
    int at = 0;
    for (int i = 0; i < left.size(); i++) {
      Matrix own = left.get(i);
      double factor = isWeighted ? scale(i) * delta.terms().get(i).weight() : 1;
      matrices.addScaled(factor, own, joined.window(0, at, rows, own.columns()));
      at += own.columns();
    }
    return joined;
  }

  /** Right factors one below the other. */
  private Matrix joinedRight() {
    int columns = right.get(0).columns();
    Matrix joined = matrices.zeros(Math.toIntExact(delta.ranks()), columns);
    int at = 0;
    for (Matrix own : right) {
      matrices.addScaled(1, own, joined.window(at, 0, own.rows(), columns));
      at += own.rows();
    }
    return joined;
  }

  /** Sums of factors by the weights on both sides, whose scales go with one. */
  private Matrix weighted(List<Matrix> factors, boolean withScale) {
    double[] weights = new double[factors.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = delta.terms().get(i).weight() * (withScale ? scale(i) : 1);
    }
    return matrices.weightedSum(factors, weights);
  }

  /** Sums of factors by the roots of weights and scales, whose sign goes with one side. */
  private Matrix sum(List<Matrix> factors, boolean withSign) {
    double[] weights = new double[factors.size()];
    for (int i = 0; i < weights.length; i++) {
      double both = scale(i) * delta.terms().get(i).weight();
      weights[i] = (withSign ? Math.signum(both) : 1) * Math.sqrt(Math.abs(both));
    }
    return matrices.weightedSum(factors, weights);
  }
}
