package dev.stockpot.kernels.method;

/** What a merge method costs beside reading and writing, roughly: for estimates, not for limits. */
public enum Cost {
  /** Little more than reading: sums of what is there. */
  SUM(2.4e9),
  /** Draws, thresholds, statistics. */
  LOOK(0.6e9),
  /** Several looks at every element before the merge. */
  LOOKS(0.24e9),
  /** Every row is ranked. */
  RANKS(0.05e9);

  private final double bytesPerSecond;

  Cost(double bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Of input, on one core: half of what benchmarks of the kernels gave for bfloat16, or less. */
  public double bytesPerSecond() {
    return bytesPerSecond;
  }
}
