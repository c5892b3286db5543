package dev.stockpot.merge.predict;

/** What one model says. */
record Single(int model) implements Combination {
  @Override
  public boolean logits(double[] logits, int at, int classes, double[] into) {
    System.arraycopy(logits, at + model * classes, into, 0, classes);
    return !Double.isNaN(into[0]);
  }
}
