package dev.stockpot.kernels.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {

  @ParameterizedTest
  @ValueSource(ints = {4096, 8192, 12288, 1 << 20})
  void looksAtTheSameElementsHoweverTheTensorIsCut(int chunk) {
    Sampling sampling = Sampling.of(3_000_001, 0, 3);
    assertThat(places(sampling, 3_000_001, chunk))
        .isEqualTo(places(sampling, 3_000_001, 3_000_001));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 1000})
  void looksAtTheSameRowsHoweverTheTensorIsCut(int rowsOfChunk) {
    Sampling sampling = Sampling.of(2_000 * 700, 700, 3);
    assertThat(sampling.rate()).isEqualTo(64);
    assertThat(places(sampling, 2_000 * 700, rowsOfChunk * 700))
        .isEqualTo(places(sampling, 2_000 * 700, 2_000 * 700));
  }

  @Test
  void smallTensorsAreSeenWholeAndLargeOnesByOneElementOf256() {
    assertThat(Sampling.of(1, 0, 3).rate()).isEqualTo(1);
    assertThat(Sampling.of(30_000, 0, 3).rate()).isEqualTo(1);
    assertThat(Sampling.of(384 * 384, 0, 3).rate()).isEqualTo(8);
    assertThat(Sampling.of(4096 * 4096, 0, 3).rate()).isEqualTo(256);
    assertThat(seen(Sampling.of(4096 * 4096, 0, 3), 4096 * 4096)).isEqualTo(4096 * 16);
    assertThat(seen(Sampling.of(30_001, 0, 3), 30_001)).isEqualTo(30_001);
  }

  @Test
  void fewerElementsAreSeenOfManyInputs() {
    assertThat(Sampling.of(1L << 30, 0, 100).rate()).isEqualTo(1024);
  }

  @Test
  void ofFewLongRowsOneAtLeastIsSeen() {
    Sampling sampling = Sampling.of(3 * 500_000, 500_000, 3);
    assertThat(seen(sampling, 3 * 500_000)).isPositive();
  }

  @Test
  void aSampleOfAMatrixIsNotSomeOfItsColumns() {
    Set<Long> columns = new HashSet<>();
    places(Sampling.of(4096 * 4096, 0, 3), 4096 * 4096, 1 << 18)
        .forEach(place -> columns.add(place % 4096));
    assertThat(columns).hasSize(4096 / Sampling.RUN); // every begin of a run
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 512, 2_048})
  void blocksMayCutRuns(int block) {
    Sampling sampling = new Sampling(0, 512, 32);
    BitSet expected = elements(sampling, 1 << 18, 1 << 18);

    assertThat(elements(sampling, 1 << 18, block)).isEqualTo(expected);
    assertThat(expected.cardinality()).isEqualTo((1 << 18) / 32);
  }

  private static BitSet elements(Sampling sampling, int elements, int block) {
    BitSet seen = new BitSet();
    for (int first = 0; first < elements; first += block) {
      Block next = new Block(first, 0, Math.min(block, elements - first));
      boolean isEmpty = seen.get(first, first + next.count()).isEmpty();
      sampling.each(
          next, run -> seen.set((int) run.firstElement(), (int) run.firstElement() + run.count()));
      boolean isIncluded = isEmpty && !seen.get(first, first + next.count()).isEmpty();
      assertThat(sampling.includes(next)).isEqualTo(isIncluded);
    }
    return seen;
  }

  private static long seen(Sampling sampling, int elements) {
    long[] seen = {0};
    sampling.each(new Block(0, 0, elements), block -> seen[0] += block.count());
    return seen[0];
  }

  private static List<Long> places(Sampling sampling, int elements, int chunk) {
    List<Long> places = new ArrayList<>();
    for (int first = 0; first < elements; first += chunk) {
      int begin = first;
      Block block = new Block(first, 0, Math.min(chunk, elements - first), sampling.row());
      sampling.each(
          block,
          run -> {
            assertThat(run.offset()).isEqualTo((int) run.firstElement() - begin);
            places.add(run.firstElement());
          });
    }
    return places;
  }
}
