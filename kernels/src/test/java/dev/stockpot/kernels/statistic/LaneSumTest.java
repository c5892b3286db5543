package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneSumTest {
  @Test
  void addsItsLanesPairwise() {
    LaneSum sum = new LaneSum();
    double[] lanes = sum.lanes();
    lanes[0] = 1;
    lanes[8] = 0x1p-53; // added to lane 0 first, and lost there: a tie rounds to even
    lanes[4] = 0x1p-52;
    lanes[15] = 0x1p-60; // meets only zeros until the last step, where it is lost too

    assertThat(sum.take()).isEqualTo(1 + 0x1p-52);
  }

  @Test
  void addsRunsBeforeGroups() {
    LaneSum sum = new LaneSum();
    // lane 0: half a step beside 1 is lost in the first run, but two of them in a run of their own
    // stay
    sum.add(2 * LaneSum.RUN, i -> i == 0 ? 1 : i == 16 || i == 256 || i == 272 ? 0x1p-53 : 0);

    assertThat(sum.take()).isEqualTo(1 + 0x1p-52);
  }

  @Test
  void sumsOfReductionBlocksAreKeptInOrder() {
    LaneSum sum = new LaneSum();
    sum.add(2, i -> 1 + i);
    sum.next();
    sum.add(1, i -> 5);
    sum.next();

    assertThat(sum.finished()).containsExactly(3, 5);
  }

  @Test
  void beginsAgainFromZero() {
    LaneSum sum = new LaneSum();
    sum.lanes()[3] = 5;
    sum.take();

    assertThat(sum.lanes()).hasSize(LaneSum.LANES).containsOnly(0);
    assertThat(sum.take()).isZero();
  }
}
