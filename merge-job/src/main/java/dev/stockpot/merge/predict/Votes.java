package dev.stockpot.merge.predict;

/**
 * Shares of weighted votes, one a model for its most likely class. A millionth of all votes goes by
 * the mean of probabilities: it decides between equal shares, and leaves no class impossible.
 */
record Votes(Weights weights) implements Combination {
  /** Their share of all. */
  static final double BY_MEAN = 1e-6;

  @Override
  public boolean logits(double[] logits, int at, int classes, double[] into) {
    if (!new MeanOfProbabilities(weights).logits(logits, at, classes, into)) {
      return false;
    }
    double all = 0;
    double[] votes = new double[classes];
    for (int model = 0; model < weights.models(); model++) {
      int from = at + model * classes;
      if (!Double.isNaN(logits[from])) {
        int voted = Softmax.largest(logits, from, classes);
        votes[voted] += weights.weight(model, voted);
        all += weights.weight(model, voted);
      }
    }
    for (int c = 0; c < classes; c++) {
      double share = all > 0 ? votes[c] / all : 0;
      into[c] = Math.log((1 - BY_MEAN) * share + BY_MEAN * Math.exp(into[c]));
    }
    return true;
  }
}
