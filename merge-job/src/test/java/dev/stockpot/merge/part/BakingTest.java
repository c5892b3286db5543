package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.Baked;
import dev.stockpot.merge.model.Change;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.LowRank;
import dev.stockpot.merge.model.RowLengths;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.MemoryStore.Request;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors are changed while they are read, in float32, and rounded once. */
class BakingTest {
  private static final long MEMORY = 4 << 20;
  private static final PartSettings SETTINGS = new PartSettings(4_096, MEMORY, false, false);

  private final PartBench bench = new PartBench(MEMORY);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private float[] made(TensorSource source) throws IOException {
    return bench.made(SETTINGS, whole(sum("t", List.of(source), 1)));
  }

  private Stored random(String name, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    Random random = new Random(name.hashCode());
    float[] elements = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    return bench.stored(name, shape, elements);
  }

  /** {@code base + scale · left · right}, by a plain loop in float64. */
  private double[] product(Stored base, Stored left, Stored right, int rank, double scale)
      throws IOException {
    float[] a = made(left);
    float[] b = made(right);
    float[] w = made(base);
    int columns = Math.toIntExact(base.shape().columns());
    double[] result = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      double sum = 0;
      for (int k = 0; k < rank; k++) {
        sum += (double) a[i / columns * rank + k] * b[k * columns + i % columns];
      }
      result[i] = w[i] + scale * sum;
    }
    return result;
  }

  private static void agree(float[] made, double[] expected) {
    assertThat(made).hasSize(expected.length);
    for (int i = 0; i < made.length; i++) {
      assertThat((double) made[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void aProductIsAddedToAMatrix() throws IOException {
    Stored base = random("w", 30, 50);
    Stored left = random("b", 30, 4);
    Stored right = random("a", 4, 50);
    Baked baked = base.changed(new LowRank(left, right, 4, 2));
    agree(made(baked), product(base, left, right, 4, 2));
    assertThat(baked.shape()).isEqualTo(base.shape());
  }

  @Test
  void kernelsOfConvolutionsAreMatricesWithLongRows() throws IOException {
    Stored base = random("w", 6, 5, 3, 3);
    Stored left = random("b", 6, 2, 1, 1);
    Stored right = random("a", 2, 5, 3, 3);
    agree(
        made(base.changed(new LowRank(left, right, 2, 0.5f))), product(base, left, right, 2, 0.5));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 49, 50, 51, 777, 1_400})
  void anyPartIsWhatItIsInTheWhole(long first) throws IOException {
    Baked baked =
        new Baked(
            random("w", 30, 50),
            List.of(
                new LowRank(random("b", 30, 3), random("a", 3, 50), 3, 1),
                new RowLengths(random("m", 30)),
                new Addition(random("c", 30, 50), 0.25f)),
            DType.BF16);
    float[] all = made(baked);
    ElementSpan span = new ElementSpan(first, 100);
    float[] part = bench.made(SETTINGS, new SliceTask(sum("t", List.of(baked), 1), span));
    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isEqualTo(all[(int) first + i]);
    }
  }

  @Test
  void changesFollowEachOtherUnroundedAndTheLastIsRounded() throws IOException {
    Stored base = bench.stored("w", Shape.of(1, 2), 1, 1);
    Stored small = bench.stored("s", Shape.of(1, 2), 1f / 512, 1f / 256);
    Baked twice = base.changed(new Addition(small, 1)).changed(new Addition(small, 1));
    // one after the other, each rounded, both would be lost: bfloat16 steps by 1/128 from 1 on
    assertThat(made(twice.as(DType.BF16))).containsExactly(1, 1 + 1f / 128);
    assertThat(made(twice)).containsExactly(1 + 1f / 256, 1 + 1f / 128);
  }

  @Test
  void roundsToNearestEven() throws IOException {
    Stored base = random("w", 40, 10);
    float[] exact = made(base);
    float[] rounded = made(base.as(DType.BF16));
    for (int i = 0; i < exact.length; i++) {
      assertThat(rounded[i]).isEqualTo(Bfloat16.toFloat(Bfloat16.fromFloat(exact[i])));
    }
  }

  @Test
  void adaptersInBfloat16AreWidenedFirst() throws IOException {
    Stored base = random("w", 20, 30);
    TensorSource left = random("b", 20, 2).as(DType.BF16);
    TensorSource right = random("a", 2, 30).as(DType.BF16);
    float[] b = made(left);
    float[] a = made(right);
    float[] made = made(base.changed(new LowRank(left, right, 2, 1)));
    float[] w = made(base);
    for (int i = 0; i < w.length; i++) {
      float sum = b[i / 30 * 2] * a[i % 30];
      sum += b[i / 30 * 2 + 1] * a[30 + i % 30];
      assertThat(made[i]).isEqualTo(w[i] + sum);
    }
  }

  @Test
  void rowsGetLengths() throws IOException {
    Stored base = bench.stored("w", Shape.of(2, 2), 3, 4, 0, 2);
    Stored lengths = bench.stored("m", Shape.of(2), 10, 1);
    assertThat(made(base.changed(new RowLengths(lengths)))).containsExactly(6, 8, 0, 1);
  }

  @Test
  void columnsGetLengthsAsRowsOfTheTransposed() throws IOException {
    Stored base = bench.stored("w", Shape.of(2, 2), 3, 0, 4, 2);
    Stored lengths = bench.stored("m", Shape.of(2), 10, 1);
    Baked turned = base.transposed().changed(new RowLengths(lengths));
    assertThat(made(turned.transposed())).containsExactly(6, 0, 8, 1);
  }

  @Test
  void aRowOfZerosHasNoDirection() {
    Stored base = bench.stored("w", Shape.of(2, 2), 3, 4, 0, 0);
    Stored lengths = bench.stored("m", Shape.of(2), 10, 1);
    assertThatThrownBy(() -> made(base.changed(new RowLengths(lengths))))
        .isInstanceOf(ZeroLengthException.class)
        .hasMessage(
            "/models/w: with the adapter, the row of w that begins at element 2 is all zeros, and"
                + " DoRA cannot scale it to a length. Use an adapter that leaves this module out");
  }

  @Test
  void eachBatchOfRowsHasItsOwnRightSide() throws IOException {
    Stored base = bench.stored("w", Shape.of(4, 2), new float[8]);
    Stored left = bench.stored("b", Shape.of(4, 1), 1, 2, 3, 4);
    Stored right = bench.stored("a", Shape.of(2, 1, 2), 1, 10, 100, 1_000);
    Baked baked = base.changed(new LowRank(left, right, 1, 1, 2));
    assertThat(made(baked)).containsExactly(1, 10, 2, 20, 300, 3_000, 400, 4_000);
    SliceTask last = new SliceTask(sum("t", List.of(baked), 1), new ElementSpan(5, 3));
    assertThat(bench.made(SETTINGS, last)).containsExactly(3_000, 400, 4_000);
  }

  @Test
  void batchesThatAreReadInOneOrderAndStoredInAnother() throws IOException {
    Stored fastest = bench.stored("b", Shape.of(2, 2), 1, 10, 2, 20); // out, experts
    TensorSource left = fastest.reshaped(Shape.of(2, 1, 2)).exchanged(0, 2); // experts, 1, out
    Stored right = bench.stored("a", Shape.of(2, 1, 1), 1, 1);
    Stored base = bench.stored("w", Shape.of(4, 1), new float[4]);
    assertThat(made(base.changed(new LowRank(left, right, 1, 1, 2)))).containsExactly(1, 2, 10, 20);
  }

  @Test
  void partsOfWhatIsBakedAreJoinedToOthers() throws IOException {
    Stored base = bench.counting("w", 3, 2);
    Stored rows = bench.stored("r", Shape.of(1, 2), -1, -2);
    TensorSource doubled = base.changed(new Addition(base, 1));
    TensorSource joined =
        TensorSource.joined(List.of(doubled.section(0, 0, 1), rows, doubled.section(0, 2, 3)), 0);
    assertThat(made(joined)).containsExactly(0, 2, -1, -2, 8, 10);
  }

  @Test
  void factorsAreReadOnceForASlice() throws IOException {
    Stored base = random("w", 200, 100);
    Baked baked = base.changed(new LowRank(random("b", 200, 8), random("a", 8, 100), 8, 1));
    made(baked);
    assertThat(bench.store().count(Request.READ)).isEqualTo(3);
    assertThat(bench.store().bytesRead()).isEqualTo(4L * (200 * 100 + 200 * 8 + 8 * 100));
  }

  @Test
  void takesNoMoreMemoryThanItSays() throws IOException {
    Baked baked =
        new Baked(
            random("w", 300, 200),
            List.of(new LowRank(random("b", 300, 8), random("a", 8, 200), 8, 1)),
            DType.BF16);
    made(baked);
    long said = baked.footprint(ElementSpan.all(baked.shape())).memory();
    long output = 4L * 300 * 200;
    assertThat(bench.memory().getPeakMemoryAllocation()).isLessThanOrEqualTo(said + output);
  }

  @Test
  void largeTensorsAreBakedInSlicesThatFit() throws IOException {
    long memory = 24 << 20;
    try (PartBench large = new PartBench(memory)) {
      Stored base = large.counting("w", 4_000, 600);
      Stored ones = large.stored("b", Shape.of(4_000, 1), new float[4_000]);
      Baked baked = base.changed(new LowRank(ones, large.counting("a", 1, 600), 1, 1));
      List<ElementSpan> slices = sum("t", List.of(baked), 1).cut(64 << 20, memory);
      assertThat(slices.size()).isGreaterThan(1);
      PartSettings settings = new PartSettings(4_096, memory, false, false);
      SliceTask last = new SliceTask(sum("t", List.of(baked), 1), slices.get(slices.size() - 1));
      float[] made = large.made(settings, last);
      assertThat(made[made.length - 1]).isEqualTo(2_399_999);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    Stored base = bench.counting("w", 3, 2);
    Change wrong = new LowRank(bench.counting("b", 3, 2), bench.counting("a", 1, 2), 1, 1);
    assertThatThrownBy(() -> base.changed(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("F32 [3, 2] does not fit [3, 2], for which it must have 3 elements");
  }
}
