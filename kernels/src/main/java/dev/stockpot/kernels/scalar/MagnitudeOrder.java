package dev.stockpot.kernels.scalar;

import java.util.Arrays;

/**
 * Sorts elements by magnitude, those of equal magnitude by place. Many elements are sorted by
 * counting, three digits of their bits one after the other, which takes the same few nanoseconds an
 * element however many there are.
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
  private int size;

  /** Forgets all elements, to make room for that many. */
  void clear(int capacity) {
    if (keys.length < capacity) {
      keys = new long[capacity];
      other = new long[capacity];
    }
    size = 0;
  }

  /** An element; they have to be added in the order of their places. */
  void add(int magnitudeBits, int place) {
    keys[size++] = (long) magnitudeBits << 32 | place;
  }

  int size() {
    return size;
  }

  /** The elements by ascending magnitude. */
  long[] sort() {
    if (size < LEAST_TO_COUNT) {
      Arrays.sort(keys, 0, size);
    } else {
      for (int shift = 32; shift < Long.SIZE; shift += DIGIT_BITS) {
        distribute(shift);
      }
    }
    return keys;
  }

  static int place(long key) {
    return (int) key;
  }

  /** Moves the keys into the order of one digit, equal ones in the order they have. */
  private void distribute(int shift) {
    Arrays.fill(counters, 0);
    for (int i = 0; i < size; i++) {
      counters[digit(keys[i], shift)]++;
    }
    if (counters[digit(keys[0], shift)] == size) {
      return;
    }
    int next = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int here = counters[digit];
      counters[digit] = next;
      next += here;
    }
    for (int i = 0; i < size; i++) {
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
