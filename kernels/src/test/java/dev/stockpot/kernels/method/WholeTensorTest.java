package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** Tensors as matrices. */
class WholeTensorTest {
  private final float[] counting = new float[24];

  WholeTensorTest() {
    for (int i = 0; i < counting.length; i++) {
      counting[i] = i;
    }
  }

  @Test
  void theFirstDimensionIsRowsAndAllOthersColumns() {
    try (Operands operands = new Operands()) {
      Operand elements = operands.of(DType.BF16, counting);
      assertThat(shape(elements, 24)).containsExactly(1, 24);
      assertThat(shape(elements, 4, 6)).containsExactly(4, 6);
      assertThat(shape(elements, 4, 3, 2, 1)).containsExactly(4, 6);
    }
    assertThat(WholeTensor.rows(Shape.of())).isEqualTo(1);
    assertThat(WholeTensor.columns(Shape.of())).isEqualTo(1);
  }

  private static List<Integer> shape(Operand elements, long... dimensions) {
    WholeTensor tensor = new WholeTensor(elements, Shape.of(dimensions));
    return List.of(tensor.rows(), tensor.columns());
  }

  @Test
  void becomesAMatrixAndIsWrittenAsOne() {
    try (Operands operands = new Operands();
        RootAllocator memory = new RootAllocator();
        Matrices algebra = new Matrices(List.of(new ScalarProvider()), memory, 1)) {
      WholeTensor in = new WholeTensor(operands.of(DType.BF16, counting), Shape.of(4, 6));
      WholeTensor out = new WholeTensor(operands.zeros(DType.F32, 24), Shape.of(6, 4));
      Matrix matrix = in.matrix(algebra);
      out.write(algebra, matrix.transposed());

      assertThat(matrix.at(1, 2)).isEqualTo(8);
      assertThat(out.at(2 * 4 + 1)).isEqualTo(8);
    }
  }

  @Test
  void aStackOfMatricesIsTakenOneByOne() {
    try (Operands operands = new Operands();
        RootAllocator memory = new RootAllocator();
        Matrices algebra = new Matrices(List.of(new ScalarProvider()), memory, 1)) {
      WholeTensor in = new WholeTensor(operands.of(DType.F16, counting), Shape.of(2, 3, 4));
      WholeTensor out = new WholeTensor(operands.zeros(DType.F32, 24), Shape.of(2, 3, 4));
      out.part(1, 2).write(algebra, in.part(1, 2).matrix(algebra));

      assertThat(in.part(1, 2).shape()).isEqualTo(Shape.of(3, 4));
      assertThat(out.at(11)).isZero();
      assertThat(out.at(12)).isEqualTo(12);
      assertThatThrownBy(() -> in.part(0, 3)).hasMessage("[2, 3, 4] has no 3 parts");
    }
  }

  @Test
  void refusesAShapeOfOtherSize() {
    try (Operands operands = new Operands()) {
      Operand elements = operands.of(DType.F32, counting);
      assertThatThrownBy(() -> new WholeTensor(elements, Shape.of(5, 5)))
          .hasMessage("24 elements are no [5, 5]");
    }
  }
}
