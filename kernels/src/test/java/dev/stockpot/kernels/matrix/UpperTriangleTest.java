package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UpperTriangleTest {
  @Test
  void placesAreCountedRowByRow() {
    for (int order = 0; order < 9; order++) {
      long next = 0;
      for (int row = 0; row < order; row++) {
        for (int column = row; column < order; column++) {
          assertThat(UpperTriangle.place(order, row, column)).isEqualTo(next);
          assertThat(UpperTriangle.place(order, column, row)).isEqualTo(next++);
        }
      }
      assertThat(UpperTriangle.elements(order)).isEqualTo(next);
    }
  }

  @Test
  void triangleOfAWideLayerHasMoreElementsThanAnIntCounts() {
    assertThat(UpperTriangle.elements(100_000)).isEqualTo(5_000_050_000L);
    assertThat(UpperTriangle.place(100_000, 99_999, 99_999)).isEqualTo(5_000_049_999L);
  }
}
