package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.hipparchus.random.SobolSequenceGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SobolTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 13, 21})
  void isTheSequenceOfALibrary(int dimensions) {
    Sobol ours = new Sobol(dimensions);
    SobolSequenceGenerator theirs = new SobolSequenceGenerator(dimensions);
    for (int i = 0; i < 2000; i++) {
      assertThat(Point.of(ours.next().stream().mapToDouble(d -> d).toArray()))
          .isEqualTo(Point.of(theirs.nextVector()));
    }
  }

  @Test
  void moreDimensionsThanItHasNumbersForAreRefused() {
    assertThatThrownBy(() -> new Sobol(22)).hasMessage("22 dimensions, must be 1 to 21");
    assertThatThrownBy(() -> new Sobol(0)).hasMessage("0 dimensions, must be 1 to 21");
  }
}
