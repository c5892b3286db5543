package dev.stockpot.merge.predict;

/** A combination of models whose logits are divided by a temperature first. */
record Softened(Combination of, int models, double temperature) implements Combination {
  @Override
  public boolean logits(double[] logits, int at, int classes, double[] into) {
    double[] soft = new double[models * classes];
    for (int i = 0; i < soft.length; i++) {
      soft[i] = logits[at + i] / temperature;
    }
    return of.logits(soft, 0, classes, into);
  }
}
