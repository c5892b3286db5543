package dev.stockpot.merge.predict;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Where the confidences of one series are cut so that bins have equally many examples. Each edge is
 * known up to a range of bits, which is narrowed in passes until one number is left in it, or
 * numbers that are all equal.
 *
 * @param low first bits of each edge's range
 * @param bits that an edge's range has beside those of {@code low}; the same for all
 * @param below how many examples lie below each range
 * @param inside how many lie in it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record MassEdges(long[] low, int bits, double[] below, double[] inside) implements Serializable {
  /** Ranges of which a pass counts the examples: 2 to this power of each edge. */
  static final int STEP = 8;

  /** All confidences of so many classes, which are 1 / classes at least. */
  static MassEdges all(int edges, int classes, double examples) {
    long least = Double.doubleToLongBits(0.999 / classes);
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Double.doubleToLongBits(1.001) - least);
    double[] inside = new double[edges];
    Arrays.fill(inside, examples);
    long[] low = new long[edges];
    Arrays.fill(low, least);
    return new MassEdges(low, bits, new double[edges], inside);
  }

  boolean isFound() {
    return bits == 0 || Arrays.stream(inside).allMatch(count -> count <= 1);
  }

  private int shift() {
    return Math.max(0, bits - STEP);
  }

  /** Counts a confidence, for each edge in whose range it lies, from {@code at}. */
  void count(double confidence, double[] counts, int at) {
    long key = Double.doubleToLongBits(confidence);
    for (int edge = 0; edge < low.length; edge++) {
      long inRange = key - low[edge];
      if (inRange >= 0 && inRange >>> bits == 0) {
        counts[at + (edge << STEP) + (int) (inRange >>> shift())]++;
      }
    }
  }

  int size() {
    return low.length << STEP;
  }

  /** The same, closer. */
  MassEdges narrowed(double[] counts, int at, double examples) {
    long[] closer = new long[low.length];
    double[] closerBelow = new double[low.length];
    double[] closerInside = new double[low.length];
    for (int edge = 0; edge < low.length; edge++) {
      double rank = examples * (edge + 1) / (low.length + 1);
      double under = below[edge];
      int place = 0;
      int last = 0;
      for (int i = 0; i < 1 << STEP; i++) {
        last = counts[at + (edge << STEP) + i] > 0 ? i : last;
      }
      while (place < last && under + counts[at + (edge << STEP) + place] < rank) {
        under += counts[at + (edge << STEP) + place++];
      }
      closer[edge] = low[edge] + ((long) place << shift());
      closerBelow[edge] = under;
      closerInside[edge] = counts[at + (edge << STEP) + place];
    }
    return new MassEdges(closer, shift(), closerBelow, closerInside);
  }

  /** 2 i + 1 for the edge i, if a confidence lies in its range; 2 i between it and the last. */
  int place(double confidence) {
    long key = Double.doubleToLongBits(confidence);
    for (int edge = 0; edge < low.length; edge++) {
      if (key < low[edge]) {
        return 2 * edge;
      }
      if ((key - low[edge]) >>> bits == 0) {
        return 2 * edge + 1;
      }
    }
    return 2 * low.length;
  }

  /**
   * The error over the bins.
   *
   * @param sums of examples, right ones and confidence, for each {@link #place}
   */
  double error(double[] sums, int at, double examples) {
    double error = 0;
    double share = examples / (low.length + 1);
    int place = 0;
    double used = 0; // of the examples at this place
    for (int bin = 0; bin <= low.length; bin++) {
      double wanted = share;
      double gap = 0;
      while (place <= 2 * low.length && wanted > 0) {
        double count = sums[at + 3 * place];
        double taken = bin == low.length ? count - used : Math.min(wanted, count - used);
        if (count > 0) {
          gap += (sums[at + 3 * place + 1] - sums[at + 3 * place + 2]) * (taken / count);
        }
        used += taken;
        wanted -= taken;
        if (used < count) {
          break;
        }
        place++;
        used = 0;
      }
      error += Math.abs(gap) / examples;
    }
    return error;
  }
}
