package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;

import jdk.incubator.vector.DoubleVector;

/**
 * Copies of groups of a few elements to places 8 apart, by registers of 4: a copy that is called
 * costs more than it copies. Steps are constants, as the checks of places leave the loop only then.
 */
final class EightsCopy {
  static final int STEP = 8;

  private EightsCopy() {}

  static void fives(int times, double[] from, int at, int apart, double[] into, int to) {
    for (int q = 0, f = at; q < times; q++, f += apart) {
      int t = to + q * STEP;
      DoubleVector.fromArray(DOUBLES, from, f).intoArray(into, t);
      into[t + 4] = from[f + 4];
    }
  }

  static void eights(int times, double[] from, int at, int apart, double[] into, int to) {
    for (int q = 0, f = at; q < times; q++, f += apart) {
      int t = to + q * STEP;
      DoubleVector.fromArray(DOUBLES, from, f).intoArray(into, t);
      DoubleVector.fromArray(DOUBLES, from, f + 4).intoArray(into, t + 4);
    }
  }
}
