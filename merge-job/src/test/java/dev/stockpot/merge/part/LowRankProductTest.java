package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a product is blocked, each element is what a plain loop makes of it. */
class LowRankProductTest {
  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static float[] plain(
      float[] matrix, float[] left, float[] right, int rank, int columns, float scale) {
    float[] result = matrix.clone();
    for (int i = 0; i < result.length; i++) {
      float sum = 0;
      for (int k = 0; k < rank; k++) {
        sum += left[i / columns * rank + k] * right[k * columns + i % columns];
      }
      result[i] += scale * sum;
    }
    return result;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 4, 7",
    "2, 3, 128",
    "3, 5, 129",
    "7, 8, 1000",
    "4, 64, 300",
    "5, 65, 257",
    "2, 16, 2049",
    "9, 1, 4097",
    "3, 130, 140",
    "1, 9000, 3"
  })
  void equalsAPlainLoopInEveryBit(int rows, int rank, int columns) {
    Random random = new Random(rows * 31L + rank);
    float[] matrix = numbers(random, rows * columns);
    float[] left = numbers(random, rows * rank);
    float[] right = numbers(random, rank * columns);
    float[] expected = plain(matrix, left, right, rank, columns, 0.75f);
    new LowRankProduct(FloatBuffer.wrap(left), FloatBuffer.wrap(right), rank, 0.75f)
        .addTo(FloatBuffer.wrap(matrix), rows, columns);
    assertThat(matrix).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"3, 5", "4, 6", "1, 2"})
  void leavesWhatLiesAroundItsRows(int rows, int columns) {
    float[] all = new float[(rows + 2) * columns];
    float[] ones = {1, 1, 1, 1, 1, 1};
    FloatBuffer inner = FloatBuffer.wrap(all).slice(columns, rows * columns);
    new LowRankProduct(FloatBuffer.wrap(ones), FloatBuffer.wrap(ones), 1, 2)
        .addTo(inner, rows, columns);
    for (int i = 0; i < all.length; i++) {
      boolean isInside = i >= columns && i < (rows + 1) * columns;
      assertThat(all[i]).isEqualTo(isInside ? 2 : 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 3, 40", "5, 17, 200"})
  void aRowIsTheSameWhateverIsMadeBesideIt(int rows, int rank, int columns) {
    Random random = new Random(rank);
    float[] left = numbers(random, rows * rank);
    float[] right = numbers(random, rank * columns);
    float[] together = new float[rows * columns];
    new LowRankProduct(FloatBuffer.wrap(left), FloatBuffer.wrap(right), rank, 3)
        .addTo(FloatBuffer.wrap(together), rows, columns);
    for (int row = 0; row < rows; row++) {
      float[] alone = new float[columns];
      FloatBuffer own = FloatBuffer.wrap(left).slice(row * rank, rank);
      new LowRankProduct(own, FloatBuffer.wrap(right), rank, 3)
          .addTo(FloatBuffer.wrap(alone), 1, columns);
      for (int j = 0; j < columns; j++) {
        assertThat(alone[j]).isEqualTo(together[row * columns + j]);
      }
    }
  }
}
