package dev.stockpot.kernels.methods.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.UpperTriangle;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of Gram matrices come out whole, however these are stored and wherever a panel begins. */
class GramRowsTest {
  private static final int ORDER = 131;

  private final RootAllocator allocator = new RootAllocator();
  private final Matrices algebra = new Matrices(List.of(new ScalarProvider()), allocator, 1);
  private final Operands operands = new Operands();

  @AfterEach
  void close() {
    operands.close();
    algebra.close();
    allocator.close();
  }

  private static float element(int one, int other) {
    return Math.min(one, other) * ORDER + Math.max(one, other) + 1;
  }

  private WholeTensor whole(DType type) {
    float[] elements = new float[ORDER * ORDER];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = element(i / ORDER, i % ORDER);
    }
    return new WholeTensor(operands.of(type, elements), Shape.of(ORDER, ORDER));
  }

  private WholeTensor packed(DType type) {
    float[] elements = new float[(int) UpperTriangle.elements(ORDER)];
    int next = 0;
    for (int i = 0; i < ORDER; i++) {
      for (int j = i; j < ORDER; j++) {
        elements[next++] = element(i, j);
      }
    }
    return new WholeTensor(operands.of(type, elements), Shape.of(elements.length));
  }

  @ParameterizedTest
  @CsvSource({"0, 131", "0, 1", "40, 50", "64, 67", "100, 31", "130, 1"})
  void eachElementIsWhereItBelongs(int first, int count) {
    for (DType type : List.of(DType.F32, DType.F64)) {
      for (WholeTensor stored : List.of(whole(type), packed(type))) {
        Matrix rows = algebra.zeros(count, ORDER);
        new GramRows(stored, ORDER, 0.5, 3).read(first, rows);
        for (int i = 0; i < count; i++) {
          for (int j = 0; j < ORDER; j++) {
            double factor = first + i == j ? 3 : 1.5;
            assertThat(rows.at(i, j))
                .as("%s, %s", first + i, j)
                .isEqualTo(factor * element(first + i, j));
          }
        }
      }
    }
  }

  @Test
  void whatIsNoGramMatrixIsTold() {
    WholeTensor stored = packed(DType.F32);
    Operand elements = stored.elements();
    Matrix rows = algebra.zeros(20, ORDER);
    elements.floats().put(Math.toIntExact(UpperTriangle.place(ORDER, 3, 70)), Float.NaN);
    assertThatThrownBy(() -> new GramRows(stored, ORDER, 1, 1).read(60, rows))
        .hasMessage("a Gram matrix has NaN at row 3, column 70; compute it again");
    elements.floats().put(Math.toIntExact(UpperTriangle.place(ORDER, 3, 70)), -1);
    elements.floats().put(Math.toIntExact(UpperTriangle.place(ORDER, 65, 65)), -1);
    assertThatThrownBy(() -> new GramRows(stored, ORDER, 1, 1).read(60, rows))
        .hasMessage("a Gram matrix has -1.0 at row 65, column 65; compute it again");
  }
}
