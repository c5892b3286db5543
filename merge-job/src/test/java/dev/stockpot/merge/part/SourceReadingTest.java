package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Copy;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.MemoryStore.Request;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sources are made of is read in few pieces, and comes out as if it were stored that way. */
class SourceReadingTest {
  private static final int CHUNK = 4_096;
  private static final long MEMORY = 4 << 20;
  private static final PartSettings SETTINGS = new PartSettings(CHUNK, MEMORY, false, false);

  private final PartBench bench = new PartBench(MEMORY);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private float[] made(TensorSource source) throws IOException {
    return bench.made(SETTINGS, whole(sum("t", List.of(source), 1)));
  }

  @Test
  void joinsAlongTheFirstAxisAreReadWithoutADetour() throws IOException {
    Stored a = bench.counting("a", 2, 3_000);
    Stored b = bench.counting("b", 1, 3_000);
    float[] made = made(TensorSource.joined(List.of(a, b), 0));
    assertThat(made).hasSize(9_000);
    assertThat(made[5_999]).isEqualTo(5_999);
    assertThat(made[6_000]).isZero();
    assertThat(bench.store().bytesRead()).isEqualTo(4 * 9_000);
    assertThat(bench.store().count(Request.READ)).isEqualTo(4); // three chunks, one from both
  }

  @Test
  void joinsAlongTheLastAxisInterleaveRows() throws IOException {
    Stored a = bench.stored("a", Shape.of(2, 2), 0, 1, 10, 11);
    Stored b = bench.stored("b", Shape.of(2, 1), 2, 12);
    assertThat(made(TensorSource.joined(List.of(a, b), 1))).containsExactly(0, 1, 2, 10, 11, 12);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void sectionsTakeARangeOfAnyAxis(int axis) throws IOException {
    Stored whole = bench.counting("w", 6, 7, 50);
    TensorSource section = whole.section(axis, 2, 5);
    float[] made = made(section);
    int next = 0;
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 7; j++) {
        for (int k = 0; k < 50; k++) {
          int place = axis == 0 ? i : axis == 1 ? j : k;
          if (place >= 2 && place < 5) {
            assertThat(made[next++]).isEqualTo((i * 7 + j) * 50 + k);
          }
        }
      }
    }
    assertThat(made).hasSize(next);
    assertThat(bench.store().count(Request.READ)).isEqualTo(1); // no request for each row
  }

  @Test
  void aTransposedMatrixIsReadOncePerSlice() throws IOException {
    Stored matrix = bench.counting("m", 100, 130);
    float[] made = made(matrix.transposed());
    assertThat(made[1]).isEqualTo(130);
    assertThat(made[100]).isEqualTo(1);
    assertThat(made[13_000 - 1]).isEqualTo(13_000 - 1);
    assertThat(bench.store().bytesRead()).isEqualTo(4 * 13_000);
    assertThat(bench.store().count(Request.READ)).isEqualTo(1);
  }

  @Test
  void viewsNest() throws IOException {
    Stored fused = bench.counting("f", 4, 6);
    TensorSource odd =
        TensorSource.joined(List.of(fused.section(1, 4, 6), fused.section(1, 0, 1)), 1)
            .transposed();
    assertThat(made(odd)).containsExactly(4, 10, 16, 22, 5, 11, 17, 23, 0, 6, 12, 18);
  }

  @Test
  void copiesOfViewsAreCopiesOfTheirBytes() throws IOException {
    Stored a = bench.stored("a", Shape.of(2, 2), 1, Float.NaN, 3, 4);
    TensorSource transposed = a.transposed();
    Copy copy = new Copy(new OutputTensor("t", DType.F32, transposed.shape()), transposed);
    assertThat(bench.made(SETTINGS, whole(copy))).containsExactly(1, 3, Float.NaN, 4);
  }

  /** The mean of two, as bfloat16. */
  private Made rounded(Stored a, Stored b) {
    return new Made(
        "mean",
        DType.BF16,
        a.shape(),
        List.of(a, b),
        PartBench.program("linear", a.shape(), 0.5, 0.5),
        Rounding.NEAREST,
        "linear 0.5 0.5");
  }

  @Test
  void whatAnEarlierStageMakesIsRoundedAsIfItHadBeenWritten() throws IOException {
    Stored a = bench.counting("a", 2 * CHUNK + 9);
    Stored b = bench.stored("b", a.shape(), new float[2 * CHUNK + 9]);
    float[] made = made(rounded(a, b));
    for (int i = 0; i < made.length; i++) {
      assertThat(made[i]).isEqualTo(Bfloat16.toFloat(Bfloat16.fromFloat(i / 2f)));
    }
    assertThat(bench.store().bytesRead()).isEqualTo(2L * 4 * made.length);
  }

  @Test
  void aStageOnAViewOnAStage() throws IOException {
    Stored a = bench.counting("a", 3, 4);
    Made first = rounded(a, a);
    TensorSource columns = first.section(1, 1, 3);
    assertThat(bench.made(SETTINGS, whole(sum("t", List.of(columns, columns), 1, 10))))
        .containsExactly(11, 22, 55, 66, 99, 110);
  }

  @Test
  void whatIsNotWantedMayBeNaN() throws IOException {
    Stored whole = bench.stored("w", Shape.of(2, 3), 1, Float.NaN, 3, 4, Float.NaN, 6);
    PartSettings checking = new PartSettings(CHUNK, MEMORY, true, false);
    TensorSource last = whole.section(1, 2, 3);
    assertThat(bench.made(checking, whole(sum("t", List.of(last), 1)))).containsExactly(3, 6);
    TensorSource middle = whole.section(1, 1, 2);
    assertThatThrownBy(() -> bench.made(checking, whole(sum("t", List.of(middle), 1))))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageStartingWith("/models/w: element 1 of w is NaN");
  }

  @Test
  void chunksShrinkWhereMuchIsReadForFewElements() throws IOException {
    Stored wide = bench.counting("w", 40_000, 10);
    TensorSource narrow = wide.section(1, 3, 4);
    PartSettings large = new PartSettings(10 * CHUNK, 1 << 20, false, false);
    float[] made = bench.made(large, whole(sum("t", List.of(narrow), 1)));
    assertThat(made[39_999]).isEqualTo(399_993);
    assertThat(bench.memory().getPeakMemoryAllocation()).isLessThanOrEqualTo(1 << 20);
    assertThat(bench.store().bytesRead()).isLessThan(4 * 400_000);
  }

  @Test
  void aSliceInTheMiddleIsWhatItWouldBeInTheWhole() throws IOException {
    Stored a = bench.counting("a", 30, 40);
    TensorSource view = TensorSource.joined(List.of(a.transposed(), a.transposed()), 0);
    float[] all = made(view);
    SliceTask slice = new SliceTask(sum("t", List.of(view), 1), new ElementSpan(1_111, 333));
    float[] part = bench.made(SETTINGS, slice);
    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isEqualTo(all[1_111 + i]);
    }
  }
}
