package dev.stockpot.kernels.methods.matching;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Heads of one side, each turned by an orthogonal matrix: unit i of a head becomes the sum of its
 * units j, each times element (i, j).
 */
public final class Turn implements Serializable {
  private static final long serialVersionUID = 1;

  private final int units;
  private final double[][] matrices;

  /**
   * A turn.
   *
   * @param units of each head
   * @param matrices of each head in their order, row by row; one may be there several times
   * @throws IllegalArgumentException if there is none, or one is not of that size
   */
  Turn(int units, double[][] matrices) {
    this.units = units;
    this.matrices = matrices.clone();
    for (double[] matrix : matrices) {
      if (matrix.length != Math.multiplyExact(units, units)) {
        throw new IllegalArgumentException(
            "%s elements turn no %s units".formatted(matrix.length, units));
      }
    }
    if (matrices.length == 0) {
      throw new IllegalArgumentException("no heads of %s units".formatted(units));
    }
  }

  /** Heads that stay as they are. */
  static Turn none(int units, int heads) {
    double[][] matrices = new double[heads][];
    Arrays.fill(matrices, unturned(units));
    return new Turn(units, matrices);
  }

  static double[] unturned(int units) {
    double[] matrix = new double[units * units];
    for (int unit = 0; unit < units; unit++) {
      matrix[unit * (units + 1)] = 1;
    }
    return matrix;
  }

  int units() {
    return units;
  }

  int heads() {
    return matrices.length;
  }

  double at(int head, int to, int from) {
    return matrices[head][to * units + from];
  }

  /** Places along the axis that they fill. */
  public int places() {
    return units * matrices.length;
  }

  /** All elements as float64, for digests. */
  public ByteBuffer bytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(places(), Math.multiplyExact(units, Double.BYTES)));
    Arrays.stream(matrices).flatMapToDouble(Arrays::stream).forEach(bytes::putDouble);
    return bytes.flip();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Turn turn
        && units == turn.units
        && Arrays.deepEquals(matrices, turn.matrices);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(matrices);
  }

  @Override
  public String toString() {
    return "turn of %s heads of %s units".formatted(heads(), units);
  }
}
