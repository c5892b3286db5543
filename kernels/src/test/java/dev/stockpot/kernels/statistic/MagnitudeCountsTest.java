package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MagnitudeCountsTest {
  private static final int ONE = 0x3F80;

  @ParameterizedTest
  @ValueSource(floats = {0, -0f, 1, -1, Float.MIN_VALUE, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY})
  void theBitsOfAMagnitudeAreThoseOfTheNumberWithoutItsSign(float value) {
    assertThat(MagnitudeCounts.bits(value)).isEqualTo(Float.floatToRawIntBits(Math.abs(value)));
  }

  @Test
  void everyNanIsOneMagnitudeAboveInfinity() {
    int quiet = MagnitudeCounts.bits(Float.intBitsToFloat(0x7FC00001));
    int negative = MagnitudeCounts.bits(Float.intBitsToFloat(0xFFFFFFFF));

    assertThat(quiet).isEqualTo(negative).isEqualTo(MagnitudeCounts.NAN);
    assertThat(quiet).isGreaterThan(MagnitudeCounts.bits(Float.POSITIVE_INFINITY));
  }

  @Test
  void largerMagnitudesHaveLargerBits() {
    float[] ascending = {0, Float.MIN_VALUE, 1e-30f, 0.5f, 1, 1.0000001f, 7, 1e30f};
    for (int i = 1; i < ascending.length; i++) {
      assertThat(MagnitudeCounts.bits(-ascending[i]))
          .isGreaterThan(MagnitudeCounts.bits(ascending[i - 1]));
    }
  }

  @Test
  void allAreCountedByTheirUpperBits() {
    MagnitudeCounts counts = new MagnitudeCounts(MagnitudeCounts.ALL_BINS);
    counts.count(1);
    counts.count(-1.0000001f);
    counts.count(0);

    assertThat(counts.counts()[ONE]).isEqualTo(2);
    assertThat(counts.counts()[0]).isEqualTo(1);
  }

  @Test
  void thoseOfOneBinAreCountedByTheirLowerBitsAndOthersNot() {
    MagnitudeCounts counts = new MagnitudeCounts(ONE);
    counts.count(1);
    counts.count(Math.nextUp(1f));
    counts.count(-Math.nextUp(1f));
    counts.count(2);

    assertThat(counts.bin()).isEqualTo(ONE);
    assertThat(counts.counts()[0]).isEqualTo(1);
    assertThat(counts.counts()[1]).isEqualTo(2);
    assertThat(java.util.Arrays.stream(counts.counts()).sum()).isEqualTo(3);
  }
}
