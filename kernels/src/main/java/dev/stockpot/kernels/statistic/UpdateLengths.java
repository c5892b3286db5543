package dev.stockpot.kernels.statistic;

import java.io.Serializable;

/**
 * How long a merge's change to its base is beside what rounding adds to it: roots of sums of
 * squares, where somebody measured them.
 *
 * @param base of the base's numbers
 * @param change of what the merge adds to them, before it is rounded
 * @param error of what rounding adds to that
 */
public record UpdateLengths(double base, double change, double error) implements Serializable {
  public static final UpdateLengths NONE = new UpdateLengths(0, 0, 0);

  public UpdateLengths {
    if (!(base >= 0) || !(change >= 0) || !(error >= 0)) {
      throw new IllegalArgumentException(
          "base %s, change %s, error %s".formatted(base, change, error));
    }
  }

  /** Of two tensors together. */
  public UpdateLengths plus(UpdateLengths other) {
    return new UpdateLengths(
        Math.hypot(base, other.base),
        Math.hypot(change, other.change),
        Math.hypot(error, other.error));
  }

  /** Length of the change in units of the base's; 0 without one. */
  public double relativeChange() {
    return base == 0 ? 0 : change / base;
  }

  /** Length of what rounding adds in units of the base's; 0 without one. */
  public double relativeError() {
    return base == 0 ? 0 : error / base;
  }

  /**
   * Whether rounding adds more than half of the squares that the merge does: where all of a change
   * is rounded away, the error is as long as the change, and not longer.
   */
  public boolean areDrowned() {
    return change > 0 && 2 * error * error > change * change;
  }
}
