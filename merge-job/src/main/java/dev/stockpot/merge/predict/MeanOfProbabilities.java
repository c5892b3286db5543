package dev.stockpot.merge.predict;

/**
 * The weighted mean of probabilities; where classes have weights of their own, divided by its sum.
 */
record MeanOfProbabilities(Weights weights) implements Combination {
  @Override
  public boolean logits(double[] logits, int at, int classes, double[] into) {
    boolean isAny = false;
    double[] sums = new double[weights.models()];
    for (int model = 0; model < sums.length; model++) {
      int from = at + model * classes;
      sums[model] = Double.isNaN(logits[from]) ? 0 : Softmax.logSum(logits, from, classes);
    }
    for (int c = 0; c < classes; c++) {
      double all = weights.sum(logits, at, classes, c);
      double sum = 0;
      for (int model = 0; model < sums.length; model++) {
        double logit = logits[at + model * classes + c];
        if (!Double.isNaN(logit)) {
          sum += weights.weight(model, c) * Math.exp(logit - sums[model]);
        }
      }
      into[c] = all > 0 ? Math.log(sum / all) : Double.NEGATIVE_INFINITY;
      isAny |= all > 0;
    }
    return isAny;
  }
}
