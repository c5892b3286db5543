package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JacobiTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 40})
  void aMatrixIsMadeOfItsEigenvectors(int n) {
    double[][] a = new double[n][n];
    Random random = new Random(n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i][j] = random.nextGaussian();
        a[j][i] = a[i][j];
      }
    }
    Jacobi eigen = Jacobi.of(a);
    double[] values = eigen.values();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        double product = 0;
        for (int k = 0; k < n; k++) {
          sum += eigen.vector(i, k) * values[k] * eigen.vector(j, k);
          product += eigen.vector(k, i) * eigen.vector(k, j);
        }
        assertThat(sum).isCloseTo(a[i][j], within(1e-12 * n));
        assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-12 * n));
      }
    }
  }

  @Test
  void eigenvaluesKeepTraceAndSumOfSquares() {
    Random random = new Random(3);
    int n = 9;
    double[][] matrix = new double[n][n];
    double trace = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = random.nextGaussian();
        matrix[j][i] = matrix[i][j];
        squares += (i == j ? 1 : 2) * matrix[i][j] * matrix[i][j];
      }
      trace += matrix[i][i];
    }
    double sum = 0;
    double sumOfSquares = 0;
    for (double value : Jacobi.of(matrix).values()) {
      sum += value;
      sumOfSquares += value * value;
    }
    assertThat(sum).isCloseTo(trace, within(1e-10));
    assertThat(sumOfSquares).isCloseTo(squares, within(1e-9));
  }
}
