package dev.stockpot.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers that come from no tensor hang on seed, tensor and element alone. */
class NumbersTest {
  private static final int MANY = 200_000;

  static Stream<Numbers> allKinds() {
    float[] given = new float[1_000];
    for (int i = 0; i < given.length; i++) {
      given[i] = i * 0.5f;
    }
    return Stream.of(
        Numbers.all(3),
        Numbers.uniform(7, "t", 0.5f),
        Numbers.normal(7, "t", 2),
        Numbers.given(given));
  }

  private static float[] filled(Numbers numbers, long first, int count) {
    float[] into = new float[count];
    numbers.fill(first, into);
    return into;
  }

  @ParameterizedTest
  @MethodSource("allKinds")
  void piecesAreWhatTheyAreInTheWhole(Numbers numbers) {
    float[] whole = filled(numbers, 0, 1_000);
    for (int first : new int[] {0, 1, 17, 999}) {
      float[] piece = filled(numbers, first, 1_000 - first);
      for (int i = 0; i < piece.length; i++) {
        assertThat(piece[i]).isEqualTo(whole[first + i]);
      }
    }
  }

  @Test
  void normalNumbersHaveTheMomentsOfTheirDistribution() {
    float[] drawn = filled(Numbers.normal(42, "t", 3), 0, MANY);
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    int within = 0;
    for (float number : drawn) {
      double unit = number / 3;
      sum += unit;
      squares += unit * unit;
      fourths += unit * unit * unit * unit;
      within += Math.abs(unit) < 1 ? 1 : 0;
    }
    // four standard errors of each
    assertThat(sum / MANY).isCloseTo(0, within(4 / Math.sqrt(MANY)));
    assertThat(squares / MANY).isCloseTo(1, within(4 * Math.sqrt(2.0 / MANY)));
    assertThat(fourths / MANY).isCloseTo(3, within(4 * Math.sqrt(96.0 / MANY)));
    assertThat(within / (double) MANY).isCloseTo(0.6827, within(4 * Math.sqrt(0.2166 / MANY)));
  }

  @Test
  void normalNumbersAreDrawnAnewForEachTensorAndSeed() {
    float[] one = filled(Numbers.normal(1, "a", 1), 0, 64);
    assertThat(filled(Numbers.normal(1, "a", 1), 0, 64)).containsExactly(one);
    assertThat(filled(Numbers.normal(1, "b", 1), 0, 64)).isNotEqualTo(one);
    assertThat(filled(Numbers.normal(2, "a", 1), 0, 64)).isNotEqualTo(one);
  }

  @Test
  void normalNumbersAreFiniteFarBehindTheFirst() {
    for (float number : filled(Numbers.normal(1, "a", 1), (1L << 40) - 5, 4_096)) {
      assertThat(Math.abs(number)).isLessThan(7);
    }
  }

  @Test
  void aDeviationMustBeAboveZero() {
    for (float deviation : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Numbers.normal(1, "a", deviation))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be above 0");
    }
  }

  @Test
  void givenNumbersAreEqualIfAllOfThemAre() {
    Numbers given = Numbers.given(new float[] {1, 2});
    assertThat(given).isEqualTo(Numbers.given(new float[] {1, 2}));
    assertThat(given).hasSameHashCodeAs(Numbers.given(new float[] {1, 2}));
    assertThat(given).isNotEqualTo(Numbers.given(new float[] {1, 3}));
    assertThat(given).isNotEqualTo(Numbers.all(1));
    assertThat(given).hasToString("[1.0, 2.0]");
  }

  @Test
  void givenNumbersStayWhenTheirArrayChanges() {
    float[] mine = {1, 2};
    Numbers given = Numbers.given(mine);
    mine[0] = 9;
    assertThat(filled(given, 0, 2)).containsExactly(1, 2);
  }
}
