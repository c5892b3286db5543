package dev.stockpot.merge.predict;

/**
 * Logits of another combination, {@code scale[c] * logit + bias[c]}; with one scale for all and no
 * bias, a temperature of {@code 1 / scale}, which changes no decision.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al.: On Calibration of Modern Neural
 *     Networks</a>
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Calibrated(Combination of, double[] scale, double[] bias) implements Combination {
  Calibrated {
    if (scale.length != bias.length) {
      throw new IllegalArgumentException(
          "%s scales and %s biases".formatted(scale.length, bias.length));
    }
  }

  /** At a temperature. */
  static Calibrated at(double temperature, Combination of) {
    return new Calibrated(of, new double[] {1 / temperature}, new double[1]);
  }

  @Override
  public boolean logits(double[] logits, int at, int classes, double[] into) {
    if (!of.logits(logits, at, classes, into)) {
      return false;
    }
    for (int c = 0; c < classes; c++) {
      int own = scale.length == 1 ? 0 : c;
      into[c] = scale[own] * into[c] + bias[own];
    }
    return true;
  }
}
