package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticTest {
  private static final Counts COUNTS = Counts.of(new int[] {0, 3, 0, 2, 1});

  @Test
  void countsLeaveEmptyBinsOut() {
    assertThat(COUNTS.bins()).containsExactly(1, 3, 4);
    assertThat(COUNTS.counts()).containsExactly(3, 2, 1);
  }

  @Test
  void countsOfSlicesAddUpBinByBin() {
    Counts sum = COUNTS.plus(Counts.of(new int[] {5, 0, 7, 2, 0, 9}));

    assertThat(sum.bins()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(sum.counts()).containsExactly(5, 3, 7, 4, 1, 9);
  }

  @Test
  void aRankIsFoundFromTheTop() {
    assertThat(COUNTS.fromTop(1)).isEqualTo(new Counts.Rank(4, 1, 0));
    assertThat(COUNTS.fromTop(2)).isEqualTo(new Counts.Rank(3, 2, 1));
    assertThat(COUNTS.fromTop(3)).isEqualTo(new Counts.Rank(3, 2, 1));
    assertThat(COUNTS.fromTop(6)).isEqualTo(new Counts.Rank(1, 3, 3));
  }

  @Test
  void rejectsARankBeyondAllElements() {
    assertThatThrownBy(() -> COUNTS.fromTop(7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rank 7 of 6 elements");
  }

  @Test
  void partialSumsOfSlicesFollowEachOther() {
    PartialSums first = new PartialSums(2, new double[] {1, 10, 2, 20});
    PartialSums sum = first.plus(new PartialSums(2, new double[] {3, 30}));

    assertThat(sum.partials()).containsExactly(1, 10, 2, 20, 3, 30);
    assertThat(sum.total(0)).isEqualTo(6);
    assertThat(sum.total(1)).isEqualTo(60);
  }

  @Test
  void tiesKnowHowManyCameBefore() {
    CountsByBlock ties =
        new CountsByBlock(new long[] {4, 0}).plus(new CountsByBlock(new long[] {7}));

    assertThat(ties.before()).containsExactly(0, 4, 4);
  }

  @Test
  void talliesOfSlicesAddUp() {
    Tally tally = new Tally(new long[] {4, 1L << 40}).plus(new Tally(new long[] {7, 1}));

    assertThat(tally.counts()).containsExactly(11, (1L << 40) + 1);
  }

  @Test
  void statisticsOfDifferentKindsDoNotAddUp() {
    PartialSums sums = new PartialSums(1, new double[1]);
    CountsByBlock ties = new CountsByBlock(new long[1]);
    StatisticList list = new StatisticList(List.of(COUNTS));

    assertThatThrownBy(() -> COUNTS.plus(sums)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sums.plus(ties)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sums.plus(new PartialSums(2, new double[2])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ties.plus(list)).isInstanceOf(IllegalArgumentException.class);
    Tally tally = new Tally(new long[2]);
    assertThatThrownBy(() -> tally.plus(ties)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tally.plus(new Tally(new long[1])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("after 2 counts");
    assertThatThrownBy(() -> list.plus(COUNTS)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> list.plus(new StatisticList(List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
