package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Stored;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Codes come out times the scale of the block that they lie in, however they are cut. */
class DequantisedReadingTest {
  private static final long MEMORY = 8 << 20;

  private final PartBench bench = new PartBench(MEMORY);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  /** Scales of 1, 2, 3, … */
  private Stored scales(long... shape) {
    int count = (int) Shape.of(shape).elements();
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i + 1;
    }
    return bench.stored("s", Shape.of(shape), values);
  }

  /** DeepSeek's blocks do not fill its narrow projections: the last ones are cut short. */
  @ParameterizedTest
  @ValueSource(ints = {4_096, 8_192, 65_536})
  void blocksAreCutShortAtTheEdges(int chunk) throws IOException {
    Stored codes = bench.counting("c", 200, 130);
    Dequantised numbers = new Dequantised(codes, scales(2, 2), List.of(128L, 128L));
    float[] made =
        bench.made(
            new PartSettings(chunk, MEMORY, false, false), whole(sum("t", List.of(numbers), 1)));
    assertThat(made).hasSize(200 * 130);
    for (int row = 0; row < 200; row++) {
      for (int column = 0; column < 130; column++) {
        int scale = 1 + row / 128 * 2 + column / 128;
        int place = row * 130 + column;
        assertThat(made[place]).as("%s, %s", row, column).isEqualTo((float) place * scale);
      }
    }
  }

  @Test
  void expertsHaveBlocksOfTheirOwn() throws IOException {
    Stored codes = bench.stored("c", Shape.of(2, 2, 3), 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    Dequantised numbers = new Dequantised(codes, scales(2, 1, 2), List.of(1L, 2L, 2L));
    assertThat(made(numbers)).containsExactly(1, 1, 2, 1, 1, 2, 3, 3, 4, 3, 3, 4);
  }

  @Test
  void aRowHasAScale() throws IOException {
    Stored codes = bench.stored("c", Shape.of(3, 2), 1, 10, 1, 10, 1, 10);
    assertThat(made(new Dequantised(codes, scales(3), List.of(1L, 2L))))
        .containsExactly(1, 10, 2, 20, 3, 30);
  }

  @Test
  void aTensorHasAScale() throws IOException {
    Stored codes = bench.stored("c", Shape.of(3), 1, 2, 3);
    Stored scale = bench.stored("s", Shape.of(), 0.5f);
    assertThat(made(new Dequantised(codes, scale, List.of(3L)))).containsExactly(0.5f, 1, 1.5f);
  }

  private float[] made(Dequantised numbers) throws IOException {
    return bench.made(
        new PartSettings(4_096, MEMORY, false, false), whole(sum("t", List.of(numbers), 1)));
  }

  @Test
  void onlyTheScalesOfTheRowsAreRead() {
    Dequantised numbers =
        new Dequantised(bench.counting("c", 512, 256), scales(4, 2), List.of(128L, 128L));
    assertThat(numbers.scalesOf(new ElementSpan(0, 256))).isEqualTo(new ElementSpan(0, 2));
    assertThat(numbers.scalesOf(new ElementSpan(128 * 256 - 1, 2)))
        .isEqualTo(new ElementSpan(0, 4));
    assertThat(numbers.scalesOf(new ElementSpan(511 * 256, 256))).isEqualTo(new ElementSpan(6, 2));
    List<Dequantised.Run> runs = new ArrayList<>();
    numbers.eachRun(new ElementSpan(100, 100), runs::add);
    assertThat(runs).containsExactly(new Dequantised.Run(0, 28, 0), new Dequantised.Run(28, 72, 1));
  }

  @Test
  void theMemoryOfCodesScalesAndNumbersIsCounted() {
    Dequantised numbers =
        new Dequantised(bench.counting("c", 64, 64), scales(64, 1), List.of(1L, 64L));
    assertThat(numbers.footprint(new ElementSpan(0, 64 * 64)).memory())
        .isEqualTo(4 * 64 * 64 + 4096 + 4 * 64 * 64);
    assertThat(numbers.dtype()).isEqualTo(DType.F32);
    assertThat(numbers.storedType()).isEqualTo(DType.BF16);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 1", "4, 4", "0, 2", "-1, 2"})
  void blocksMustFitTheScales(long rows, long columns) {
    Stored codes = bench.counting("c", 4, 4);
    Stored scales = scales(2, 2);
    assertThatThrownBy(() -> new Dequantised(codes, scales, List.of(rows, columns)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
