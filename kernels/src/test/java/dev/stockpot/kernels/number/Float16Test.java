package dev.stockpot.kernels.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Float16Test {
  private static final int INFINITY = 0x7C00;
  private static final NearestEven NEAREST_EVEN = new NearestEven(INFINITY, Float16Test::meaning);

  /** Of a pattern without sign: ten bits of mantissa, five of exponent biased by 15. */
  private static double meaning(int bits) {
    int exponent = bits >> 10;
    int mantissa = bits & 0x3FF;
    return exponent == 0
        ? Math.scalb((double) mantissa, -14 - 10)
        : Math.scalb((double) (0x400 | mantissa), exponent - 15 - 10);
  }

  @Test
  void everyPatternMeansWhatTheFormatSays() {
    for (int bits = 0; bits < INFINITY; bits++) {
      assertThat(Float16.toFloat((short) bits)).isEqualTo((float) meaning(bits));
      assertThat(Float16.toFloat((short) (bits | 0x8000))).isEqualTo((float) -meaning(bits));
    }
    assertThat(Float16.toFloat((short) INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Float16.toFloat((short) (INFINITY | 0x8000))).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void everyPatternComesBackAndEveryNanBecomesOne() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      boolean nan = (bits & 0x7FFF) > INFINITY;
      assertThat(Float.isNaN(Float16.toFloat((short) bits))).isEqualTo(nan);
      assertThat(Float16.fromFloat(Float16.toFloat((short) bits)))
          .isEqualTo(nan ? Float16.NAN : (short) bits);
    }
  }

  @Test
  void anyNumberRoundsToNearestEven() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!Float.isNaN(value)) {
        assertRounds(value);
      }
      // most patterns above are far too large or too small; these are about the range
      assertRounds((float) (random.nextGaussian() * Math.scalb(1.0, random.nextInt(44) - 27)));
    }
  }

  @Test
  void numbersAtAndAroundTheMiddleOfTwoPatternsRoundToNearestEven() {
    for (int bits = 0; bits < INFINITY; bits++) {
      float middle = (float) ((meaning(bits) + meaning(bits + 1)) / 2); // exact
      assertRounds(middle);
      assertRounds(-middle);
      assertRounds(Math.nextUp(middle));
      assertRounds(Math.nextDown(middle));
    }
  }

  @Test
  void signsOfZeroStay() {
    assertThat(Float16.fromFloat(0f)).isZero();
    assertThat(Float16.fromFloat(-0f)).isEqualTo((short) 0x8000);
    assertThat(Float16.fromFloat(-Float.MIN_VALUE)).isEqualTo((short) 0x8000);
  }

  @Test
  void infinityBeginsHalfAStepAboveTheGreatestNumber() {
    assertThat(Float16.fromFloat(65_504f)).isEqualTo((short) 0x7BFF);
    assertThat(Float16.fromFloat(Math.nextDown(65_520f))).isEqualTo((short) 0x7BFF);
    assertThat(Float16.fromFloat(65_520f)).isEqualTo((short) INFINITY);
    assertThat(Float16.fromFloat(-65_520f)).isEqualTo((short) (INFINITY | 0x8000));
    assertThat(Float16.fromFloat(Float.MAX_VALUE)).isEqualTo((short) INFINITY);
  }

  @Test
  void theLeastSubnormalNumberIsReachedFromAboveItsHalf() {
    float half = 0x1p-25f;
    assertThat(Float16.fromFloat(half)).isZero();
    assertThat(Float16.fromFloat(Math.nextUp(half))).isEqualTo((short) 1);
  }

  private static void assertRounds(float value) {
    short expected = NEAREST_EVEN.round(value);
    if (Float16.fromFloat(value) != expected) { // a description for each would take minutes
      assertThat(Float16.fromFloat(value)).as("%s rounded", value).isEqualTo(expected);
    }
  }
}
