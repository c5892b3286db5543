package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MagnitudeRangeTest {
  private static final int ONE = MagnitudeCounts.bits(1);
  private static final int END = MagnitudeCounts.bits(1.25f);

  @Test
  void countsMagnitudesInTheRangeByTheirPlaceAndThoseAboveTogether() {
    MagnitudeRange range = new MagnitudeRange(ONE, END);
    for (float value : new float[] {1, -1, 1.125f, 0.999f, 0, 1.25f, -7, Float.NaN, Math.nextDown(1.25f)}) {
      range.count(value);
    }

    assertThat(range.above()).isEqualTo(3);
    assertThat(range.places())
        .containsExactly(0, MagnitudeCounts.bits(1.125f) - ONE, END - ONE - 1);
    assertThat(range.countAt(0)).isEqualTo(2);
    assertThat(range.countAt(END - ONE - 1)).isEqualTo(1);
    assertThat(range.countAt(1)).isZero();
    assertThat(range.low()).isEqualTo(ONE);
    assertThat(range.high()).isEqualTo(END);
  }

  @Test
  void manyPlacesAreFoundAsFewAre() {
    int low = ONE;
    MagnitudeRange range = new MagnitudeRange(low, low + 20_000);
    Map<Integer, Integer> expected = new TreeMap<>();
    Random random = new Random(5);
    for (int i = 0; i < 9000; i++) {
      int place = random.nextInt(20_000);
      range.add(place);
      expected.merge(place, 1, Integer::sum);
    }

    int[] places = range.places();

    assertThat(places).hasSizeGreaterThan(1 << 11);
    assertThat(Arrays.stream(places).boxed()).containsExactlyElementsOf(expected.keySet());
    expected.forEach((place, count) -> assertThat(range.countAt(place)).isEqualTo(count));
  }

  @Test
  void countsSeveralAtOnce() {
    MagnitudeRange range = new MagnitudeRange(ONE, END);
    range.add(4096, 7);
    range.add(4096, 2);
    range.addAbove(11);

    assertThat(range.countAt(4096)).isEqualTo(9);
    assertThat(range.above()).isEqualTo(11);
    assertThat(range.places()).containsExactly(4096);
  }

  @ParameterizedTest
  @CsvSource({"5, 5", "5, 4", "-1, 4", "0, 2097153"})
  void refusesRangesThatAreEmptyOrTooWide(int low, int high) {
    assertThatThrownBy(() -> new MagnitudeRange(low, high))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("range from %s to %s", low, high);
  }

  @Test
  void theWidestRangeIsOf32Bins() {
    assertThat(new MagnitudeRange(0, MagnitudeRange.MOST).high()).isEqualTo(32 << 16);
  }
}
