package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What each model counts, a number for each class of it; the same for all classes, mostly.
 *
 * @param ofClasses by model, then by class; one number stands for all classes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Weights(double[][] ofClasses) implements Serializable {
  Weights {
    double sum = 0;
    for (double[] model : ofClasses) {
      for (double weight : model) {
        if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
          throw new UserException(
              "The weight %s of a model is no number of 0 or more".formatted(weight));
        }
        sum += weight;
      }
    }
    if (sum == 0) {
      throw new UserException(
          "All weights of %s models are 0: give one of them more".formatted(ofClasses.length));
    }
  }

  /** A weight a model. */
  static Weights of(double... ofModels) {
    return new Weights(
        Arrays.stream(ofModels).mapToObj(w -> new double[] {w}).toArray(double[][]::new));
  }

  static Weights equal(int models) {
    double[] all = new double[models];
    Arrays.fill(all, 1.0 / models);
    return of(all);
  }

  int models() {
    return ofClasses.length;
  }

  double weight(int model, int c) {
    double[] own = ofClasses[model];
    return own.length == 1 ? own[0] : own[c];
  }

  /** How much the models that said something count together, for a class. */
  double sum(double[] logits, int at, int classes, int c) {
    double sum = 0;
    for (int model = 0; model < models(); model++) {
      if (!Double.isNaN(logits[at + model * classes])) {
        sum += weight(model, c);
      }
    }
    return sum;
  }
}
