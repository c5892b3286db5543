package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.MagnitudeCounts;
import java.util.Arrays;

/**
 * Sorts the elements of a row by magnitude, those of equal magnitude by place. Long rows are sorted
 * by counting, three digits of their bits one after the other, which takes the same few nanoseconds
 * an element whatever the length.
 */
final class MagnitudeOrder {
  /** 31 bits of a magnitude are three such digits, and their counters stay in the L1 cache. */
  private static final int DIGIT_BITS = 11;

  private static final int DIGITS = 1 << DIGIT_BITS;

  /** Below this, going through the counters takes longer than the library's sort. */
  private static final int LEAST_TO_COUNT = 512;

  private final int[] counters = new int[DIGITS];

  /** {@code magnitude bits | place}: numbers that order as wanted, and no two are equal. */
  private long[] keys = new long[0];

  private long[] other = new long[0];

  /** The elements by ascending magnitude: the lower half of each number is a place. */
  long[] sort(float[] row, int count) {
    if (keys.length < count) {
      keys = new long[count];
      other = new long[count];
    }
    for (int i = 0; i < count; i++) {
      keys[i] = (long) MagnitudeCounts.bits(row[i]) << 32 | i;
    }
    if (count < LEAST_TO_COUNT) {
      Arrays.sort(keys, 0, count);
      return keys;
    }
    for (int shift = 32; shift < Long.SIZE; shift += DIGIT_BITS) {
      distribute(count, shift);
    }
    return keys;
  }

  /** Moves the keys into the order of one digit, equal ones in the order they have. */
  private void distribute(int count, int shift) {
    Arrays.fill(counters, 0);
    for (int i = 0; i < count; i++) {
      counters[digit(keys[i], shift)]++;
    }
    if (counters[digit(keys[0], shift)] == count) {
      return;
    }
    int next = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int here = counters[digit];
      counters[digit] = next;
      next += here;
    }
    for (int i = 0; i < count; i++) {
      other[counters[digit(keys[i], shift)]++] = keys[i];
    }
    long[] sorted = other;
    other = keys;
    keys = sorted;
  }

  private static int digit(long key, int shift) {
    return (int) (key >>> shift) & (DIGITS - 1);
  }
}
