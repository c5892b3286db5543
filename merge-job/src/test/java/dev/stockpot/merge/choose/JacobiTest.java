package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
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
}
