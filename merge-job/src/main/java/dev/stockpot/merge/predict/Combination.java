package dev.stockpot.merge.predict;

import java.io.Serializable;

/**
 * One prediction made of those of several models, of which some may be missing: then the others
 * count as if they were all.
 */
sealed interface Combination extends Serializable
    permits Single, MeanOfProbabilities, MeanOfLogits, Votes, Calibrated, Softened {
  /**
   * Logits of an example.
   *
   * @param logits of all models, from {@code at}
   * @param into a logit a class: a softmax of them is the prediction
   * @return whether there is any: not, if all models that count said nothing
   */
  boolean logits(double[] logits, int at, int classes, double[] into);
}
