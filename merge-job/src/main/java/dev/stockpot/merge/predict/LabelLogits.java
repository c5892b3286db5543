package dev.stockpot.merge.predict;

/** Logits of a combination for an example whose label is known, one example after the other. */
final class LabelLogits {
  private final Combination of;
  private final double[] logits;
  private int label;

  LabelLogits(Combination of, int classes) {
    this.of = of;
    this.logits = new double[classes];
  }

  /** Reads an example; whether it has a label, and the combination holds that possible. */
  boolean read(Block block, int row) {
    label = block.label(row);
    return label != Block.UNKNOWN
        && of.logits(block.logits(), block.at(row), logits.length, logits)
        && logits[label] > Double.NEGATIVE_INFINITY;
  }

  int label() {
    return label;
  }

  /** By class; the same array for every example. */
  double[] ofClasses() {
    return logits;
  }
}
