package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The inner loops: lanes beside plain loops, and these beside what their contract says. */
class MatrixKernelsTest {
  private static final double[] X = Plain.random(1, 40_000, 1)[0];
  private static final double[] Y = Plain.random(1, 40_000, 2)[0];

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 95, 100, 129, 1_000, 4_099})
  void dotProductsAreEqual(int count) {
    double plain = Algebra.SCALAR.dot(X, 3, Y, 5, count);
    assertThat(Algebra.LANES.dot(X, 3, Y, 5, count)).isEqualTo(plain);
  }

  @Test
  void aDotProductHasThirtyTwoSumsThatAreAddedInPairs() {
    double[] sums = new double[32];
    for (int i = 0; i < 77; i++) {
      sums[i % 32] = Math.fma(X[i], Y[i], sums[i % 32]);
    }
    for (int half : new int[] {16, 8, 4, 2, 1}) {
      for (int l = 0; l < half; l++) {
        sums[l] = sums[l] + sums[l + half];
      }
    }
    assertThat(Algebra.SCALAR.dot(X, 0, Y, 0, 77)).isEqualTo(sums[0]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 8, 9, 16, 31, 32, 33, 64, 67, 100, 513})
  void addedRowsAreEqual(int count) {
    for (int rows : new int[] {0, 1, 2, 3, 9, 40}) {
      double[] plain = Arrays.copyOf(Y, 600);
      double[] lanes = plain.clone();
      Algebra.SCALAR.addRows(rows, X, 2, 600, X, 30_000, plain, 4, count);
      Algebra.LANES.addRows(rows, X, 2, 600, X, 30_000, lanes, 4, count);
      assertThat(lanes).containsExactly(plain);
      assertThat(Arrays.copyOfRange(lanes, 4 + count, lanes.length))
          .containsExactly(Arrays.copyOfRange(Y, 4 + count, lanes.length));
    }
  }

  @Test
  void rowsAreAddedInTheirOrder() {
    double[] y = {1};
    Algebra.SCALAR.addRows(
        3, new double[] {1e16, 1, -1e16}, 0, 1, new double[] {1, 1, 1}, 0, y, 0, 1);
    assertThat(y).containsExactly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 17, 256})
  void aTileIsAChainForEachElement(int depth) {
    for (MatrixKernels kernels : new MatrixKernels[] {Algebra.SCALAR, Algebra.LANES}) {
      int rows = kernels.tileRows();
      int packed = kernels.packedRows();
      int columns = kernels.tileColumns();
      int stride = columns + 5;
      double[] made = Arrays.copyOf(Y, 7 + rows * stride);
      kernels.addTile(depth, X, 1, X, 20_000, made, 7, stride);
      double[] expected = Arrays.copyOf(Y, made.length);
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < columns; j++) {
          int at = 7 + r * stride + j;
          for (int p = 0; p < depth; p++) {
            expected[at] =
                Math.fma(X[1 + p * packed + r], X[20_000 + p * columns + j], expected[at]);
          }
        }
      }
      assertThat(made).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 17, 512})
  void aTileOfRowsAsTheyLieIsAChainForEachElement(int depth) {
    for (MatrixKernels kernels : new MatrixKernels[] {Algebra.SCALAR, Algebra.LANES}) {
      int rows = kernels.tileRows();
      int columns = kernels.tileColumns();
      int stride = columns + 5;
      double[] made = Arrays.copyOf(Y, 7 + rows * stride);
      kernels.addRowTile(depth, X, 1, X, 20_000, made, 7, stride);
      double[] expected = Arrays.copyOf(Y, made.length);
      for (int r = 0; r < rows; r++) {
        int row = 1 + r * MatrixKernels.ROWS_APART;
        for (int j = 0; j < columns; j++) {
          int at = 7 + r * stride + j;
          for (int p = 0; p < depth; p++) {
            expected[at] = Math.fma(X[row + p], X[20_000 + p * columns + j], expected[at]);
          }
        }
      }
      assertThat(made).containsExactly(expected);
    }
  }

  @Test
  void aTriangleOfATileIsSolvedRowByRow() {
    for (MatrixKernels kernels : new MatrixKernels[] {Algebra.SCALAR, Algebra.LANES}) {
      int packed = kernels.packedRows();
      int columns = kernels.tileColumns();
      for (int rows = 1; rows <= kernels.tileRows(); rows++) {
        double[] made = Arrays.copyOf(Y, 7 + (rows + 1) * columns);
        kernels.solveTile(rows, X, 3, X, 900, made, 7);
        double[] expected = Arrays.copyOf(Y, made.length);
        for (int r = 0; r < rows; r++) {
          for (int j = 7; j < 7 + columns; j++) {
            int at = r * columns + j;
            for (int q = 0; q < r; q++) {
              double before = expected[q * columns + j];
              expected[at] = Math.fma(X[3 + q * packed + r], before, expected[at]);
            }
            expected[at] /= X[900 + r];
          }
        }
        assertThat(made).containsExactly(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 9, 5, 8", "1, 9, 5, 8", "40, 520, 5, 8", "40, 17, 8, 8", "7, 20, 14, 14"})
  void groupsAreCopiedToTheirPlacesAndNowhereElse(int times, int apart, int width, int step) {
    for (MatrixKernels kernels : new MatrixKernels[] {Algebra.SCALAR, Algebra.LANES}) {
      double[] made = Arrays.copyOf(Y, 400);
      kernels.copyGroups(times, X, 3, apart, width, made, 11, step);
      double[] expected = Arrays.copyOf(Y, 400);
      for (int q = 0; q < times; q++) {
        System.arraycopy(X, 3 + q * apart, expected, 11 + q * step, width);
      }
      assertThat(made).containsExactly(expected);
    }
  }

  @Test
  void negativeZerosAndSubnormalsAreEqual() {
    double[] odd = {-0.0, 0.0, Double.MIN_VALUE, -Double.MIN_VALUE, 1e-310, -1e308, 1e308, 3};
    double[] x = new double[64];
    for (int i = 0; i < x.length; i++) {
      x[i] = odd[i % odd.length];
    }
    double[] plain = new double[64];
    double[] lanes = new double[64];
    Arrays.fill(plain, -0.0);
    Arrays.fill(lanes, -0.0);
    double[] factors = {-0.0, 0.5};
    Algebra.SCALAR.addRows(2, x, 0, 0, factors, 0, plain, 0, 64);
    Algebra.LANES.addRows(2, x, 0, 0, factors, 0, lanes, 0, 64);
    assertThat(lanes).containsExactly(plain);
  }

  @Test
  void aDeviceHasNone() {
    KernelProvider device =
        new KernelProvider() {
          @Override
          public String name() {
            return "device";
          }

          @Override
          public Optional<String> obstacle() {
            return Optional.empty();
          }

          @Override
          public String machine() {
            return "a device";
          }

          @Override
          public Kernels<?> open(int elements) {
            throw new UnsupportedOperationException();
          }
        };
    assertThat(device.matrixKernels()).isEmpty();
    assertThat(new ScalarProvider().matrixKernels()).isPresent();
    assertThat(new VectorProvider().matrixKernels()).isPresent();
  }
}
