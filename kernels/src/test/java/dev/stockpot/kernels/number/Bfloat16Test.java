package dev.stockpot.kernels.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Bfloat16Test {
  private static final int INFINITY = 0x7F80;
  private static final NearestEven NEAREST_EVEN = new NearestEven(INFINITY, Bfloat16Test::meaning);

  /** Of a pattern without sign: seven bits of mantissa, eight of exponent biased by 127. */
  private static double meaning(int bits) {
    int exponent = bits >> 7;
    int mantissa = bits & 0x7F;
    return exponent == 0
        ? Math.scalb((double) mantissa, -126 - 7)
        : Math.scalb((double) (0x80 | mantissa), exponent - 127 - 7);
  }

  @Test
  void everyPatternMeansWhatTheFormatSays() {
    for (int bits = 0; bits < INFINITY; bits++) {
      assertThat(Bfloat16.toFloat((short) bits)).isEqualTo((float) meaning(bits));
      assertThat(Bfloat16.toFloat((short) (bits | 0x8000))).isEqualTo((float) -meaning(bits));
    }
    assertThat(Bfloat16.toFloat((short) INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Bfloat16.toFloat((short) (INFINITY | 0x8000))).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void everyPatternComesBackAndEveryNanBecomesOne() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      boolean nan = (bits & 0x7FFF) > INFINITY;
      assertThat(Float.isNaN(Bfloat16.toFloat((short) bits))).isEqualTo(nan);
      assertThat(Bfloat16.fromFloat(Bfloat16.toFloat((short) bits)))
          .isEqualTo(nan ? Bfloat16.NAN : (short) bits);
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
    }
  }

  @Test
  void numbersAtAndAroundTheMiddleOfTwoPatternsRoundToNearestEven() {
    for (int bits = 0; bits < INFINITY; bits++) {
      float middle = Float.intBitsToFloat(bits << 16 | 0x8000);
      assertRounds(middle);
      assertRounds(-middle);
      assertRounds(Math.nextUp(middle));
      assertRounds(Math.nextDown(middle));
    }
  }

  @Test
  void signsOfZeroStay() {
    assertThat(Bfloat16.fromFloat(0f)).isZero();
    assertThat(Bfloat16.fromFloat(-0f)).isEqualTo((short) 0x8000);
    assertThat(Bfloat16.fromFloat(-Float.MIN_VALUE)).isEqualTo((short) 0x8000);
  }

  @Test
  void tooLargeNumbersBecomeInfinite() {
    assertThat(Bfloat16.fromFloat(Float.MAX_VALUE)).isEqualTo((short) INFINITY);
    assertThat(Bfloat16.fromFloat(-Float.MAX_VALUE)).isEqualTo((short) (INFINITY | 0x8000));
  }

  private static void assertRounds(float value) {
    short expected = NEAREST_EVEN.round(value);
    if (Bfloat16.fromFloat(value) != expected) { // a description for each would take minutes
      assertThat(Bfloat16.fromFloat(value)).as("%s rounded", value).isEqualTo(expected);
    }
  }
}
