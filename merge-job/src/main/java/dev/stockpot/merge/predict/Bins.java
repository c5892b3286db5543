package dev.stockpot.merge.predict;

/** Bins of equal width, {@code (i / n, (i + 1) / n]}, for the confidence of decisions. */
final class Bins {
  /** As the papers have it. */
  static final int COUNT = 15;

  private Bins() {}

  static int of(double confidence) {
    return Math.max(0, Math.min(COUNT - 1, (int) Math.ceil(confidence * COUNT) - 1));
  }
}
