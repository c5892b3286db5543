package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NonFiniteTest {
  private static final NonFinite SOME = new NonFinite(1, 20, 300, 4000);

  @Test
  void countsOfSlicesAddUpCauseByCause() {
    assertThat(SOME.plus(new NonFinite(4, 3, 2, 1))).isEqualTo(new NonFinite(5, 23, 302, 4001));
    assertThat(SOME.plus(NonFinite.NONE)).isEqualTo(SOME);
  }

  @Test
  void whatInputsOverflowIsNoElementOfTheOutput() {
    assertThat(SOME.stored()).isEqualTo(321);
    assertThat(SOME.ofOutput()).isEqualTo(new NonFinite(1, 20, 300, 0));
    assertThat(SOME.ofOutput().stored()).isEqualTo(SOME.stored());
  }

  @Test
  void refusesFewerThanNone() {
    assertThatThrownBy(() -> new NonFinite(0, 0, -1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 narrowed, 0 carried, -1 made, 0 overflowed");
  }
}
