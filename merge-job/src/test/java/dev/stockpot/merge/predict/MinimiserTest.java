package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MinimiserTest {
  @Test
  void findsTheBottomOfABananaValley() {
    double[] found =
        Minimiser.least(
            x -> {
              double a = 1 - x[0];
              double b = x[1] - x[0] * x[0];
              return new double[] {a * a + 100 * b * b, -2 * a - 400 * x[0] * b, 200 * b};
            },
            new double[] {-1.2, 1});
    assertThat(found[0]).isCloseTo(1, within(1e-6));
    assertThat(found[1]).isCloseTo(1, within(1e-6));
  }

  @Test
  void staysWhereItIsFlat() {
    double[] found = Minimiser.least(x -> new double[] {5, 0, 0}, new double[] {2, 3});
    assertThat(found).containsExactly(2, 3);
  }

  @Test
  void solvesManyNumbersOfUnlikeScale() {
    double[] start = new double[20];
    double[] found =
        Minimiser.least(
            x -> {
              double[] result = new double[21];
              for (int i = 0; i < 20; i++) {
                double scale = Math.pow(10, i / 5.0);
                result[0] += scale * (x[i] - i) * (x[i] - i);
                result[i + 1] = 2 * scale * (x[i] - i);
              }
              return result;
            },
            start);
    for (int i = 0; i < 20; i++) {
      assertThat(found[i]).isCloseTo(i, within(1e-6));
    }
  }
}
