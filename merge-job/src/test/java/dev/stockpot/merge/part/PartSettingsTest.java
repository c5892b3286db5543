package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.StoredObject;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How tasks are cut into chunks, shared among merges, and what is refused before they begin. */
class PartSettingsTest {
  private static PartSettings settings(int chunk, long taskBytes) {
    return new PartSettings(chunk, taskBytes, false, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -4_096, 4_095, 4_097, 6_000})
  void chunksAreWholeBlocks(int chunk) {
    assertThatThrownBy(() -> settings(chunk, 1 << 20).taskBytes())
        .hasMessage("chunks have %s elements, must be a multiple of 4096".formatted(chunk));
  }

  /** Bytes of an element in all buffers, of a row, of the task and of those that rounding takes. */
  @ParameterizedTest
  @CsvSource({
    "8, 0, 1000000000, 0, 1048576",
    "8, 0, 1000000, 0, 122880",
    "8, 0, 1000000, 100000, 110592",
    "1000, 0, 1000000, 0, 4096",
    "8, 5000, 1000000, 0, 125000",
    "8, 5000, 10, 0, 5000",
    "8, 2000000, 1000000, 0, 2000000"
  })
  void asManyElementsFitAsTheMemoryHasRoomFor(
      long width, int row, long taskBytes, long spare, int chunk) {
    assertThat(settings(1 << 20, taskBytes).chunkElements(width, row, spare)).isEqualTo(chunk);
  }

  @Property(tries = 300)
  void chunksAreWholeRowsWithinTheMemoryOrOneRow(
      @ForAll @LongRange(min = 1, max = 200) long width,
      @ForAll @IntRange(min = 1, max = 100_000) int row,
      @ForAll @LongRange(min = 1, max = 1L << 26) long taskBytes) {
    int chunk = settings(1 << 20, taskBytes).chunkElements(width, row, 0);
    assertThat(chunk % row).isZero();
    assertThat(chunk == row || chunk * width <= taskBytes).isTrue();
    int half = settings(1 << 20, taskBytes).halved(chunk, row);
    assertThat(half % row).isZero();
    assertThat(half).isBetween(row, Math.max(row, chunk / 2));
  }

  @Test
  void theSmallestChunkIsNotHalved() {
    assertThat(settings(8_192, 1 << 20).halved(8_192, 0)).isEqualTo(4_096);
    assertThat(settings(8_192, 1 << 20).halved(4_096, 0)).isEqualTo(4_096);
    assertThat(settings(8_192, 1 << 20).halved(300, 100)).isEqualTo(100);
    assertThat(settings(8_192, 1 << 20).halved(100, 100)).isEqualTo(100);
  }

  @Property(tries = 200)
  void sharesOfTimeAddUpToTheWhole(
      @ForAll @LongRange(min = 0, max = 1L << 40) long nanos,
      @ForAll @IntRange(min = 1, max = 70) int merges) {
    PartTimes whole = new PartTimes(nanos, 1, nanos / 3, 7, 1000, nanos + 1);
    PartTimes sum = PartTimes.NONE;
    for (int merge = 0; merge < merges; merge++) {
      PartTimes share = whole.share(merge, merges);
      assertThat(share.reading()).isBetween(nanos / merges, nanos / merges + 1);
      sum = sum.plus(share);
    }
    assertThat(sum).isEqualTo(whole);
    assertThat(whole.busy()).isEqualTo(1 + nanos / 3 + 7);
  }

  @Test
  void mergesShareSlicesOfEqualElementsOnly() {
    try (PartBench bench = new PartBench(1 << 20)) {
      Stored a = bench.counting("a", 2, 3);
      Stored b = bench.counting("b", 3, 2);
      SliceTask all = new SliceTask(sum("t", List.of(a), 1), new ElementSpan(0, 6));
      SliceTask some = new SliceTask(sum("t", List.of(a), 2), new ElementSpan(0, 5));
      SliceTask other = new SliceTask(sum("u", List.of(b), 1), new ElementSpan(0, 6));
      assertThat(new SharedSlice(List.of(all, all)).outputWidth()).isEqualTo(8);
      assertThat(new SharedSlice(List.of(all, all)).widestOutput()).isEqualTo(4);
      assertThatThrownBy(() -> new SharedSlice(List.of(all, some)).span())
          .hasMessage("elements 0-5 of t is not the same as elements 0-6 of t");
      assertThatThrownBy(() -> new SharedSlice(List.of(all, other)).span())
          .hasMessage("elements 0-6 of u is not the same as elements 0-6 of t");
    }
  }

  private static PartTicket ticket(int number, long begin, long end) {
    return new PartTicket(new Location("/out/f"), "u", number, new ByteRange(begin, end));
  }

  @Test
  void aCopyHasPartsForAllOfItsFile() {
    StoredObject file = new StoredObject(new Location("/m/f"), 10, "sha256:abc");
    CopyTask task = new CopyTask(file, List.of(ticket(1, 0, 6), ticket(2, 6, 10)));
    assertThat(task.partBytes()).isEqualTo(6);
    assertThat(task.expected()).contains("abc");
    assertThat(new CopyTask(new StoredObject(file.location(), 0, "v1"), List.of()).expected())
        .isEmpty();
    assertThatThrownBy(() -> new CopyTask(file, List.of(ticket(1, 0, 6))).partBytes())
        .hasMessage("parts of 6 bytes for /m/f, which has 10");
  }

  /** As many rows as a vector of four has lanes, and one more. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 8, 11})
  void lengthsAreEuclidean(int count) {
    float[] row = new float[count];
    double squares = 0;
    for (int i = 0; i < count; i++) {
      row[i] = i % 2 == 0 ? i + 1 : -2 * i;
      squares += (double) row[i] * row[i];
    }
    assertThat(Lengths.of(row)).isEqualTo(Math.sqrt(squares));
    assertThat(Lengths.of(new float[] {3e38f, 3e38f})).as("beyond float32").isGreaterThan(4e38);
  }

  @Test
  void partsNeedATicketForEachOfTheirFiles() {
    try (PartBench bench = new PartBench(1 << 20)) {
      Stored a = bench.counting("a", 4);
      PartRunner runner = bench.runner(settings(4_096, 1 << 20));
      SliceTask slice = new SliceTask(sum("t", List.of(a), 1), ElementSpan.all(Shape.of(4)));
      assertThatThrownBy(() -> runner.run(List.of(PartBench.part(List.of(slice))), List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("0 tickets for 1 files of 1 parts");
    }
  }
}
