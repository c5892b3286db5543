package dev.stockpot.merge.predict;

/**
 * The weighted mean of logits. Its softmax is the geometric mean of probabilities, divided by its
 * sum. What one model holds impossible is.
 */
record MeanOfLogits(Weights weights) implements Combination {
  @Override
  public boolean logits(double[] logits, int at, int classes, double[] into) {
    boolean isAny = false;
    for (int c = 0; c < classes; c++) {
      double all = weights.sum(logits, at, classes, c);
      double sum = 0;
      for (int model = 0; model < weights.models(); model++) {
        double weight = weights.weight(model, c);
        double logit = logits[at + model * classes + c];
        if (weight > 0 && !Double.isNaN(logit)) {
          sum += weight * logit;
        }
      }
      into[c] = sum / all;
      isAny |= all > 0 && sum > Double.NEGATIVE_INFINITY;
    }
    return isAny;
  }
}
