package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import java.util.function.DoubleBinaryOperator;

/**
 * Each element's mean over the models, weighed by how large it is beside the others of its own task
 * vector and by how well it agrees with the same element of all: {@code βᵢ =
 * exp(N·n(|δᵢ|)²)·tanh(δᵢ⊙Σⱼδⱼ)}, n taking magnitudes to 0 to 1 after their tails are cut. Of each
 * task vector the share with the largest β counts, by its β taken to 0 to 1; the rest not.
 *
 * @param ratio that share
 */
record Competition(double ratio) implements SpectralRule {
  /** At each end of the magnitudes, as in the authors' code. */
  private static final double TAIL = 1e-4;

  private static final double LEAST_WEIGHT = 1e-12;

  @Override
  public Demand demand(MatrixForm form, int models) {
    Demand one = SpectralRule.one(form);
    return one.each(5).and(new Demand(0, 200.0 * (models + 1) * one.operations()));
  }

  @Override
  public Matrix merge(TaskMatrices tasks) {
    Matrices algebra = tasks.algebra();
    Matrix merged = algebra.zeros(tasks.form().rows(), tasks.form().columns());
    try (Matrix sum = tasks.sum();
        Matrix weights = algebra.zeros(tasks.form().rows(), tasks.form().columns())) {
      for (int model = 0; model < tasks.size(); model++) {
        try (Matrix task = tasks.task(model);
            Matrix score = algebra.copy(task)) {
          compete(task, sum, score, tasks.size());
          each(weights, score, Double::sum);
          each(task, score, (change, weight) -> change * weight);
          algebra.addScaled(1, task, merged);
        }
      }
      each(merged, weights, (made, weight) -> made / Math.max(LEAST_WEIGHT, weight));
    }
    return merged;
  }

  /**
   * Cuts the tails of a task vector, and finds how much each element counts.
   *
   * @param score the task vector, which becomes that
   */
  private void compete(Matrix task, Matrix sum, Matrix score, int models) {
    long elements = (long) task.rows() * task.columns();
    long cut = (long) (elements * TAIL);
    each(score, score, (change, same) -> Math.abs(change));
    double least = Ranking.at(score, cut);
    double most = Ranking.at(score, elements - 1 - cut);
    each(score, score, (size, same) -> alone(size, least, most, models));
    agree(task, sum, score);
    double from = Ranking.at(score, Math.min(elements - 1, (long) (elements * (1 - ratio))));
    double best = Ranking.at(score, elements - 1);
    each(score, score, (own, same) -> share(Math.max(from, own), from, best));
    each(
        task,
        task,
        (change, same) -> Math.signum(change) * Math.min(most, Math.max(least, Math.abs(change))));
  }

  /** Weighs each element by how well it goes along with the sum of all models'. */
  private static void agree(Matrix task, Matrix sum, Matrix score) {
    double[] own = new double[score.columns()];
    double[] change = new double[score.columns()];
    double[] all = new double[score.columns()];
    for (int i = 0; i < score.rows(); i++) {
      score.read(i, 0, own, 0, own.length);
      task.read(i, 0, change, 0, own.length);
      sum.read(i, 0, all, 0, own.length);
      for (int j = 0; j < own.length; j++) {
        own[j] *= StrictMath.tanh(change[j] * all[j]);
      }
      score.write(i, 0, own, 0, own.length);
    }
  }

  private static double alone(double size, double least, double most, int models) {
    double share = share(Math.min(most, Math.max(least, size)), least, most);
    return StrictMath.exp(models * share * share);
  }

  /** Of the way from one number to another. */
  private static double share(double number, double from, double to) {
    return to > from ? (number - from) / (to - from) : 0;
  }

  /** Changes all elements of a matrix by those of another. */
  private static void each(Matrix into, Matrix by, DoubleBinaryOperator rule) {
    double[] own = new double[into.columns()];
    double[] other = new double[into.columns()];
    for (int i = 0; i < into.rows(); i++) {
      into.read(i, 0, own, 0, own.length);
      by.read(i, 0, other, 0, own.length);
      for (int j = 0; j < own.length; j++) {
        own[j] = rule.applyAsDouble(own[j], other[j]);
      }
      into.write(i, 0, own, 0, own.length);
    }
  }
}
