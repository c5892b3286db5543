package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Matrix;
import java.util.Arrays;

/**
 * Joins the two features that are most alike, of two models or within one, until there are as many
 * as one model has units. A joined feature is as like others as the less like of its two, times
 * alpha. Pairs within a model draw on its budget. Of equally good pairs the first counts.
 *
 * @see <a href="https://arxiv.org/abs/2305.03053">ZipIt! Merging Models from Different Tasks
 *     without Training</a>
 */
public final class Zipper {
  private static final int NONE = -1;

  private final Matrix likeness;
  private final double alpha;
  private final int all;
  private final int[] joinedTo; // the first unit of the feature that a unit is in
  private final int[] best; // the feature behind it that one is most like, or NONE
  private final int[] budgets = new int[2];

  /** Begins with each unit by itself. */
  private Zipper(Matrix likeness, double alpha, double beta) {
    this.likeness = likeness;
    this.alpha = alpha;
    this.all = likeness.rows();
    this.joinedTo = new int[all];
    this.best = new int[all];
    Arrays.setAll(joinedTo, unit -> unit);
    Arrays.fill(budgets, (int) (all / 4.0 * beta)); // of all, half go: a quarter of a model
  }

  /**
   * Joins units.
   *
   * @param likeness of all units of both models to each other, those of the first before those of
   *     the other; changed on the way
   * @param alpha how much less alike joined features are to others, over 0 up to 1
   * @param beta the share of each model's units to be removed that may go within it, 0 to 1
   * @throws IllegalArgumentException if that is no square of an even size, or not finite
   */
  public static Zip of(Matrix likeness, double alpha, double beta) {
    if (likeness.rows() != likeness.columns() || likeness.rows() % 2 > 0) {
      throw new IllegalArgumentException(likeness + " is of no two models' units");
    }
    return new Zipper(likeness, alpha, beta).zip();
  }

  private Zip zip() {
    for (int feature = 0; feature < all; feature++) {
      look(feature);
    }
    for (int left = all; left > all / 2; left--) {
      join();
    }
    int[] numbers = new int[all];
    int[] features = new int[all];
    int next = 0;
    for (int unit = 0; unit < all; unit++) {
      numbers[unit] = joinedTo[unit] == unit ? next++ : numbers[joinedTo[unit]];
      features[unit] = numbers[unit];
    }
    return new Zip(features);
  }

  private boolean isThere(int feature) {
    return joinedTo[feature] == feature;
  }

  /** The model of a feature: that of its first unit. */
  private int model(int feature) {
    return feature < all / 2 ? 0 : 1;
  }

  private boolean mayJoin(int one, int other) {
    return model(one) != model(other) || budgets[model(one)] > 0;
  }

  /** Finds which feature behind it one is most like. */
  private void look(int feature) {
    best[feature] = NONE;
    double most = Double.NEGATIVE_INFINITY;
    for (int other = feature + 1; other < all; other++) {
      if (isThere(other) && mayJoin(feature, other)) {
        double like = likeness.at(feature, other);
        if (!Double.isFinite(like)) {
          throw new IllegalArgumentException("units are alike by " + like);
        }
        if (like > most) {
          most = like;
          best[feature] = other;
        }
      }
    }
  }

  private void join() {
    int one = NONE;
    double most = Double.NEGATIVE_INFINITY;
    for (int feature = 0; feature < all; feature++) {
      if (isThere(feature) && best[feature] != NONE) {
        double like = likeness.at(feature, best[feature]);
        if (like > most) {
          most = like;
          one = feature;
        }
      }
    }
    int other = best[one];
    boolean isWithin = model(one) == model(other);
    for (int unit = 0; unit < all; unit++) {
      joinedTo[unit] = joinedTo[unit] == other ? one : joinedTo[unit];
    }
    for (int feature = 0; feature < all; feature++) {
      if (isThere(feature) && feature != one) {
        double like = alpha * Math.min(likeness.at(one, feature), likeness.at(other, feature));
        likeness.set(one, feature, like);
        likeness.set(feature, one, like);
      }
    }
    budgets[model(one)] -= isWithin ? 1 : 0;
    boolean isSpent = isWithin && budgets[model(one)] == 0;
    for (int feature = 0; feature < all; feature++) {
      if (isThere(feature)) {
        lookAgain(feature, one, other, isSpent);
      }
    }
  }

  private void lookAgain(int feature, int one, int other, boolean isSpent) {
    boolean isTouched = best[feature] == one || best[feature] == other || feature == one;
    if (isTouched || (isSpent && best[feature] != NONE && !mayJoin(feature, best[feature]))) {
      look(feature);
    } else if (feature < one && mayJoin(feature, one)) {
      boolean isBetter =
          best[feature] == NONE
              || likeness.at(feature, one) > likeness.at(feature, best[feature])
              || (likeness.at(feature, one) == likeness.at(feature, best[feature])
                  && one < best[feature]);
      best[feature] = isBetter ? one : best[feature];
    }
  }
}
