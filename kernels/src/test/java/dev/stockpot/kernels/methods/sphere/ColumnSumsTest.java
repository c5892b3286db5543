package dev.stockpot.kernels.methods.sphere;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.block.Block;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColumnSumsTest {
  private static final int COLUMNS = 1 << 18; // four rows are a reduction block
  private static final int ROWS = 27;

  /** Sums of rows of hardly related numbers, of a few columns. */
  private static ColumnSums sums(int begin, int end) {
    ColumnSums.Builder builder = new ColumnSums.Builder(2);
    for (int row = begin; row < end; row++) {
      builder.begin(new Block((long) row * COLUMNS, 0, COLUMNS, COLUMNS));
      Random random = new Random(row);
      for (int column = 0; column < 3; column++) {
        builder.sum(0)[0][column] += random.nextGaussian();
        builder.sum(1)[0][column] += Math.exp(10 * random.nextGaussian());
      }
    }
    return builder.found();
  }

  @Test
  void totalsAreTheSameHoweverRowsAreCut() {
    ColumnSums whole = sums(0, ROWS);
    for (int first = 4; first < ROWS; first += 4) {
      for (int second = first + 4; second < ROWS; second += 4) {
        ColumnSums left = sums(0, first).plus(sums(first, second)).plus(sums(second, ROWS));
        ColumnSums right = sums(0, first).plus(sums(first, second).plus(sums(second, ROWS)));
        for (int column = 0; column < 3; column++) {
          for (int sum = 0; sum < 2; sum++) {
            assertThat(left.total(sum, column)).isEqualTo(whole.total(sum, column));
            assertThat(right.total(sum, column)).isEqualTo(whole.total(sum, column));
          }
        }
      }
    }
  }

  @Test
  void fewPartialSumsAreKept() {
    assertThat(sums(0, ROWS).runs())
        .extracting(ColumnSums.Run::length)
        .containsExactly(4L, 2L, 1L); // seven reduction blocks
    assertThat(sums(4, ROWS).runs())
        .extracting(ColumnSums.Run::length)
        .containsExactly(1L, 2L, 2L, 1L); // the first is no neighbour of equal size to any
  }
}
