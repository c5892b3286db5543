package dev.stockpot.kernels.matrix;

/**
 * What is left of two halves when they are joined: a square with {@code z} as its first row and
 * {@code d} below on its diagonal, d[0] being zero. Elements that are too small to matter, and all
 * but one of equal d, are taken out first (deflation).
 */
final class Arrow {
  private static final double EPSILON = 0x1p-53;

  /** Which half's columns a vector reaches. */
  enum Kind {
    LEFT,
    BOTH,
    RIGHT
  }

  /** Turns two vectors of either side: {@code first = c first + s second}, {@code second = …}. */
  @FunctionalInterface
  interface Rotation {
    void rotate(int first, int second, double c, double s);
  }

  final int[] rows;
  final double[] d;
  final double[] z;
  final Kind[] kinds;
  private final int size;
  private int kept;

  /**
   * Takes elements in ascending order of d, the first with d zero.
   *
   * @param rows which vectors they are
   */
  Arrow(int[] rows, double[] d, double[] z, Kind[] kinds) {
    this.rows = rows;
    this.d = d;
    this.z = z;
    this.kinds = kinds;
    this.size = rows.length;
  }

  /** How many are left; they come first, in ascending order of d. */
  int kept() {
    return kept;
  }

  /** Takes out what does not matter, which then comes last. */
  void deflate(double largest, Rotation rotation) {
    double tolerance = 8 * EPSILON * Math.max(largest, d[size - 1]);
    if (Math.abs(z[0]) <= tolerance) {
      z[0] = z[0] < 0 ? -tolerance : tolerance;
    }
    boolean[] out = new boolean[size];
    int last = -1;
    for (int j = 1; j < size; j++) {
      if (Math.abs(z[j]) <= tolerance) {
        out[j] = true;
      } else if (last > 0 && d[j] - d[last] <= tolerance) {
        join(last, j, rotation);
        out[last] = true;
        last = j;
      } else {
        last = j;
      }
    }
    sort(out);
    if (kept > 1 && d[1] <= tolerance / 2) {
      d[1] = tolerance / 2;
    }
  }

  /** Makes the first one's z zero. */
  private void join(int first, int second, Rotation rotation) {
    double length = Math.sqrt(Math.fma(z[first], z[first], z[second] * z[second]));
    double c = z[second] / length;
    double s = -z[first] / length;
    rotation.rotate(rows[first], rows[second], c, s);
    z[second] = length;
    z[first] = 0;
    if (kinds[first] != kinds[second]) {
      kinds[first] = Kind.BOTH;
      kinds[second] = Kind.BOTH;
    }
  }

  private void sort(boolean[] out) {
    int[] oldRows = rows.clone();
    double[] oldD = d.clone();
    double[] oldZ = z.clone();
    Kind[] oldKinds = kinds.clone();
    int at = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (int j = 0; j < size; j++) {
        if (out[j] == (pass == 1)) {
          rows[at] = oldRows[j];
          d[at] = oldD[j];
          z[at] = oldZ[j];
          kinds[at] = oldKinds[j];
          at++;
        }
      }
      kept = pass == 0 ? at : kept;
    }
  }

  /** Place of each that is left if they are ordered by kind. */
  int[] placesByKind() {
    int[] places = new int[kept];
    int at = 0;
    for (Kind kind : Kind.values()) {
      for (int k = 0; k < kept; k++) {
        if (kinds[k] == kind) {
          places[k] = at++;
        }
      }
    }
    return places;
  }

  /** How many of those that are left are of that kind. */
  int count(Kind kind) {
    int count = 0;
    for (int k = 0; k < kept; k++) {
      count += kinds[k] == kind ? 1 : 0;
    }
    return count;
  }
}
