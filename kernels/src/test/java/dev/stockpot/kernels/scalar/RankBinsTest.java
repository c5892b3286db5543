package dev.stockpot.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Between which ranks elements are whose upper bits are alike. */
class RankBinsTest {
  private static final int ONE = Float.floatToRawIntBits(1);
  private static final int TWO = Float.floatToRawIntBits(2);

  private static RankBins bins(int[] limits, int... bits) {
    RankBins bins = new RankBins();
    bins.fill(bits, bits.length, limits);
    return bins;
  }

  @Test
  void ranksOfABinFollowThoseOfSmallerOnes() {
    RankBins bins = bins(new int[5], TWO, ONE, TWO, ONE + 1, TWO);
    int ofOne = bins.bin(ONE);
    int ofTwo = bins.bin(TWO);

    assertThat(bins.bin(ONE + 1)).isEqualTo(ofOne).isLessThan(ofTwo);
    assertThat(bins.nextRank(ofTwo)).isEqualTo(2);
    assertThat(bins.nextRank(ofOne)).isZero();
    assertThat(bins.nextRank(ofTwo)).isEqualTo(3);
    assertThat(bins.nextRank(ofTwo)).isEqualTo(4);
    assertThat(bins.nextRank(ofOne)).isEqualTo(1);
    assertThat(bins.firstRank(ofOne)).isZero();
    assertThat(bins.firstRank(ofTwo)).isEqualTo(2);
    assertThat(bins.areEqual(ofOne)).isFalse();
    assertThat(bins.areEqual(ofTwo)).isTrue();
  }

  /**
   * Limits are signed: a draw below the first of a bin keeps all of it, one below the last some.
   */
  @Test
  void drawsAreAskedForByTheLeastAndTheLargestOfABin() {
    RankBins bins = bins(new int[] {-50, -10, 30, 70}, ONE, ONE, ONE, TWO);
    int ofOne = bins.bin(ONE);
    int ofTwo = bins.bin(TWO);

    assertThat(bins.allKept(ofOne, -51)).isEqualTo(-1);
    assertThat(bins.allKept(ofOne, -50)).isZero();
    assertThat(bins.someKept(ofOne, 29)).isEqualTo(-1);
    assertThat(bins.someKept(ofOne, 30)).isZero();
    assertThat(bins.allKept(ofTwo, 69)).isEqualTo(-1);
    assertThat(bins.someKept(ofTwo, 70)).isZero();
  }

  @Test
  void drawsAtTheEndsOfTheirRangeDoNotOverflow() {
    RankBins bins = bins(new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE}, ONE, TWO);

    assertThat(bins.allKept(bins.bin(ONE), Integer.MIN_VALUE)).isEqualTo(-1);
    assertThat(bins.allKept(bins.bin(ONE), Integer.MAX_VALUE)).isZero();
    assertThat(bins.allKept(bins.bin(TWO), Integer.MAX_VALUE)).isZero();
    assertThat(bins.allKept(bins.bin(TWO), Integer.MIN_VALUE)).isZero();
  }

  /** Sixteen powers of two below the largest all else is together. */
  @Test
  void whatIsFarBelowTheLargestIsInTheLowestBin() {
    int large = Float.floatToRawIntBits(0x1p100f);
    int within = Float.floatToRawIntBits(0x1p86f);
    int below = Float.floatToRawIntBits(0x1p80f);
    RankBins bins = bins(new int[4], 0, below, within, large);

    assertThat(bins.bin(0)).isZero().isEqualTo(bins.bin(below));
    assertThat(bins.bin(within)).isPositive();
    assertThat(bins.areEqual(0)).isFalse();
  }

  @Test
  void whatIsUnsettledIsSoUntilTheNextRow() {
    RankBins bins = bins(new int[2], ONE, TWO);
    bins.unsettle(bins.bin(ONE));

    assertThat(bins.isUnsettled(bins.bin(ONE))).isTrue();
    assertThat(bins.isUnsettled(bins.bin(TWO))).isFalse();
    bins.fill(new int[] {TWO, ONE, ONE + 1}, 2, new int[2]); // of the row two are new
    assertThat(bins.isUnsettled(bins.bin(ONE))).isFalse();
    assertThat(bins.areEqual(bins.bin(ONE))).isTrue();
  }
}
