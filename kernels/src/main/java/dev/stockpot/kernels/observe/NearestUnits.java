package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gathers the first whole units of a slice, and finds for each unit of one model which one of
 * another points most in its direction. Models that were trained from one start have their units at
 * the same places; of models that were trained apart, a unit is near another one by chance.
 */
final class NearestUnits {
  /** Units of a slice that are compared: the work grows with the square. */
  static final int MOST_UNITS = 16;

  /** Elements of a unit that are compared, from its beginning. */
  static final int MOST_ELEMENTS = 512;

  /** Among fewer, chance tells too much. */
  private static final int FEWEST_UNITS = 4;

  private static final int FEWEST_ELEMENTS = 8;
  private static final int NOT_YET = -1;

  private final KinshipView view;
  private final long unit;
  private final int width;
  private final float[][][] gathered;
  private final int[] seen = new int[MOST_UNITS];
  private long firstUnit = NOT_YET;

  NearestUnits(KinshipView view, long unit) {
    this.view = view;
    this.unit = unit;
    this.width = unit < FEWEST_ELEMENTS ? 0 : (int) Math.min(unit, MOST_ELEMENTS);
    this.gathered = new float[view.models()][width == 0 ? 0 : MOST_UNITS][width];
  }

  /** Takes what a block has of the units. Blocks come in order. */
  void gather(Block block, List<Operand> operands) {
    if (width == 0) {
      return;
    }
    if (firstUnit == NOT_YET) {
      firstUnit = (block.firstElement() + unit - 1) / unit;
    }
    long end = block.firstElement() + block.count();
    for (int place = 0; place < MOST_UNITS; place++) {
      long begin = (firstUnit + place) * unit;
      long from = Math.max(begin, block.firstElement());
      long to = Math.min(begin + width, end);
      for (int model = 0; from < to && model < view.models(); model++) {
        float[] into = gathered[model][place];
        int offset = block.offset() + (int) (from - block.firstElement());
        for (int i = 0; i < to - from; i++) {
          into[(int) (from - begin) + i] = (float) operands.get(model).at(offset + i);
        }
      }
      seen[place] += (int) Math.max(0, to - from);
    }
  }

  /** What follows of all blocks so far. */
  UnitSums found() {
    UnitSums sums = UnitSums.none(view.pairs());
    int whole = 0;
    while (width > 0 && whole < MOST_UNITS && seen[whole] == width) {
      whole++;
    }
    for (int i = 0; i < view.models() && whole >= FEWEST_UNITS; i++) {
      for (int j = i + 1; j < view.models(); j++) {
        compare(gathered[i], gathered[j], whole, view.pair(i, j), sums);
      }
    }
    return sums;
  }

  private static void compare(
      float[][] ours, float[][] theirs, int whole, int pair, UnitSums sums) {
    int[] places =
        IntStream.range(0, whole)
            .filter(place -> isUnit(ours[place]) && isUnit(theirs[place]))
            .toArray();
    if (places.length < FEWEST_UNITS) {
      return;
    }
    double[] lengths = new double[whole];
    for (int place : places) {
      lengths[place] = Math.sqrt(product(theirs[place], theirs[place]));
    }
    for (int place : places) {
      double own = product(ours[place], theirs[place]) / lengths[place];
      int asNear = 0;
      boolean isNearest = true;
      for (int other : places) {
        double likeness = product(ours[place], theirs[other]) / lengths[other];
        isNearest &= likeness <= own;
        asNear += likeness == own ? 1 : 0;
      }
      sums.fixed()[pair] += isNearest ? 1.0 / asNear : 0;
      sums.chance()[pair] += 1.0 / places.length;
      sums.units()[pair]++;
    }
  }

  private static boolean isUnit(float[] unit) {
    double square = product(unit, unit);
    return square > 0 && Double.isFinite(square);
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
