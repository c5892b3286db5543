package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.part;
import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.DifferenceScan;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.Copy;
import dev.stockpot.merge.plan.Generate;
import dev.stockpot.merge.plan.Look;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.Whole;
import dev.stockpot.merge.storage.MemoryStore.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One task's part: what is read for it, what it writes, and what it knows of it afterwards. */
class PartRunnerTest {
  private static final int CHUNK = 4_096;
  private static final PartSettings SETTINGS = new PartSettings(CHUNK, 1 << 20, false, false);

  private final PartBench bench = new PartBench(1 << 20);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private static OutputTensor output(String name, Shape shape) {
    return new OutputTensor(name, DType.F32, shape);
  }

  @Test
  void mergesChunkByChunk() throws IOException {
    Stored a = bench.counting("a", 3 * CHUNK + 5);
    Stored b = bench.counting("b", 3 * CHUNK + 5);
    float[] made = bench.made(SETTINGS, whole(sum("t", List.of(a, b), 1, 2)));
    assertThat(made).hasSize(3 * CHUNK + 5);
    assertThat(made[7]).isEqualTo(21);
    assertThat(made[3 * CHUNK + 4]).isEqualTo(3 * (3 * CHUNK + 4));
    assertThat(bench.store().count(Request.READ)).isEqualTo(2 * 4);
  }

  @Test
  void makesOnlyTheElementsOfItsSlices() throws IOException {
    Stored a = bench.counting("a", 100);
    Blockwise work = sum("t", List.of(a), 2);
    assertThat(bench.made(SETTINGS, new SliceTask(work, new ElementSpan(40, 3))))
        .containsExactly(80, 82, 84);
    assertThat(bench.store().bytesRead()).isEqualTo(3 * Float.BYTES);
  }

  @Test
  void copiesBytesAsTheyAre() throws IOException {
    Stored a = bench.stored("a", Shape.of(3), 1, Float.NaN, -0f);
    Copy copy = new Copy(output("t", a.shape()), a);
    assertThat(bench.made(SETTINGS, whole(copy))).containsExactly(1, Float.NaN, -0f);
  }

  @Test
  void writesNumbersThatComeFromNoInput() throws IOException {
    Generate zeros = new Generate(output("z", Shape.of(2)), Numbers.all(0), Rounding.NEAREST);
    Generate drawn =
        new Generate(
            output("u", Shape.of(CHUNK + 1)), Numbers.uniform(7, "u", 0.5f), Rounding.NEAREST);
    float[] made = bench.made(SETTINGS, whole(zeros), whole(drawn));
    float[] expected = new float[CHUNK + 3];
    float[] numbers = new float[CHUNK + 1];
    Numbers.uniform(7, "u", 0.5f).fill(0, numbers);
    System.arraycopy(numbers, 0, expected, 2, numbers.length);
    assertThat(made).isEqualTo(expected);
    assertThat(bench.store().count(Request.READ)).isZero();
  }

  @Test
  void makesATensorOfWholeTensorsOfOtherShapes() throws IOException {
    Stored a = bench.stored("a", Shape.of(2, 3), 5, 1, 4, 2, 3, 0);
    Whole sorted = new Whole(output("t", Shape.of(6)), List.of(a), new Sorted(), Rounding.NEAREST);
    assertThat(bench.made(SETTINGS, whole(sorted))).containsExactly(0, 1, 2, 3, 4, 5);
  }

  private record Sorted() implements MatrixProgram {
    @Override
    public Demand demand() {
      return Demand.matrix(2, 3);
    }

