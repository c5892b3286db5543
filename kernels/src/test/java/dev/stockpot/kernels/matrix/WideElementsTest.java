package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors of every type become matrices, and differences of them, to the bit. */
class WideElementsTest {
  private static final int ROWS = 5;
  private static final int COLUMNS = 7;

  private static float[] values(long seed) {
    Random random = new Random(seed);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * (1 << random.nextInt(8));
    }
    values[3] = -0.0f;
    values[4] = 0;
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"F8_E4M3", "F8_E5M2", "BF16", "F16", "F32", "F64"})
  void rowsAreThoseOfTheTensor(String type) {
    try (Algebra algebra = Algebra.lanes();
        dev.stockpot.kernels.Operands operands = new dev.stockpot.kernels.Operands()) {
      Operand tensor = operands.of(DType.valueOf(type), values(1));
      Matrix matrix = algebra.matrices().of(tensor, ROWS, COLUMNS);
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          // compared as objects, so that zeros have signs
          assertThat((Double) matrix.at(i, j)).isEqualTo((Double) tensor.at(i * COLUMNS + j));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F8_E4M3", "F8_E5M2", "BF16", "F16", "F32", "F64"})
  void differencesAreRoundedOnce(String type) {
    try (Algebra algebra = Algebra.lanes();
        dev.stockpot.kernels.Operands operands = new dev.stockpot.kernels.Operands()) {
      Operand of = operands.of(DType.valueOf(type), values(1));
      Operand from = operands.of(DType.F32, values(2));
      Matrix difference = algebra.matrices().difference(of, from, ROWS, COLUMNS);
      for (int i = 0; i < ROWS * COLUMNS; i++) {
        assertThat((Double) difference.at(i / COLUMNS, i % COLUMNS))
            .isEqualTo((Double) Math.fma(-1, from.at(i), of.at(i)));
      }
    }
  }

  @Test
  void tensorsOfOtherSizesAreRefused() {
    try (Algebra algebra = Algebra.lanes();
        dev.stockpot.kernels.Operands operands = new dev.stockpot.kernels.Operands()) {
      Operand six = operands.of(DType.F32, 1, 2, 3, 4, 5, 6);
      Operand four = operands.of(DType.F32, 1, 2, 3, 4);
      assertThat(Algebra.rows(algebra.matrices().difference(six, six, 2, 3)))
          .isDeepEqualTo(new double[2][3]);
      assertThatThrownBy(() -> algebra.matrices().difference(six, four, 2, 3))
          .hasMessage("4 elements are no Matrix[2 x 3]");
      assertThatThrownBy(() -> algebra.matrices().of(four, 2, 3))
          .hasMessage("4 elements are no Matrix[2 x 3]");
    }
  }
}
