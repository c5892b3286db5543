package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.RowMap;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Copy;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.MemoryStore.Request;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gathered rows come out as if the tensor were stored that way. */
class GatheredReadingTest {
  private static final int CHUNK = 4_096;
  private static final long MEMORY = 8 << 20;
  private static final PartSettings SETTINGS = new PartSettings(CHUNK, MEMORY, false, false);

  private final PartBench bench = new PartBench(MEMORY);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private float[] made(TensorSource source) throws IOException {
    return bench.made(SETTINGS, whole(sum("t", List.of(source), 1)));
  }

  private static RowMap.Builder rows() {
    return new RowMap.Builder();
  }

  private static Gathered gathered(RowMap map, TensorSource... sources) {
    return new Gathered(List.of(sources), map, 0);
  }

  @Test
  void theFirstRowsAreReadWithoutADetour() throws IOException {
    Stored padded = bench.counting("p", 80, 512);
    float[] made = made(gathered(rows().add(0, 0, 64).build(), padded));
    assertThat(made).hasSize(64 * 512);
    assertThat(made[made.length - 1]).isEqualTo(64 * 512 - 1);
    assertThat(bench.store().bytesRead()).isEqualTo(4L * 64 * 512);
    assertThat(bench.store().count(Request.READ)).isEqualTo(8); // one a chunk
  }

  @Test
  void rowsOfSeveralTensorsStandAmongEachOtherAndZeros() throws IOException {
    Stored a = bench.stored("a", Shape.of(3, 2), 0, 1, 10, 11, 20, 21);
    Stored b = bench.stored("b", Shape.of(2, 2), 100, 101, 110, 111);
    RowMap map = rows().add(0, 2).add(1, 1).addZeros(1).add(0, 0).add(0, 0).add(1, 0).build();
    assertThat(made(gathered(map, a, b)))
        .containsExactly(20, 21, 110, 111, 0, 0, 0, 1, 0, 1, 100, 101);
  }

  @Test
  void biasesHaveRowsOfOneElement() throws IOException {
    Stored bias = bench.counting("b", 5);
    assertThat(made(gathered(rows().add(0, 3).addZeros(2).add(0, 0, 2).build(), bias)))
        .containsExactly(3, 0, 0, 0, 1);
  }

  @Test
  void aRowOfBiasesIsGatheredAlongItsSecondAxis() throws IOException {
    Stored bias = bench.counting("b", 1, 5);
    Gathered gathered = new Gathered(List.of(bias), rows().add(0, 4).add(0, 1, 2).build(), 1);
    assertThat(gathered.shape()).isEqualTo(Shape.of(1, 3));
    assertThat(made(gathered)).containsExactly(4, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 1_000})
  void aRandomPermutationIsThatOfTheRowsWhateverTheirLength(int width) throws IOException {
    Random random = new Random(width);
    int count = 20_000 / width + 3;
    Stored a = bench.counting("a", count, width);
    Stored b = bench.counting("b", count, width);
    RowMap.Builder map = rows();
    int[] sources = new int[count];
    int[] from = new int[count];
    for (int row = 0; row < count; row++) {
      sources[row] = random.nextInt(2);
      from[row] = random.nextInt(count);
      map.add(sources[row], from[row]);
    }
    float[] made = made(gathered(map.build(), a, b));
    for (int i = 0; i < made.length; i++) {
      assertThat(made[i]).isEqualTo(from[i / width] * width + i % width);
    }
  }

  @Test
  void aSliceInTheMiddleOfARowIsWhatItWouldBeInTheWhole() throws IOException {
    Stored a = bench.counting("a", 40, 37);
    Stored b = bench.counting("b", 3, 37);
    RowMap map = rows().add(0, 20, 20).add(1, 2).addZeros(1).add(0, 0, 5).add(1, 0).build();
    Gathered gathered = gathered(map, a, b);
    float[] all = made(gathered);
    for (int first : new int[] {0, 5, 36, 37, 38, 700, 777}) {
      SliceTask slice =
          new SliceTask(
              sum("t", List.of(gathered), 1), new ElementSpan(first, all.length - first - 11));
      float[] part = bench.made(SETTINGS, slice);
      for (int i = 0; i < part.length; i++) {
        assertThat(part[i]).isEqualTo(all[first + i]);
      }
    }
  }

  @Test
  void copiesOfGatheredRowsAreCopiesOfTheirBytes() throws IOException {
    Stored a = bench.stored("a", Shape.of(3, 1), 1, Float.NaN, -0f);
    Gathered gathered = gathered(rows().add(0, 2).add(0, 1).build(), a);
    Copy copy = new Copy(new OutputTensor("t", DType.F32, gathered.shape()), gathered);
    assertThat(bench.made(SETTINGS, whole(copy))).containsExactly(-0f, Float.NaN);
  }

  /** As an earlier stage would make it, in bfloat16. */
  private static Made halved(Stored a) {
    return new Made(
        "half",
        DType.BF16,
        a.shape(),
        List.of(a),
        PartBench.program("linear", a.shape(), 0.5),
        Rounding.NEAREST,
        "half");
  }

