package dev.stockpot.merge.predict;

/**
 * Counts examples that two combinations decide otherwise; those that round to a draw do not count.
 */
record ChangedDecisions(Combination before, Combination after) implements RowSums {
  @Override
  public int size() {
    return 1;
  }

  @Override
  public void add(Block block, double[] sums) {
    int classes = block.classes();
    double[] first = new double[classes];
    double[] second = new double[classes];
    for (int row = 0; row < block.rows(); row++) {
      int at = block.at(row);
      if (before.logits(block.logits(), at, classes, first)
          && after.logits(block.logits(), at, classes, second)) {
        int decision = Softmax.largest(first, 0, classes);
        sums[0] += second[Softmax.largest(second, 0, classes)] > second[decision] ? 1 : 0;
      }
    }
  }
}
