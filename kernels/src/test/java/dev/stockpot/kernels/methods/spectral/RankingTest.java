package dev.stockpot.kernels.methods.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static Matrix matrix(Matrices algebra, double... values) {
    Matrix matrix = algebra.zeros(1, values.length);
    matrix.write(0, 0, values, 0, values.length);
    return matrix;
  }

  @Test
  void findsEveryPlaceThatSortingFinds() {
    double[] values = new Random(3).doubles(500, -1, 1).toArray();
    values[7] = 0;
    values[8] = -0.0;
    values[9] = values[10];
    values[11] = Double.MIN_VALUE;
    values[12] = -Double.MAX_VALUE;
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    try (RootAllocator memory = new RootAllocator();
        Matrices algebra = new Matrices(List.of(new ScalarProvider()), memory, 1);
        Matrix matrix = matrix(algebra, values)) {
      for (int place = 0; place < sorted.length; place += 7) {
        assertThat(Ranking.at(matrix, place)).isEqualTo(sorted[place]);
      }
      assertThat(Ranking.at(matrix, 499)).isEqualTo(sorted[499]);
    }
  }

  @Test
  void refusesWhatHasNoOrder() {
    try (RootAllocator memory = new RootAllocator();
        Matrices algebra = new Matrices(List.of(new ScalarProvider()), memory, 1);
        Matrix matrix = matrix(algebra, 1, Double.NaN)) {
      assertThatThrownBy(() -> Ranking.at(matrix, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("NaN");
    }
  }
}
