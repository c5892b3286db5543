package dev.stockpot.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UniformNumbersTest {
  private static float[] fill(Numbers numbers, long first, int count) {
    float[] into = new float[count];
    numbers.fill(first, into);
    return into;
  }

  @Test
  void aConstantIsEverywhere() {
    assertThat(fill(Numbers.all(-2.5f), 1L << 40, 3)).containsExactly(-2.5f, -2.5f, -2.5f);
  }

  @Test
  void numbersOfAPartAreThoseOfTheWhole() {
    Numbers numbers = Numbers.uniform(9, "w", 0.1f);
    float[] whole = fill(numbers, 0, 100);

    float[] part = fill(numbers, 37, 20);

    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isEqualTo(whole[37 + i]);
    }
  }

  @Test
  void uniformNumbersFillTheirRangeEvenly() {
    float[] drawn = fill(Numbers.uniform(9, "w", 2), 0, 1 << 16);

    double sum = 0;
    double squares = 0;
    for (float number : drawn) {
      assertThat(number).isBetween(-2f, Math.nextDown(2f));
      sum += number;
      squares += (double) number * number;
    }
    assertThat(Math.abs(sum / drawn.length)).isLessThan(0.025); // five standard errors
    assertThat(squares / drawn.length).isBetween(4 / 3.0 - 0.03, 4 / 3.0 + 0.03);
  }

  @Test
  void eachTensorAndSeedHasNumbersOfItsOwn() {
    float first = fill(Numbers.uniform(9, "w", 1), 0, 1)[0];

    assertThat(fill(Numbers.uniform(10, "w", 1), 0, 1)[0]).isNotEqualTo(first);
    assertThat(fill(Numbers.uniform(9, "v", 1), 0, 1)[0]).isNotEqualTo(first);
    assertThat(fill(Numbers.uniform(9, "w", 1), 0, 1)[0]).isEqualTo(first);
  }

  @Test
  void aWiderRangeHasTheSameDraws() {
    float[] narrow = fill(Numbers.uniform(9, "w", 1), 0, 16);
    float[] wide = fill(Numbers.uniform(9, "w", 4), 0, 16);

    for (int i = 0; i < narrow.length; i++) {
      assertThat(wide[i]).isEqualTo(4 * narrow[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void refusesABoundThatIsNone(float bound) {
    assertThatThrownBy(() -> Numbers.uniform(1, "w", bound))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bound is %s, must be above 0", bound);
  }
}
