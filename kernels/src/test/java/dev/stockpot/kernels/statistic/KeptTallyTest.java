package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeptTallyTest {
  @Test
  void blocksOfEachInputAddUp() {
    KeptTally tally = new KeptTally(3);
    tally.add(0, 100, 20);
    tally.add(2, 100, 50);
    tally.add(0, 40, 10);

    assertThat(tally.elements()).containsExactly(140, 0, 100);
    assertThat(tally.kept()).containsExactly(30, 0, 50);
  }

  @Test
  void whatATileCountedIsAddedOnceItIsAccepted() {
    KeptTally tally = new KeptTally(2);
    tally.add(1, 10, 5);
    KeptTally ofTile = tally.another();
    ofTile.add(1, 20, 2);
    ofTile.add(0, 20, 1);

    assertThat(tally.elements()).containsExactly(0, 10);
    tally.add(ofTile);

    assertThat(tally.elements()).containsExactly(20, 30);
    assertThat(tally.kept()).containsExactly(1, 7);
  }

  @Test
  void whoAsksCannotChangeTheCounts() {
    KeptTally tally = new KeptTally(1);
    tally.add(0, 4, 2);
    tally.elements()[0] = 99;
    tally.kept()[0] = 99;

    assertThat(tally.elements()).containsExactly(4);
    assertThat(tally.kept()).containsExactly(2);
  }
}
