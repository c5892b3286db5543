package dev.stockpot.kernels.methods.taskvector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CountsTest {
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
  void countsOfARangeAddUpWithWhatIsAboveIt() {
    RangeCounts sum = new RangeCounts(4, COUNTS).plus(new RangeCounts(7, COUNTS));

    assertThat(sum.above()).isEqualTo(11);
    assertThat(sum.within().counts()).containsExactly(6, 4, 2);
  }

  @Test
  void statisticsOfDifferentKindsDoNotAddUp() {
    RangeCounts range = new RangeCounts(1, COUNTS);
    StatisticList list = new StatisticList(List.of(COUNTS));

    assertThatThrownBy(() -> COUNTS.plus(range)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> range.plus(list)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> list.plus(COUNTS)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> list.plus(new StatisticList(List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
