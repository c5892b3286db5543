package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;

/**
 * What was seen of one tensor of several models.
 *
 * @param elements that were looked at, of each model
 * @param sums of the view
 * @param units what was found of units
 */
public record KinshipSums(KinshipView view, long elements, PartialSums sums, UnitSums units)
    implements Statistic {

  @Override
  public KinshipSums plus(Statistic next) {
    if (!(next instanceof KinshipSums more) || !more.view.equals(view)) {
      throw new IllegalArgumentException("%s after one of %s".formatted(next, view));
    }
    return new KinshipSums(
        view, elements + more.elements, sums.plus(more.sums), units.plus(more.units));
  }

  /** The square of a model's length. */
  public double square(int model) {
    return sums.total(view.square(model));
  }

  /** The square of the distance between two models; 0 between one and itself. */
  public double distance(int i, int j) {
    return i == j ? 0 : sums.total(view.distance(i, j));
  }

  /**
   * Elements in which a model is not as the base.
   *
   * @throws IllegalStateException if there is no base
   */
  public double changed(int model) {
    requireBase();
    return sums.total(view.changed(model));
  }

  /** Elements in which neither of two is as the base. */
  public double changedByBoth(int i, int j) {
    requireBase();
    return sums.total(view.changedByBoth(i, j));
  }

  /** Those of them in which both are above the base, or both below. */
  public double agreeing(int i, int j) {
    requireBase();
    return sums.total(view.agreeing(i, j));
  }

  private void requireBase() {
    if (!view.hasBase()) {
      throw new IllegalStateException("%s models without a base".formatted(view.models()));
    }
  }

  /** Whether all that was looked at is finite. */
  public boolean isFinite() {
    for (int i = 0; i < view.models(); i++) {
      if (!Double.isFinite(square(i))) {
        return false;
      }
    }
    return true;
  }
}
