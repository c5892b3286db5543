package dev.stockpot.kernels.observe;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How many units of one model have the unit at the same place for the nearest of another, for each
 * pair of models.
 *
 * @param fixed those that have it; one of several that are equally near counts as its share
 * @param chance how many would by chance
 * @param units that were compared
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record UnitSums(double[] fixed, double[] chance, double[] units) implements Serializable {

  /** Of these and those. */
  public UnitSums plus(UnitSums more) {
    return new UnitSums(sum(fixed, more.fixed), sum(chance, more.chance), sum(units, more.units));
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = a.clone();
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }

  /** None of any of so many pairs. */
  public static UnitSums none(int pairs) {
    return new UnitSums(new double[pairs], new double[pairs], new double[pairs]);
  }
}