  @Test
  void rowsOfSeveralTypesAreWidenedAndHaveTheTypeOfTheFirst() throws IOException {
    Stored a = bench.counting("a", 4, 3);
    Gathered mixed = gathered(rows().add(0, 1, 2).add(1, 3).add(0, 0).build(), halved(a), a);
    assertThat(mixed.dtype()).isEqualTo(DType.F32);
    assertThat(mixed.storedType()).isEqualTo(DType.BF16);
    assertThat(made(mixed)).containsExactly(1.5f, 2, 2.5f, 3, 3.5f, 4, 9, 10, 11, 0, 0.5f, 1);
  }

  @Test
  void anotherViewOfGatheredRowsIsAViewOfThem() throws IOException {
    Stored a = bench.counting("a", 3, 2);
    Gathered gathered = gathered(rows().add(0, 2).addZeros(1).add(0, 0).build(), a);
    assertThat(made(gathered.transposed())).containsExactly(4, 0, 0, 5, 0, 1);
    assertThat(made(gathered.section(0, 1, 3))).containsExactly(0, 0, 0, 1);
    assertThat(made(gathered(rows().add(0, 1, 2).build(), gathered))).containsExactly(0, 0, 0, 1);
  }

  @Test
  void rowsThatNoTokenHasAreTheMeanOfAllOthers() throws IOException {
    Stored a = bench.stored("a", Shape.of(4, 2), 0, 1, 2, 5, 4, 9, 100, 100);
    Gathered tokens = gathered(rows().add(0, 0, 3).build(), a);
    RowMap map = rows().add(0, 0, 3).add(1, 0).add(1, 0).build();
    assertThat(made(gathered(map, a, new RowMean(tokens))))
        .containsExactly(0, 1, 2, 5, 4, 9, 2, 5, 2, 5);
  }

  @Test
  void aMeanIsReadOnceForAllRowsThatItFills() throws IOException {
    int width = 1_024;
    int tokens = 2_000; // more than the buffers that a mean may take hold at once
    Stored a = bench.counting("a", tokens, width);
    RowMean mean = new RowMean(gathered(rows().add(0, 0, tokens).build(), a));
    RowMap.Builder map = rows();
    for (int i = 0; i < 40; i++) {
      map.add(1, 0);
    }
    Gathered pads = gathered(map.build(), a, mean);
    float[] made = made(pads);
    for (int i = 0; i < made.length; i++) {
      double exact = (tokens - 1) / 2.0 * width + i % width;
      assertThat(made[i]).isEqualTo((float) exact);
    }
    assertThat(bench.store().bytesRead()).isEqualTo(4L * tokens * width);
    assertThat(mean.blocks()).hasSizeGreaterThan(1);
    assertThat(pads.footprint(new ElementSpan(0, width)).bytesRead())
        .isEqualTo(4L * tokens * width);
    assertThat(mean.scratch()).isLessThanOrEqualTo(4 << 20);
  }

  @Test
  void scatteredRowsStayInsideTheMemoryOfATask() throws IOException {
    int width = 64;
    Stored a = bench.counting("a", 60_000, width);
    RowMap.Builder map = rows().add(0, 0, 4_096);
    for (int row = 0; row < 4_096; row++) {
      map.add(0, (row * 37) % 60_000); // 9 KiB apart: read with what lies between
    }
    PartSettings large = new PartSettings(64 * CHUNK, 2 << 20, false, false);
    float[] made = bench.made(large, whole(sum("t", List.of(gathered(map.build(), a)), 1)));
    assertThat(made[made.length - 1]).isEqualTo((4_095 * 37) % 60_000 * width + width - 1);
    assertThat(bench.memory().getPeakMemoryAllocation()).isLessThanOrEqualTo(2 << 20);
  }

  @Test
  void aRowThatIsTakenMayNotBeNaNWhereThatIsRefused() throws IOException {
    Stored a = bench.stored("a", Shape.of(3, 2), 1, 2, Float.NaN, 4, 5, 6);
    PartSettings checking = new PartSettings(CHUNK, MEMORY, true, false);
    Gathered without = gathered(rows().add(0, 2).add(0, 0).build(), a);
    assertThat(bench.made(checking, whole(sum("t", List.of(without), 1))))
        .containsExactly(5, 6, 1, 2);
    Gathered with = gathered(rows().add(0, 2).add(0, 1).build(), a);
    assertThatThrownBy(() -> bench.made(checking, whole(sum("t", List.of(with), 1))))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageStartingWith("/models/a: element 2 of a is NaN");
  }

  @Test
  void refusesRowsThatAreNotThereAndRowsOfAnotherLength() {
    Stored a = bench.counting("a", 3, 2);
    Stored b = bench.counting("b", 3, 4);
    assertThatThrownBy(() -> gathered(rows().add(0, 2, 2).build(), a))
        .hasMessage("row 3 of [3, 2]");
    assertThatThrownBy(() -> gathered(rows().add(1, 0).build(), a))
        .hasMessage("rows are taken from source 1 of 1");
    assertThatThrownBy(() -> gathered(rows().add(1, 0).build(), a, b))
        .hasMessage("rows of [3, 4] do not fit into [3, 2]");
    assertThatThrownBy(() -> new Gathered(List.of(a), rows().add(0, 0).build(), 1))
        .hasMessage("[3, 2] has no rows along axis 1");
  }
}
