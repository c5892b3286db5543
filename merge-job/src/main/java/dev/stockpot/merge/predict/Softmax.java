package dev.stockpot.merge.predict;

/** What rows of logits come to. In float64, sums in the order of the classes. */
final class Softmax {
  private Softmax() {}

  /** The logarithm of the sum of exponentials; minus infinity if all are. */
  static double logSum(double[] logits, int at, int classes) {
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      most = Math.max(most, logits[at + c]);
    }
    if (most == Double.NEGATIVE_INFINITY) {
      return most;
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += exp(logits[at + c] - most);
    }
    return most + Math.log(sum);
  }

  /** As Math's; of 0, which is that of the largest of all classes, without its time. */
  private static double exp(double logit) {
    return logit == 0 ? 1 : Math.exp(logit);
  }

  /** Probabilities, of logits of which one at least is finite. */
  static void of(double[] logits, int at, int classes, double[] into) {
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      most = Math.max(most, logits[at + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      into[c] = exp(logits[at + c] - most);
      sum += into[c];
    }
    for (int c = 0; c < classes; c++) {
      into[c] /= sum;
    }
  }

  /** The largest; of equal ones the first. */
  static int largest(double[] numbers, int at, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (numbers[at + c] > numbers[at + best]) {
        best = c;
      }
    }
    return best;
  }
}
