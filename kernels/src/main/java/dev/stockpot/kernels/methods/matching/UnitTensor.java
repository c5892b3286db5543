package dev.stockpot.kernels.methods.matching;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.Operand;
import java.util.function.DoubleBinaryOperator;

/**
 * A tensor as units and what each of them is connected with: element {@code (u, f)} lies at {@code
 * units[u] + features[f]}.
 */
public final class UnitTensor {
  private final Operand elements;
  private final int[] units;
  private final int[] features;

  /**
   * A tensor seen from its units.
   *
   * @param elements in row-major order
   * @param units place of the first element of each unit
   * @param features how far behind it each of its elements lies
   */
  public UnitTensor(Operand elements, int[] units, int[] features) {
    this.elements = requireNonNull(elements, "elements is null");
    this.units = units.clone();
    this.features = features.clone();
    if (units.length == 0 || features.length == 0) {
      throw new IllegalArgumentException(
          "%s units of %s elements".formatted(units.length, features.length));
    }
  }

  int units() {
    return units.length;
  }

  int features() {
    return features.length;
  }

  double at(int unit, int feature) {
    return elements.at(units[unit] + features[feature]);
  }

  /** Whether neighbours in memory are units, so that these are to be taken in the inner loop. */
  boolean liesByFeature() {
    return units.length > 1
        && (features.length == 1
            || Math.abs((long) units[1] - units[0]) < Math.abs((long) features[1] - features[0]));
  }

  /** Sum of the squares of all differences. */
  public double squaredDistance(UnitTensor other) {
    return sum(
        other,
        (one, another) -> {
          double difference = one - another;
          return difference * difference;
        });
  }

  /** Sum of all products. */
  public double inner(UnitTensor other) {
    return sum(other, (one, another) -> one * another);
  }

  /** Adds to a number for each unit the sum of the squares of its elements. */
  public void addSquares(double[] into) {
    if (into.length != units()) {
      throw new IllegalArgumentException("%s sums of %s units".formatted(into.length, units()));
    }
    for (int unit = 0; unit < units(); unit++) {
      double squares = 0;
      for (int feature = 0; feature < features(); feature++) {
        squares += at(unit, feature) * at(unit, feature);
      }
      into[unit] += squares;
    }
  }

  /** A sum for each unit, and the sum of these. */
  private double sum(UnitTensor other, DoubleBinaryOperator term) {
    if (other.units() != units() || other.features() != features()) {
      throw new IllegalArgumentException(
          "%s x %s and %s x %s".formatted(units(), features(), other.units(), other.features()));
    }
    double sum = 0;
    for (int unit = 0; unit < units(); unit++) {
      double ofUnit = 0;
      for (int feature = 0; feature < features(); feature++) {
        ofUnit += term.applyAsDouble(at(unit, feature), other.at(unit, feature));
      }
      sum += ofUnit;
    }
    return sum;
  }
}
