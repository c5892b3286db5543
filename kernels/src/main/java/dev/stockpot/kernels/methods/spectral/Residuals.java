package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.random.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Each task vector is a head H, its largest singular value with its vectors, and the rest R. The
 * rests are merged by direction, so far as they agree at a norm near their mean; of the heads comes
 * as much as they agree. All norms and angles are known from inner products alone.
 *
 * @param isTrusted whether agreement lowers the exponent, as in attention and feed-forward layers
 * @param draws what the search for the largest begins with
 */
record Residuals(boolean isTrusted, RandomStream draws) implements SpectralRule {
  private static final double LEAST_EXPONENT = 0.7;
  private static final double MOST_EXPONENT = 1.0;
  private static final double HEADS = 0.20;
  private static final double EPSILON = 1e-8;

  @Override
  public Demand demand(MatrixForm form, int models) {
    Demand one = SpectralRule.one(form);
    Demand heads =
        Demand.matrix(1, form.rows()).and(Demand.matrix(1, form.columns())).each(models + 2);
    Demand triplets = one.and(Demand.largest(form.rows(), form.columns(), 1)).times(models);
    Demand products =
        one.each(2).and(new Demand(0, 4.0 * models * models * form.rows() * form.columns()));
    return heads.and(triplets.then(products));
  }

  @Override
  public Matrix merge(TaskMatrices tasks) {
    Matrices algebra = tasks.algebra();
    List<Svd> heads = new ArrayList<>();
    try {
      for (int model = 0; model < tasks.size(); model++) {
        try (Matrix task = tasks.task(model)) {
          heads.add(algebra.largest(task, 1, draws));
        }
      }
      ResidualWeights weights = weights(tasks, heads);
      Matrix merged = algebra.zeros(tasks.form().rows(), tasks.form().columns());
      for (int model = 0; model < tasks.size(); model++) {
        try (Matrix task = tasks.task(model)) {
          algebra.addScaled(weights.rests()[model], task, merged);
        }
        Svd head = heads.get(model);
        double factor = head.values()[0] * (weights.heads()[model] - weights.rests()[model]);
        addOuter(factor, head, merged);
      }
      return merged;
    } finally {
      heads.forEach(Svd::close);
    }
  }

  private static void addOuter(double factor, Svd head, Matrix into) {
    double[] left = new double[into.rows()];
    double[] right = new double[into.columns()];
    double[] row = new double[into.columns()];
    head.left().read(0, 0, left, 0, left.length);
    head.right().read(0, 0, right, 0, right.length);
    for (int i = 0; i < left.length; i++) {
      into.read(i, 0, row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        row[j] = Math.fma(factor * left[i], right[j], row[j]);
      }
      into.write(i, 0, row, 0, row.length);
    }
  }

  private ResidualWeights weights(TaskMatrices tasks, List<Svd> heads) {
    int models = tasks.size();
    double[][] rests = new double[models][models];
    double[][] ofHeads = new double[models][models];
    for (int i = 0; i < models; i++) {
      try (Matrix task = tasks.task(i)) {
        for (int j = 0; j < models; j++) {
          ofHeads[i][j] = heads(tasks, heads.get(i), heads.get(j));
          // ⟨δᵢ, Hⱼ⟩, which is ⟨Hᵢ, Hⱼ⟩ and what the rest of δᵢ has of it
          double crossed = crossed(tasks, task, heads.get(j));
          rests[i][j] -= crossed;
          rests[j][i] -= crossed;
          rests[i][j] += ofHeads[i][j];
          if (j >= i) {
            double inner = inner(tasks, task, i, j);
            rests[i][j] += inner;
            if (j > i) {
              rests[j][i] += inner;
            }
          }
        }
        double whole = tasks.algebra().inner(task, task);
        if (rests[i][i] < 1e-14 * whole) { // no more than rounding
          rests[i][i] = 0;
        }
      }
    }
    return ResidualWeights.of(rests, ofHeads, isTrusted);
  }

  private static double inner(TaskMatrices tasks, Matrix task, int i, int j) {
    if (i == j) {
      return tasks.algebra().inner(task, task);
    }
    try (Matrix other = tasks.task(j)) {
      return tasks.algebra().inner(task, other);
    }
  }

  private static double heads(TaskMatrices tasks, Svd a, Svd b) {
    return a.values()[0]
        * b.values()[0]
        * tasks.algebra().inner(a.left(), b.left())
        * tasks.algebra().inner(a.right(), b.right());
  }

  /** {@code σ uᵀ δ v}. */
  private static double crossed(TaskMatrices tasks, Matrix task, Svd head) {
    try (Matrix image = tasks.algebra().multiply(task, head.v())) {
      return head.values()[0] * tasks.algebra().inner(image.transposed(), head.left());
    }
  }

  /** Numbers that decide; shared with {@link ResidualWeights}. */
  static double exponent(double agreement, double closeness, boolean isTrusted) {
    double sure =
        isTrusted ? clamp((clamp((agreement + 1) / 2) + clamp((closeness + 1) / 2)) / 2) : 0;
    return MOST_EXPONENT - (MOST_EXPONENT - LEAST_EXPONENT) * sure;
  }

  static double headShare() {
    return HEADS;
  }

  static double epsilon() {
    return EPSILON;
  }

  static double clamp(double x) {
    return Math.max(0, Math.min(1, x));
  }
}
