package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Initialisation;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Initialised;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Copy;
import dev.stockpot.merge.plan.SliceTask;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New tensors are made where they are wanted, alone and among others. */
class InitialisingTest {
  private static final int CHUNK = 4_096;
  private static final long MEMORY = 8 << 20;
  private static final PartSettings SETTINGS = new PartSettings(CHUNK, MEMORY, true, false);

  private final PartBench bench = new PartBench(MEMORY);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private static Initialised fresh(Initialisation initialisation, long... shape) {
    return new Initialised("t", Shape.of(shape), DType.F32, initialisation, 1);
  }

  private float[] made(TensorSource source) throws IOException {
    return bench.made(SETTINGS, whole(sum("t", List.of(source), 1)));
  }

  private static float[] numbers(Initialised source) {
    float[] numbers = new float[(int) source.shape().elements()];
    source.numbers().fill(0, numbers);
    return numbers;
  }

  @Test
  void allElementsAreThereInOrder() throws IOException {
    Initialised normal = fresh(Initialisation.normal(0, 1), 3, 3_001);
    assertThat(made(normal)).containsExactly(numbers(normal));
    assertThat(bench.store().bytesRead()).isZero();
  }

  @Test
  void aCopyOfOneHoldsTheSame() throws IOException {
    Initialised normal = fresh(Initialisation.uniform(-1, 1), 5_000);
    Copy copy = new Copy(new OutputTensor("t", DType.F32, normal.shape()), normal);
    assertThat(bench.made(SETTINGS, whole(copy))).containsExactly(numbers(normal));
  }

  @Test
  void aSliceInTheMiddleIsWhatItWouldBeInTheWhole() throws IOException {
    Initialised normal = fresh(Initialisation.normal(0, 1), 9_000);
    SliceTask slice = new SliceTask(sum("t", List.of(normal), 1), new ElementSpan(4_500, 333));
    float[] part = bench.made(SETTINGS, slice);
    float[] all = numbers(normal);
    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isEqualTo(all[4_500 + i]);
    }
  }

  @Test
  void newRowsFollowStoredOnes() throws IOException {
    Stored stored = bench.stored("a", Shape.of(2, 2), 1, 2, 3, 4);
    TensorSource longer =
        TensorSource.joined(List.of(stored, fresh(Initialisation.all(7), 1, 2)), 0);
    assertThat(made(longer)).containsExactly(1, 2, 3, 4, 7, 7);
  }

  @Test
  void aTransposedOneIsTransposed() throws IOException {
    Initialised normal = fresh(Initialisation.normal(0, 1), 2, 3);
    float[] all = numbers(normal);
    assertThat(made(normal.transposed()))
        .containsExactly(all[0], all[3], all[1], all[4], all[2], all[5]);
  }

  /** The dot product of two rows, or of two columns. */
  private static double dot(float[] matrix, int a, int b, int count, int step, int between) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (double) matrix[a * step + i * between] * matrix[b * step + i * between];
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"40, 40, 1", "60, 17, 1", "17, 60, 1", "1, 9, 2", "9, 1, 0.5", "30, 20, 1.5"})
  void orthogonalMatricesHaveOrthonormalRowsOrColumns(int rows, int columns, double gain)
      throws IOException {
    float[] matrix = made(fresh(Initialisation.orthogonal(gain), rows, columns));
    boolean byRows = rows <= columns;
    int count = byRows ? rows : columns;
    for (int a = 0; a < count; a++) {
      for (int b = 0; b < count; b++) {
        double dot =
            byRows ? dot(matrix, a, b, columns, columns, 1) : dot(matrix, a, b, rows, 1, columns);
        assertThat(dot).isCloseTo(a == b ? gain * gain : 0, within(2e-6));
      }
    }
  }

  @Test
  void orthogonalConvolutionsAreFlattenedAsInPyTorch() throws IOException {
    float[] matrix = made(fresh(Initialisation.orthogonal(1), 6, 2, 2, 2));
    for (int a = 0; a < 6; a++) {
      for (int b = 0; b < 6; b++) {
        assertThat(dot(matrix, a, b, 8, 8, 1)).isCloseTo(a == b ? 1 : 0, within(1e-6));
      }
    }
  }

  /** With the diagonal of R positive, Q is what Gram and Schmidt make of the draws. */
  @Test
  void signsAreThoseThatMakeAllOrthogonalMatricesEquallyLikely() throws IOException {
    Initialised square = fresh(Initialisation.orthogonal(1), 12, 12);
    float[] drawn = numbers(square);
    float[] made = made(square);
    for (int column = 0; column < 12; column++) {
      double along = dot(made, column, column, 12, 1, 12);
      assertThat(along).isCloseTo(1, within(1e-6));
      double withDraws = 0;
      for (int row = 0; row < 12; row++) {
        withDraws += (double) made[row * 12 + column] * drawn[row * 12 + column];
      }
      assertThat(withDraws).isPositive(); // the diagonal of R
    }
  }

  @Test
  void anOrthogonalSliceIsThatOfTheWhole() throws IOException {
    Initialised square = fresh(Initialisation.orthogonal(1), 50, 50);
    float[] all = made(square);
    SliceTask slice = new SliceTask(sum("t", List.of(square), 1), new ElementSpan(1_000, 500));
    float[] part = bench.made(SETTINGS, slice);
    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isEqualTo(all[1_000 + i]);
    }
  }

  @Test
  void theMemoryOfAnOrthogonalMatrixIsKnownBefore() throws IOException {
    Initialised square = fresh(Initialisation.orthogonal(1), 200, 200);
    long known = square.footprint(ElementSpan.all(square.shape())).memory();
    made(square);
    assertThat(bench.memory().getPeakMemoryAllocation()).isLessThanOrEqualTo(known + 2 * 160_000);
    assertThat(square.streams()).isFalse();
    assertThat(fresh(Initialisation.all(0), 5).streams()).isTrue();
  }

  @Test
  void whatItIsShowsInItsIdentity() {
    Initialised one = fresh(Initialisation.normal(0, 1), 2, 2);
    Initialised other =
        new Initialised("t", Shape.of(2, 2), DType.F32, Initialisation.normal(0, 1), 2);
    assertThat(one.identity()).isNotEqualTo(other.identity());
    assertThat(one.place(3).tensor()).isEqualTo("t");
  }

  @Test
  void impossibleShapesAndTypesAreRefused() {
    assertThatThrownBy(() -> fresh(Initialisation.identity(), 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Initialised("t", Shape.of(2), DType.I64, Initialisation.all(0), 0))
        .hasMessage("t cannot be made as I64");
  }
}
