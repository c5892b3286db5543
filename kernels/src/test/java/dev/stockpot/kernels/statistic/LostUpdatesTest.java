package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LostUpdatesTest {
  @Test
  void updatesOfSlicesAddUp() {
    assertThat(new LostUpdates(10, 3).plus(new LostUpdates(5, 5))).isEqualTo(new LostUpdates(15, 8));
    assertThat(new LostUpdates(10, 3).plus(LostUpdates.NONE)).isEqualTo(new LostUpdates(10, 3));
  }

  @Test
  void noMoreAreLostThanThereWere() {
    assertThatThrownBy(() -> new LostUpdates(2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 of 2 updates lost");
    assertThatThrownBy(() -> new LostUpdates(2, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-1 of 2 updates lost");
  }
}
