package dev.stockpot.merge.part;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.merge.recipe.Combination;
import dev.stockpot.merge.recipe.Combination.Rule;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several changes of one shape made one, element by element, as PEFT's {@code add_weighted_adapter}
 * does: pruning leaves what is left as it is, dropping scales it up; signs are elected without the
 * weights, and what agrees is divided by how many do.
 *
 * @param weights of the changes
 * @param draws for those that drop at random, one of each change
 */
record MergedChanges(Combination how, List<Double> weights, List<RandomStream> draws) {
  private static final int BITS = 16;
  private static final int BINS = 1 << BITS;

  MergedChanges {
    weights = List.copyOf(weights);
    draws = List.copyOf(draws);
  }

  /** Makes them one; they are changed on the way. */
  Matrix of(Matrices matrices, List<Matrix> changes) {
    switch (how.rule()) {
      case TIES, PRUNE -> changes.forEach(this::prune);
      case DARE, DARE_TIES ->
          IntStream.range(0, changes.size()).forEach(i -> drop(changes.get(i), draws.get(i)));
      case CAT, SUM, FACTORS, LORAHUB -> {}
    }
    boolean elects = how.rule() == Rule.TIES || how.rule() == Rule.DARE_TIES;
    return elects ? elected(matrices, changes) : summed(matrices, changes);
  }

  private Matrix summed(Matrices matrices, List<Matrix> changes) {
    double[] factors = weights.stream().mapToDouble(Double::doubleValue).toArray();
    return matrices.weightedSum(changes, factors);
  }

  private Matrix elected(Matrices matrices, List<Matrix> changes) {
    int rows = changes.get(0).rows();
    int columns = changes.get(0).columns();
    Matrix merged = matrices.zeros(rows, columns);
    double[][] row = new double[changes.size()][columns];
    double[] made = new double[columns];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < row.length; k++) {
        changes.get(k).read(i, 0, row[k], 0, columns);
      }
      for (int j = 0; j < columns; j++) {
        made[j] = elected(row, j);
      }
      merged.write(i, 0, made, 0, columns);
    }
    return merged;
  }

  private double elected(double[][] changes, int place) {
    double votes = 0;
    for (double[] change : changes) {
      votes += how.countsSigns() ? Math.signum(change[place]) : change[place];
    }
    double sign = votes < 0 ? -1 : 1;
    double sum = 0;
    int agree = 0;
    for (int k = 0; k < changes.length; k++) {
      if (Math.signum(changes[k][place]) == sign) {
        sum += weights.get(k) * changes[k][place];
        agree++;
      }
    }
    return sum / Math.max(1, agree);
  }

  /** Zero for all but the largest magnitudes; of equal ones those that come first are kept. */
  private void prune(Matrix change) {
    long elements = (long) change.rows() * change.columns();
    long kept = (long) (how.density() * elements);
    if (kept == elements) {
      return;
    }
    // from the highest bits down: which bin the last one that is kept lies in
    long prefix = 0;
    long rest = kept;
    for (int shift = Long.SIZE - BITS; shift >= 0; shift -= BITS) {
      long[] counts = counts(change, prefix, shift);
      int bin = BINS - 1;
      while (bin > 0 && counts[bin] < rest) {
        rest -= counts[bin--];
      }
      prefix |= (long) bin << shift;
    }
    keep(change, kept == 0 ? Long.MAX_VALUE : prefix, kept == 0 ? 0 : rest);
  }

  /** How many elements have each value of some bits, of those whose higher bits are the prefix. */
  private static long[] counts(Matrix change, long prefix, int shift) {
    long[] counts = new long[BINS];
    double[] row = new double[change.columns()];
    long above = shift + BITS == Long.SIZE ? 0 : -1L << (shift + BITS);
    for (int i = 0; i < change.rows(); i++) {
      change.read(i, 0, row, 0, row.length);
      for (double element : row) {
        long bits = magnitude(element);
        if ((bits & above) == (prefix & above)) {
          counts[(int) (bits >>> shift) & (BINS - 1)]++;
        }
      }
    }
    return counts;
  }

  /** Keeps what is above a magnitude, and the first so many that equal it. */
  private static void keep(Matrix change, long least, long equals) {
    long left = equals;
    double[] row = new double[change.columns()];
    for (int i = 0; i < change.rows(); i++) {
      change.read(i, 0, row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        long bits = magnitude(row[j]);
        boolean isEqual = bits == least && left > 0;
        if (isEqual) {
          left--;
        } else if (bits <= least) {
          row[j] = 0;
        }
      }
      change.write(i, 0, row, 0, row.length);
    }
  }

  private static long magnitude(double element) {
    return Double.doubleToRawLongBits(element) & Long.MAX_VALUE;
  }

  private void drop(Matrix change, RandomStream draws) {
    long most = Math.round(how.density() * 0x1p32);
    double[] row = new double[change.columns()];
    int[] drawn = new int[row.length];
    for (int i = 0; i < change.rows(); i++) {
      change.read(i, 0, row, 0, row.length);
      draws.draw((long) i * row.length, row.length, drawn);
      for (int j = 0; j < row.length; j++) {
        row[j] = Integer.toUnsignedLong(drawn[j]) < most ? row[j] / how.density() : 0;
      }
      change.write(i, 0, row, 0, row.length);
    }
  }
}
