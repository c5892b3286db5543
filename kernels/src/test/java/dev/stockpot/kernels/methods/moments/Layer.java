package dev.stockpot.kernels.methods.moments;

import static dev.stockpot.kernels.methods.moments.Stepping.mean;
import static dev.stockpot.kernels.methods.moments.Stepping.products;

import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import java.util.Arrays;

/** A layer: weights of its channels, and their biases; and sums over what layers put out. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Layer(double[][] weights, double[] biases) {
  static final int INPUTS = 5;
  static final int CHANNELS = 6;

  static Layer drawn(long seed) {
    return new Layer(
        MatrixMerging.random(CHANNELS, INPUTS, 1, seed),
        MatrixMerging.random(1, CHANNELS, 1, seed + 100)[0]);
  }

  static Layer between(Layer a, Layer b, double share) {
    double[][] weights = new double[CHANNELS][INPUTS];
    double[] biases = new double[CHANNELS];
    for (int i = 0; i < CHANNELS; i++) {
      biases[i] = (float) ((1 - share) * a.biases[i] + share * b.biases[i]);
      for (int j = 0; j < INPUTS; j++) {
        weights[i][j] = (float) ((1 - share) * a.weights[i][j] + share * b.weights[i][j]);
      }
    }
    return new Layer(weights, biases);
  }

  /** What it puts out of the same inputs, by channel. */
  double[][] outputs(double[][] inputs) {
    double[][] outputs = new double[CHANNELS][inputs.length];
    for (int i = 0; i < CHANNELS; i++) {
      for (int s = 0; s < inputs.length; s++) {
        outputs[i][s] = biases[i];
        for (int j = 0; j < INPUTS; j++) {
          outputs[i][s] += weights[i][j] * inputs[s][j];
        }
      }
    }
    return outputs;
  }

  static Tensor means(double[][] outputs) {
    return Tensor.vector(Arrays.stream(outputs).mapToDouble(Stepping::mean).toArray());
  }

  static Tensor squares(double[][] a, double[][] b) {
    double[] squares = new double[a.length];
    Arrays.setAll(squares, i -> products(a[i], b[i]));
    return Tensor.vector(squares);
  }

  static Tensor sums(double[][] outputs) {
    return Tensor.vector(
        Arrays.stream(outputs).mapToDouble(all -> Arrays.stream(all).sum()).toArray());
  }

  static Tensor productsOf(double[][] a, double[][] b) {
    double[] products = new double[a.length];
    Arrays.setAll(products, i -> products(a[i], b[i]) + a[i].length * mean(a[i]) * mean(b[i]));
    return Tensor.vector(products);
  }
}
