package dev.stockpot.kernels.methods.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void talliesOfSlicesAddUp() {
    Tally tally = new Tally(new long[] {4, 1L << 40}).plus(new Tally(new long[] {7, 1}));

    assertThat(tally.counts()).containsExactly(11, (1L << 40) + 1);
  }

  @Test
  void talliesOfAnotherLengthDoNotAddUp() {
    Tally tally = new Tally(new long[2]);

    assertThatThrownBy(() -> tally.plus(new Tally(new long[1])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("after 2 counts");
  }
}
