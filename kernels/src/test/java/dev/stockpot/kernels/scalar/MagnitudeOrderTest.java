package dev.stockpot.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements by magnitude and place, beside the library's stable sort. */
class MagnitudeOrderTest {
  private static int[] sorted(MagnitudeOrder order, int... magnitudes) {
    order.clear(magnitudes.length);
    for (int place = 0; place < magnitudes.length; place++) {
      order.add(magnitudes[place], place);
    }
    long[] keys = order.sort();
    assertThat(order.size()).isEqualTo(magnitudes.length);
    return IntStream.range(0, magnitudes.length)
        .map(rank -> MagnitudeOrder.place(keys[rank]))
        .toArray();
  }

  private static int[] plainly(int... magnitudes) {
    return IntStream.range(0, magnitudes.length)
        .boxed()
        .sorted(Comparator.comparingInt(place -> magnitudes[place]))
        .mapToInt(place -> place)
        .toArray();
  }

  /** Below and above the size from which on digits are counted. */
  @ParameterizedTest
  @CsvSource({
    "1, 2147483647",
    "2, 5",
    "511, 2147483647",
    "512, 2147483647",
    "513, 40",
    "5000, 2147483647",
    "5000, 3",
    "5000, 2048",
    "5000, 4194304"
  })
  void areThoseOfAStableSort(int count, int most) {
    int[] magnitudes = new Random(count + (long) most).ints(count, 0, most).toArray();

    assertThat(sorted(new MagnitudeOrder(), magnitudes)).isEqualTo(plainly(magnitudes));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 600})
  void equalOnesStayInTheOrderOfTheirPlaces(int count) {
    int[] magnitudes = new int[count];
    Arrays.fill(magnitudes, 0x7FC00000);

    assertThat(sorted(new MagnitudeOrder(), magnitudes))
        .isEqualTo(IntStream.range(0, count).toArray());
  }

  @Test
  void differencesInAnyOneDigitCount() {
    int[] magnitudes = new int[600];
    Arrays.setAll(magnitudes, i -> i % 3 == 0 ? 1 << 30 : i % 3 == 1 ? 1 << 15 : 1);

    assertThat(sorted(new MagnitudeOrder(), magnitudes)).isEqualTo(plainly(magnitudes));
  }

  @Test
  void whatWasThereBeforeIsForgotten() {
    MagnitudeOrder order = new MagnitudeOrder();
    assertThat(sorted(order, 5, 1)).containsExactly(1, 0);
    int[] more = new Random(3).ints(700, 0, 99).toArray();
    assertThat(sorted(order, more)).isEqualTo(plainly(more));
    assertThat(sorted(order, 2, 3, 1)).containsExactly(2, 0, 1);
    order.clear(3);
    assertThat(order.size()).isZero();
  }
}
