package dev.stockpot.merge.choose;

import java.util.List;

/**
 * The Sobol sequence in 32 bits, in the order of Gray codes, with the direction numbers of Joe and
 * Kuo 2008 (new-joe-kuo-6).
 */
final class Sobol {
  /** Degree of a primitive polynomial, its inner coefficients, then its first numbers. */
  private static final int[][] DIRECTIONS = {
    {1, 0, 1},
    {2, 1, 1, 3},
    {3, 1, 1, 3, 1},
    {3, 2, 1, 1, 1},
    {4, 1, 1, 1, 3, 3},
    {4, 4, 1, 3, 5, 13},
    {5, 2, 1, 1, 5, 5, 17},
    {5, 4, 1, 1, 5, 5, 5},
    {5, 7, 1, 1, 7, 11, 19},
    {5, 11, 1, 1, 5, 1, 1},
    {5, 13, 1, 1, 1, 3, 11},
    {5, 14, 1, 3, 5, 5, 31},
    {6, 1, 1, 3, 3, 9, 7, 49},
    {6, 13, 1, 1, 1, 15, 21, 21},
    {6, 16, 1, 3, 1, 13, 27, 49},
    {6, 19, 1, 1, 1, 15, 7, 5},
    {6, 22, 1, 3, 1, 15, 13, 25},
    {6, 25, 1, 1, 5, 5, 19, 61},
    {7, 1, 1, 3, 7, 11, 23, 15, 103},
    {7, 4, 1, 3, 7, 13, 13, 15, 69},
  };

  /** The first dimension needs no polynomial. */
  static final int MOST_DIMENSIONS = DIRECTIONS.length + 1;

  private static final int BITS = 32;

  private final int[][] numbers;
  private final int[] state;
  private int count;

  Sobol(int dimensions) {
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "%s dimensions, must be 1 to %s".formatted(dimensions, MOST_DIMENSIONS));
    }
    numbers = new int[dimensions][BITS];
    state = new int[dimensions];
    for (int i = 0; i < BITS; i++) {
      numbers[0][i] = 1 << (BITS - 1 - i);
    }
    for (int d = 1; d < dimensions; d++) {
      fill(numbers[d], DIRECTIONS[d - 1]);
    }
  }

  private static void fill(int[] v, int[] direction) {
    int degree = direction[0];
    for (int i = 0; i < BITS; i++) {
      if (i < degree) {
        v[i] = direction[2 + i] << (BITS - 1 - i);
        continue;
      }
      v[i] = v[i - degree] ^ (v[i - degree] >>> degree);
      for (int k = 1; k < degree; k++) {
        if ((direction[1] >> (degree - 1 - k) & 1) == 1) {
          v[i] ^= v[i - k];
        }
      }
    }
  }

  /** The next point, in [0, 1); the first one is the corner at 0. */
  List<Double> next() {
    Double[] point = new Double[state.length];
    for (int d = 0; d < point.length; d++) {
      point[d] = (state[d] & 0xFFFF_FFFFL) * 0x1p-32;
    }
    int change = Integer.numberOfTrailingZeros(~count);
    for (int d = 0; d < point.length; d++) {
      state[d] ^= numbers[d][change];
    }
    count++;
    return List.of(point);
  }
}
