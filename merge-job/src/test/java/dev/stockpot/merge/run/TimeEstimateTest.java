package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.run.TimeEstimate.Limit;
import org.junit.jupiter.api.Test;

class TimeEstimateTest {
  private static final long GB = 1_000_000_000;

  @Test
  void whatIsReadLimitsWhatIsEasilyComputed() {
    TimeEstimate estimate = new TimeEstimate(423 * GB, 141 * GB, 141);

    assertThat(estimate.seconds(1)).isEqualTo(423 / 1.25);
    assertThat(estimate.seconds(16)).isEqualTo(423 / 1.25 / 16);
    assertThat(estimate.limit(4)).isEqualTo(Limit.NETWORK);
  }

  @Test
  void coresLimitWhatTakesLongToCompute() {
    TimeEstimate estimate = new TimeEstimate(100 * GB, 100 * GB, 8000);

    assertThat(estimate.seconds(4)).isEqualTo(250);
    assertThat(estimate.limit(4)).isEqualTo(Limit.COMPUTING);
  }
}
