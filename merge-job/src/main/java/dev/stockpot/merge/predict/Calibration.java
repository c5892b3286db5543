package dev.stockpot.merge.predict;

/**
 * A scale and a bias for the logits of each class; one scale for all is the inverse of a
 * temperature.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Calibration(double[] scale, double[] bias) {
  public Calibration {
    if (scale.length != bias.length || scale.length == 0) {
      throw new IllegalArgumentException(
          "%s scales and %s biases".formatted(scale.length, bias.length));
    }
  }

  /** That of a temperature. */
  static Calibration at(double temperature) {
    return new Calibration(new double[] {1 / temperature}, new double[1]);
  }

  /** Whether it is a temperature, which changes no decision. */
  public boolean isTemperature() {
    return scale.length == 1;
  }

  /** The temperature, if it is one. */
  public double temperature() {
    return 1 / scale[0];
  }

  Combination of(Combination plain) {
    return new Calibrated(plain, scale, bias);
  }
}
