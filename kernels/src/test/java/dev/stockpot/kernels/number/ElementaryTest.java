package dev.stockpot.kernels.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ElementaryTest {
  private static final double RELATIVE = 1e-13;

  @Test
  void exponentialsAreThoseOfTheLibrary() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      double x = -Math.pow(700, random.nextDouble()) * random.nextDouble();
      double expected = StrictMath.exp(x);

      assertThat(Elementary.exp(x)).isCloseTo(expected, within(RELATIVE * expected));
    }
  }

  @Test
  void exponentialsEndAtZeroAndInNothing() {
    assertThat(Elementary.exp(0)).isOne();
    assertThat(Elementary.exp(-0.0)).isOne();
    assertThat(Elementary.exp(-1e9)).isEqualTo(Elementary.exp(-700)).isBetween(0.0, 1e-300);
    assertThat(Elementary.exp(Double.NEGATIVE_INFINITY)).isEqualTo(Elementary.exp(-700));
  }

  @Test
  void logarithmsAreThoseOfTheLibrary() {
    Random random = new Random(2);
    for (int i = 0; i < 100_000; i++) {
      double x = Math.pow(10, 16 * random.nextDouble() - 8);
      double expected = StrictMath.log(x);

      assertThat(Elementary.log(x)).isCloseTo(expected, within(RELATIVE * Math.abs(expected)));
    }
  }

  @Test
  void logarithmsNearOneKeepTheirPrecision() {
    assertThat(Elementary.log(1)).isZero();
    for (double distance = 1e-15; distance < 0.5; distance *= 1.3) {
      for (double x : new double[] {1 + distance, 1 - distance}) {
        double expected = StrictMath.log1p(x - 1);

        assertThat(Elementary.log(x)).isCloseTo(expected, within(RELATIVE * Math.abs(expected)));
      }
    }
  }
}
