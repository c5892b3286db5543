package dev.stockpot.kernels.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void aMatrixHasRowsOfItsLastDimension() {
    Shape matrix = Shape.of(4_096, 14_336);

    assertThat(matrix.elements()).isEqualTo(58_720_256);
    assertThat(matrix.rowElements()).isEqualTo(14_336);
    assertThat(matrix).hasToString("[4096, 14336]");
  }

  @Test
  void aScalarHasNoDimensionsAndOneElement() {
    assertThat(Shape.of().elements()).isEqualTo(1);
    assertThat(Shape.of().rowElements()).isEqualTo(1);
    assertThat(Shape.of()).hasToString("[]");
  }

  @Test
  void aDimensionMayBeZero() {
    assertThat(Shape.of(0, 5).elements()).isZero();
    assertThat(Shape.of(5, 0).rowElements()).isZero();
  }

  @Test
  void rejectsANegativeDimension() {
    assertThatThrownBy(() -> Shape.of(3, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dimension -1 is negative");
  }

  @Test
  void rejectsMoreElementsThanCanBeCounted() {
    assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 31)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void isItsOwnCopyOfTheDimensions() {
    List<Long> dimensions = new ArrayList<>(List.of(2L, 3L));
    Shape shape = new Shape(dimensions);
    dimensions.set(0, 7L);

    assertThat(shape).isEqualTo(Shape.of(2, 3));
  }
}
