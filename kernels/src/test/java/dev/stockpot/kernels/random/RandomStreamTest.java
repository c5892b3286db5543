package dev.stockpot.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The draws are part of what a seed promises: merges of years ago are made again by them. */
class RandomStreamTest {
  private static final String TENSOR = "model.layers.0.mlp.up_proj.weight";
  private static final RandomStream STREAM = RandomStream.of(42, 1, TENSOR);

  private static int draw(RandomStream stream, long element) {
    int[] drawn = new int[1];
    stream.draw(element, 1, drawn);
    return drawn[0];
  }

  @Test
  void keysAreThoseOfTheFormulaComputedElsewhere() {
    assertThat(STREAM.key()).isEqualTo(0x1a110736340b2518L);
    assertThat(RandomStream.of(-1, RandomStream.OUTPUT, "Größe").key())
        .isEqualTo(0x5e3d8f028b078726L);
    assertThat(RandomStream.of(0, 0, "").key()).isEqualTo(0x48218226ff3cd4bfL);
  }

  @ParameterizedTest
  @CsvSource({
    "0, eab19561",
    "1, a2239a7c",
    "2, ae5b20f6",
    "4294967295, 4c40374c",
    "4294967296, 8845a937",
    "4294967297, 71f3033c",
    "21474836487, e7daa804"
  })
  void drawsAreThoseOfTheFormulaComputedElsewhere(long element, String hexadecimal) {
    assertThat(Integer.toHexString(draw(STREAM, element))).isEqualTo(hexadecimal);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1000, (1L << 32) - 3, (1L << 33) - 7})
  void aRunOfDrawsIsTheDrawsOneByOneAlsoAcrossTheUpperHalfOfTheIndex(long first) {
    int[] run = new int[12];
    STREAM.draw(first, 10, run);

    for (int i = 0; i < 10; i++) {
      assertThat(run[i]).as("element %s", first + i).isEqualTo(draw(STREAM, first + i));
    }
    assertThat(run[10]).as("beyond the count").isZero();
  }

  @Test
  void seedModelAndTensorEachGiveOtherDraws() {
    List<RandomStream> streams =
        List.of(
            STREAM,
            RandomStream.of(43, 1, TENSOR),
            RandomStream.of(42, 2, TENSOR),
            RandomStream.of(42, 1, TENSOR + "2"),
            RandomStream.of(42, RandomStream.OUTPUT, TENSOR),
            RandomStream.betweenEquals(42, TENSOR));

    Set<Integer> firsts = new HashSet<>();
    streams.forEach(stream -> firsts.add(draw(stream, 0)));

    assertThat(firsts).hasSameSizeAs(streams);
  }

  @Test
  void namesThatAreTheSameLettersInAnotherOrderDiffer() {
    assertThat(RandomStream.of(1, 0, "ab")).isNotEqualTo(RandomStream.of(1, 0, "ba"));
  }

  @Test
  void whatDecidesBetweenEqualsIsTheSameForAllModels() {
    assertThat(RandomStream.betweenEquals(3, TENSOR))
        .isEqualTo(RandomStream.betweenEquals(3, TENSOR))
        .isNotEqualTo(RandomStream.betweenEquals(4, TENSOR));
  }

  @Test
  void everyBitIsSetInHalfOfTheDraws() {
    int draws = 1 << 16;
    int[] drawn = new int[draws];
    STREAM.draw(0, draws, drawn);

    for (int bit = 0; bit < Integer.SIZE; bit++) {
      int mask = 1 << bit;
      long set = Arrays.stream(drawn).filter(draw -> (draw & mask) != 0).count();
      // five standard deviations of a fair coin
      assertThat(Math.abs(set - draws / 2)).as("bit %s", bit).isLessThan(640);
    }
  }

  @Test
  void neighboursDoNotFollowEachOther() {
    int draws = 1 << 14;
    int[] drawn = new int[draws + 1];
    STREAM.draw(0, draws + 1, drawn);

    double sum = 0;
    for (int i = 0; i < draws; i++) {
      sum += (drawn[i] * 0x1p-31) * (drawn[i + 1] * 0x1p-31);
    }

    // uniform numbers in [-1, 1) have the variance 1/3, their products 1/9
    assertThat(Math.abs(sum / draws)).isLessThan(5 * (1.0 / 3) / Math.sqrt(draws));
  }
}