    @Override
    public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
      Matrix all = inputs.get(0).matrix(algebra);
      double[] sorted = new double[6];
      all.read(0, 0, sorted, 0, 3);
      all.read(1, 0, sorted, 3, 3);
      Arrays.sort(sorted);
      all.write(0, 0, sorted, 0, 3);
      all.write(1, 0, sorted, 3, 3);
      output.write(algebra, all);
    }
  }

  @Test
  void knowsAChecksumOfEverySlice() throws IOException {
    Stored a = bench.counting("a", 10);
    Blockwise work = sum("t", List.of(a), 1);
    List<SliceTask> slices =
        List.of(
            new SliceTask(work, new ElementSpan(0, 6)), new SliceTask(work, new ElementSpan(6, 4)));
    PartRunner runner = bench.runner(SETTINGS);
    byte[] bytes = bench.made(runner, List.of(slices)).get(0).array();
    CRC32C second = new CRC32C();
    second.update(bytes, 24, 16);
    assertThat(bench.store().bytesRead()).isEqualTo(40);
    assertThat(checksums(slices).get(1))
        .isEqualTo(new PartResult.SliceChecksum("t", 24, 16, (int) second.getValue()));
  }

  private List<PartResult.SliceChecksum> checksums(List<SliceTask> slices) throws IOException {
    return bench.result(bench.runner(SETTINGS), part(slices)).slices();
  }

  @Test
  void readsOnceWhatSeveralMergesNeed() throws IOException {
    int elements = 2 * CHUNK + 100;
    Stored a = bench.counting("a", elements);
    Stored b = bench.counting("b", elements);
    List<List<SliceTask>> merges = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      merges.add(List.of(whole(sum("t", List.of(a, b), 1, i))));
    }
    PartRunner runner = bench.runner(SETTINGS);
    List<ByteBuffer> made = bench.made(runner, merges);
    assertThat(runner.times().bytesRead()).isEqualTo(2L * Float.BYTES * elements);
    assertThat(runner.times().bytesWritten()).isEqualTo(3L * Float.BYTES * elements);
    assertThat(bench.store().bytesRead()).isEqualTo(2L * Float.BYTES * elements);
    for (int i = 0; i < 3; i++) {
      assertThat(PartBench.floats(made.get(i)))
          .isEqualTo(bench.made(SETTINGS, merges.get(i).get(0)));
    }
  }

  @Test
  void chunksShrinkUntilAllOutputsFitTheTask() throws IOException {
    int elements = 20 * CHUNK;
    Stored a = bench.counting("a", elements);
    List<List<SliceTask>> merges = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      merges.add(List.of(whole(sum("t", List.of(a), i))));
    }
    PartSettings large = new PartSettings(16 * CHUNK, 1 << 20, false, false);
    bench.made(bench.runner(large), merges);
    assertThat(bench.memory().getPeakMemoryAllocation()).isLessThanOrEqualTo(1 << 20);
    assertThat(bench.store().bytesRead()).isEqualTo((long) Float.BYTES * elements);
  }

  @Test
  void mergesOfOtherInputsAreMadeOfOneReadingOfAll() throws IOException {
    Stored a = bench.counting("a", 8);
    Stored b = bench.counting("b", 8);
    List<List<SliceTask>> merges =
        List.of(List.of(whole(sum("t", List.of(a), 1))), List.of(whole(sum("t", List.of(b), 1))));
    bench.made(bench.runner(SETTINGS), merges);
    assertThat(bench.store().bytesRead()).isEqualTo(2L * Float.BYTES * 8);
  }

  @Test
  void refusesNaNWhereItIsToBeToldAndReturnsItsMemory() {
    Stored a = bench.stored("a", Shape.of(4), 0, 1, Float.NaN, 3);
    PartSettings checking = new PartSettings(CHUNK, 1 << 20, true, false);
    assertThatThrownBy(() -> bench.made(checking, whole(sum("t", List.of(a), 1))))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageStartingWith("/models/a: element 2 of a is NaN");
  }

  @Test
  void looksWithoutMakingAnything() throws IOException {
    Stored base = bench.stored("base", Shape.of(4), 1, 2, 3, 4);
    Stored model = bench.stored("model", Shape.of(4), 1, 2, 3, 6);
    Look look = new Look("t", List.of(base, model), new DifferenceScan("t"), ScanScope.MODEL);
    DifferenceScan.Differences found =
        DifferenceScan.Differences.of(bench.runner(SETTINGS).scan(List.of(whole(look))));
    assertThat(found.tensors().get("t").figures().norm(0)).isEqualTo(2);
  }
}
