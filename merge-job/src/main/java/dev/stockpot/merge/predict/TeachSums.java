package dev.stockpot.merge.predict;

import java.util.List;

/**
 * Sums over all examples, labelled or not: how many there are, on how many all teachers decide
 * alike, the entropy of the soft labels and what the kept classes have of them; then counts of
 * examples by that entropy; then, of each teacher, examples, entropy, how often it decides as the
 * soft labels do, and its distance from them.
 */
record TeachSums(Combination soft, List<Combination> teachers, int most) implements RowSums {
  static final int ALIKE = 1;
  static final int ENTROPY = 2;
  static final int KEPT = 3;
  static final int HISTOGRAM = 4;

  /** Counts by entropy, from none to that of a guess. */
  static final int COUNTS = 20;

  static final int TEACHERS = HISTOGRAM + COUNTS;

  /** Sums of one teacher. */
  static final int WIDTH = 4;

  @Override
  public int size() {
    return TEACHERS + WIDTH * teachers.size();
  }

  @Override
  public void add(Block block, double[] sums) {
    int classes = block.classes();
    double[] label = new double[classes];
    double[] own = new double[classes];
    for (int row = 0; row < block.rows(); row++) {
      if (!soft.logits(block.logits(), block.at(row), classes, label)) {
        continue;
      }
      Softmax.of(label, 0, classes, label);
      int decision = Softmax.largest(label, 0, classes);
      double entropy = entropy(label);
      boolean areAlike = true;
      int first = -1;
      for (int teacher = 0; teacher < teachers.size(); teacher++) {
        if (teachers.get(teacher).logits(block.logits(), block.at(row), classes, own)) {
          Softmax.of(own, 0, classes, own);
          int its = Softmax.largest(own, 0, classes);
          first = first < 0 ? its : first;
          areAlike &= its == first;
          int at = TEACHERS + teacher * WIDTH;
          sums[at]++;
          sums[at + 1] += entropy(own);
          sums[at + 2] += its == decision ? 1 : 0;
          sums[at + 3] += distance(own, label);
        }
      }
      sums[0]++;
      sums[ALIKE] += areAlike ? 1 : 0;
      sums[ENTROPY] += entropy;
      sums[KEPT] += kept(label);
      sums[HISTOGRAM + Math.min(COUNTS - 1, (int) (COUNTS * entropy / Math.log(classes)))]++;
    }
  }

  private double kept(double[] p) {
    if (most == 0 || most >= p.length) {
      return 1;
    }
    double sum = 0;
    for (int c : TaughtRows.largest(p, most)) {
      sum += p[c];
    }
    return sum;
  }

  static double entropy(double[] p) {
    double sum = 0;
    for (double one : p) {
      sum -= one > 0 ? one * Math.log(one) : 0;
    }
    return sum;
  }

  /** The divergence of Kullback and Leibler, of one from another that allows all it allows. */
  private static double distance(double[] p, double[] from) {
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      sum += p[c] > 0 ? p[c] * Math.log(p[c] / Math.max(from[c], Judged.LEAST_PROBABILITY)) : 0;
    }
    return sum;
  }
}
