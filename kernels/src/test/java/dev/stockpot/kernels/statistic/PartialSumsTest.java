package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PartialSumsTest {
  @Test
  void partialSumsOfSlicesFollowEachOther() {
    PartialSums first = new PartialSums(2, new double[] {1, 10, 2, 20});
    PartialSums sum = first.plus(new PartialSums(2, new double[] {3, 30}));

    assertThat(sum.partials()).containsExactly(1, 10, 2, 20, 3, 30);
    assertThat(sum.total(0)).isEqualTo(6);
    assertThat(sum.total(1)).isEqualTo(60);
  }

  @Test
  void sumsOfAnotherWidthDoNotAddUp() {
    PartialSums sums = new PartialSums(1, new double[1]);

    assertThatThrownBy(() -> sums.plus(new PartialSums(2, new double[2])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("after 1 sums");
  }
}
