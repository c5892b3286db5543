package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.Samples;

/** A base model and models that were fine-tuned from it, as tensors of normal distributions. */
public final class FineTunes {
  private FineTunes() {}

  /** The base, then so many models, each farther from the base than the one before. */
  public static float[][] withBase(int models, int n) {
    float[] base = Samples.normal(n, 0.05, 1);
    float[][] inputs = new float[models + 1][];
    inputs[0] = base;
    for (int m = 1; m <= models; m++) {
      inputs[m] = plus(base, Samples.normal(n, 0.005 * m, m + 1));
    }
    return inputs;
  }

  public static float[] plus(float[] a, float[] b) {
    float[] sum = a.clone();
    for (int e = 0; e < sum.length; e++) {
      sum[e] += b[e];
    }
    return sum;
  }
}
