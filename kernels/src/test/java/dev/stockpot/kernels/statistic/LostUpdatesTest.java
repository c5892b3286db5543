package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LostUpdatesTest {
  @Test
  void updatesOfSlicesAddUp() {
    assertThat(new LostUpdates(10, 3).plus(new LostUpdates(5, 5)))
        .isEqualTo(new LostUpdates(15, 8));
    assertThat(new LostUpdates(10, 3).plus(LostUpdates.NONE)).isEqualTo(new LostUpdates(10, 3));
  }

  @Test
  void soDoTheirLengths() {
    LostUpdates one = new LostUpdates(2, 1, new UpdateLengths(3, 5, 8));
    LostUpdates other = new LostUpdates(4, 0, new UpdateLengths(4, 12, 15));
    assertThat(one.plus(other)).isEqualTo(new LostUpdates(6, 1, new UpdateLengths(5, 13, 17)));
    assertThat(one.plus(new LostUpdates(1, 1)).lengths()).isEqualTo(one.lengths());
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
