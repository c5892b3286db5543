package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class SumsTest {
  @Test
  void weightedSumsAreAddedInTheirOrder() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix x = algebra.matrix(new double[][] {{1e16, 2}});
      Matrix y = algebra.matrix(new double[][] {{1, 3}});
      Matrix z = algebra.matrix(new double[][] {{-1e16, 4}});
      Matrix sum = algebra.matrices().weightedSum(List.of(x, y, z), 1, 1, 1);
      assertThat(Algebra.rows(sum)).isDeepEqualTo(new double[][] {{0, 9}});
    }
  }

  @Test
  void plainLoopsAndLanesGiveEqualSums() {
    double[][] first = Plain.random(13, 101, 1);
    double[][] second = Plain.random(13, 101, 2);
    try (Algebra plain = Algebra.scalar();
        Algebra lanes = Algebra.lanes()) {
      Matrix expected =
          plain
              .matrices()
              .weightedSum(List.of(plain.matrix(first), plain.matrix(second)), 0.3, -1.7);
      Matrix sum =
          lanes
              .matrices()
              .weightedSum(List.of(lanes.matrix(first), lanes.matrix(second)), 0.3, -1.7);
      assertThat(Algebra.rows(sum)).isDeepEqualTo(Algebra.rows(expected));
      assertThat(lanes.matrices().inner(lanes.matrix(first), sum))
          .isEqualTo(plain.matrices().inner(plain.matrix(first), expected));
    }
  }

  @Test
  void addsAScaledMatrix() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix sum = algebra.matrix(new double[][] {{1, 2}, {3, 4}});
      algebra.matrices().addScaled(-2, algebra.matrix(new double[][] {{1, 0}, {1, 1}}), sum);
      assertThat(Algebra.rows(sum)).isDeepEqualTo(new double[][] {{-1, 2}, {1, 2}});
    }
  }

  @Test
  void theNormIsTheRootOfTheSumOfSquares() {
    try (Algebra algebra = Algebra.lanes()) {
      assertThat(algebra.matrices().norm(algebra.matrix(new double[][] {{3, 0}, {0, 4}})))
          .isEqualTo(5);
      double[][] x = Plain.random(20, 33, 3);
      assertThat(algebra.matrices().norm(algebra.matrix(x)))
          .isCloseTo(Plain.norm(x), within(1e-12));
    }
  }

  @Test
  void refusesOtherShapesAndAnotherNumberOfWeights() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix x = algebra.matrix(new double[2][3]);
      Matrix y = algebra.matrix(new double[3][2]);
      assertThatThrownBy(() -> algebra.matrices().weightedSum(List.of(x, y), 1, 1))
          .hasMessage("Matrix[3 x 2] and Matrix[2 x 3] differ in shape");
      assertThatThrownBy(() -> algebra.matrices().weightedSum(List.of(x, x), 1))
          .hasMessage("1 weights for 2 matrices");
    }
  }

  @Test
  void aTensorIsReadExactlyAndWrittenRounded() {
    try (RootAllocator allocator = new RootAllocator();
        ArrowBuf stored = allocator.buffer(64);
        ArrowBuf made = allocator.buffer(64);
        Algebra algebra = Algebra.lanes()) {
      Operand tensor = new Operand(stored, DType.F32, 6);
      for (int i = 0; i < 6; i++) {
        tensor.floats().put(i, 0.1f * i);
      }
      Matrix matrix = algebra.matrices().of(tensor, 2, 3);
      assertThat(matrix.at(1, 2)).isEqualTo((double) (0.1f * 5));
      matrix.set(0, 0, 1.00000001);
      Operand narrow = new Operand(made, DType.F32, 6);
      algebra.matrices().write(matrix.transposed(), narrow);
      assertThat(narrow.floats().get(0)).isEqualTo(1f);
      assertThat(narrow.floats().get(1)).isEqualTo(0.1f * 3);
      Operand wide = new Operand(made, DType.F64, 6);
      algebra.matrices().write(matrix, wide);
      assertThat(wide.doubles().get(0)).isEqualTo(1.00000001);
    }
  }

  @Test
  void refusesATensorOfAnotherSizeOrType() {
    try (RootAllocator allocator = new RootAllocator();
        ArrowBuf stored = allocator.buffer(64);
        Algebra algebra = Algebra.lanes()) {
      Operand tensor = new Operand(stored, DType.F32, 6);
      Operand half = new Operand(stored, DType.BF16, 4);
      assertThatThrownBy(() -> algebra.matrices().of(tensor, 2, 2))
          .hasMessage("6 elements are no Matrix[2 x 2]");
      assertThatThrownBy(() -> algebra.matrices().write(algebra.matrices().zeros(2, 2), half))
          .hasMessage("a matrix is written as F32 or F64, not as BF16");
    }
  }

  @Test
  void theFirstProviderThatHasKernelsIsTaken() {
    try (RootAllocator allocator = new RootAllocator();
        Matrices matrices =
            new Matrices(List.of(new VectorProvider(), new ScalarProvider()), allocator, 2)) {
      assertThat(matrices.norm(matrices.zeros(2, 2))).isZero();
      assertThatThrownBy(() -> new Matrices(List.of(), allocator, 1))
          .hasMessage("no provider here has matrix kernels; is the scalar one listed?");
      assertThatThrownBy(() -> new Matrices(List.of(new ScalarProvider()), allocator, 0))
          .hasMessage("0 threads, must be at least 1");
    }
  }
}
