package dev.stockpot.kernels.methods.moments;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.method.WholeTensor;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What each model counts in an average, so that the shares are 1 together.
 *
 * @param models places of the models, without the base
 * @param shares of these
 */
record Shares(List<Integer> models, List<Double> shares) implements Serializable {
  private static final String WEIGHT = "weight";

  /** How far a merged tensor may be from the average, in units of its largest element. */
  private static final double NEAR = 1e-4;

  Shares {
    models = List.copyOf(models);
    shares = List.copyOf(shares);
  }

  /** By the models' weights; equal where the method has none. */
  static Shares of(TensorTerms terms) {
    List<Integer> models = terms.besideBase();
    double[] shares = new double[models.size()];
    for (int i = 0; i < shares.length; i++) {
      Object weight = terms.models().get(models.get(i)).values().get(WEIGHT);
      shares[i] = weight instanceof Number number ? number.doubleValue() : 1;
    }
    double sum = Arrays.stream(shares).sum();
    return new Shares(models, Arrays.stream(shares).mapToObj(share -> share / sum).toList());
  }

  /** Whether they are the shares of an average. */
  boolean areOfAverage() {
    return shares.stream().allMatch(share -> share >= 0 && share <= 1);
  }

  double of(int model) {
    return shares.get(model);
  }

  /**
   * Sees to it that a merged tensor is that average: else what follows would mend what is not
   * broken.
   *
   * @throws IllegalArgumentException if it is not
   */
  void require(String step, List<WholeTensor> all, double[] merged) {
    double largest = 0;
    double farthest = 0;
    for (int i = 0; i < merged.length; i++) {
      double mean = 0;
      for (int model = 0; model < shares.size(); model++) {
        mean += shares.get(model) * all.get(models.get(model)).at(i);
      }
      largest = Math.max(largest, Math.abs(mean));
      farthest = Math.max(farthest, Math.abs(mean - merged[i]));
    }
    if (!(farthest <= NEAR * Math.max(largest, Float.MIN_NORMAL))) {
      throw new IllegalArgumentException(
          "`%s` follows an average of the models by their weights, and this tensor is none: it is up to %s off; merge by linear or uniform_soup"
              .formatted(step, farthest));
    }
  }

  /** All elements of a merged tensor, or of an input. */
  static double[] elements(WholeTensor tensor) {
    double[] elements = new double[Math.toIntExact(tensor.shape().elements())];
    Arrays.setAll(elements, tensor::at);
    return elements;
  }

  /** Writes other elements. */
  static void write(Matrices algebra, double[] elements, WholeTensor into) {
    try (Matrix made = algebra.of(into.elements(), 1, elements.length)) {
      made.write(0, 0, elements, 0, elements.length);
      into.write(algebra, made);
    }
  }
}
