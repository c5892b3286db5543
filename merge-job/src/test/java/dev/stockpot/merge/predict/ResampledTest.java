package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.random.RandomStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResampledTest {
  private static final List<Combination> SERIES = List.of(new Single(0), new Single(1));

  @Test
  void timesFollowAPoissonDistribution() {
    RandomStream stream = RandomStream.of(3, RandomStream.OUTPUT, "replicate 0");
    int count = 200_000;
    int[] draws = new int[count];
    stream.draw(0, count, draws);
    double sum = 0;
    double squares = 0;
    int[] often = new int[20];
    for (int draw : draws) {
      int times = Resampled.poisson(draw);
      often[times]++;
      sum += times;
      squares += (double) times * times;
    }
    double mean = sum / count;
    assertThat(mean).isCloseTo(1, within(0.01));
    assertThat(squares / count - mean * mean).isCloseTo(1, within(0.02));
    assertThat(often[0] / (double) count).isCloseTo(Math.exp(-1), within(0.005));
    assertThat(often[2] / (double) count).isCloseTo(Math.exp(-1) / 2, within(0.005));
  }

  @Test
  void theLargestDrawIsRare() {
    assertThat(Resampled.poisson(0)).isZero();
    assertThat(Resampled.poisson(-1)).isBetween(10, 12);
  }

  @Test
  void hangsOnIdsAndNotOnBlocks() {
    List<Block> whole = DigitTables.blocks();
    double[] once = DigitTables.passes(whole).over(new Resampled(SERIES, 5, 1));
    List<Block> halves =
        whole.stream()
            .flatMap(
                block ->
                    List.of(
                        block.of(id -> id.hashCode() % 2 == 0),
                        block.of(id -> id.hashCode() % 2 != 0))
                        .stream())
            .toList();
    double[] twice = DigitTables.passes(halves).over(new Resampled(SERIES, 5, 1));
    for (int i = 0; i < once.length; i++) {
      assertThat(twice[i]).isCloseTo(once[i], within(1e-9));
    }
  }

  @Test
  void allSeriesDrawTheSameExamples() {
    double[] sums = DigitTables.passes().over(new Resampled(SERIES, 3, 1));
    for (int replicate = 0; replicate < 3; replicate++) {
      int at = replicate * 2 * Resampled.WIDTH;
      assertThat(sums[at]).isEqualTo(sums[at + Resampled.WIDTH]);
    }
  }

  @Test
  void anotherSeedDrawsOthers() {
    double[] one = DigitTables.passes().over(new Resampled(SERIES, 3, 1));
    double[] other = DigitTables.passes().over(new Resampled(SERIES, 3, 2));
    assertThat(other).isNotEqualTo(one);
  }

  @Test
  void quantilesAreThoseOfNumPy() {
    double[] sorted = {1, 2, 4, 8};
    assertThat(Intervals.quantile(sorted, 0)).isEqualTo(1);
    assertThat(Intervals.quantile(sorted, 0.5)).isEqualTo(3);
    assertThat(Intervals.quantile(sorted, 0.9)).isCloseTo(6.8, within(1e-12));
    assertThat(Intervals.quantile(sorted, 1)).isEqualTo(8);
  }
}
