package dev.stockpot.kernels.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Float8Test {
  @ParameterizedTest
  @CsvSource({
    "0x00, 0", "0x01, 0.001953125", "0x07, 0.013671875", "0x08, 0.015625", "0x38, 1", "0x39, 1.125",
    "0x77, 240", "0x78, 256", "0x7E, 448", "0xFE, -448", "0x80, -0.0", "0x81, -0.001953125",
  })
  void e4m3HasTheNumbersOfItsPaper(String pattern, float number) {
    assertThat(Float8.e4m3ToFloat((byte) (int) Integer.decode(pattern))).isEqualTo(number);
  }

  @Test
  void e4m3HasNoInfinityAndOneNanOfEachSign() {
    for (int bits = 0; bits < 256; bits++) {
      float number = Float8.e4m3ToFloat((byte) bits);
      assertThat(Float.isInfinite(number)).isFalse();
      assertThat(Float.isNaN(number)).isEqualTo((bits & 0x7F) == 0x7F);
    }
  }

  @Test
  void e5m2IsTheUpperHalfOfFloat16() {
    for (int bits = 0; bits < 256; bits++) {
      assertThat(Float8.e5m2ToFloat((byte) bits))
          .isEqualTo(Float.valueOf(Float16.toFloat((short) (bits << 8))));
    }
  }

  @Test
  void bfloat16AndFloat16HoldEveryNumber() {
    for (int bits = 0; bits < 256; bits++) {
      for (float number :
          new float[] {Float8.e4m3ToFloat((byte) bits), Float8.e5m2ToFloat((byte) bits)}) {
        assertThat(Bfloat16.toFloat(Bfloat16.fromFloat(number))).isEqualTo(Float.valueOf(number));
        assertThat(Float16.toFloat(Float16.fromFloat(number))).isEqualTo(Float.valueOf(number));
      }
    }
  }

  /** The nearest of all codes, the even one of two; what is too large is the largest. */
  private static byte nearest(float value) {
    int best = 0;
    for (int code = 0; code < 0x7F; code++) {
      double distance = Math.abs(Math.abs((double) value) - Float8.e4m3ToFloat((byte) code));
      double least = Math.abs(Math.abs((double) value) - Float8.e4m3ToFloat((byte) best));
      if (distance < least || (distance == least && code % 2 == 0)) {
        best = code;
      }
    }
    return (byte) (best | (Float.floatToRawIntBits(value) < 0 ? 0x80 : 0));
  }

  @Test
  void everyCodeIsItsOwnNearest() {
    for (int code = 0; code < 256; code++) {
      if ((code & 0x7F) != 0x7F) {
        assertThat(Float8.toE4m3(Float8.e4m3ToFloat((byte) code))).isEqualTo((byte) code);
      }
    }
  }

  @Test
  void numbersBetweenCodesGoToTheNearest() {
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      float value = (float) (random.nextGaussian() * Math.scalb(1.0, random.nextInt(22) - 12));
      assertThat(Float8.toE4m3(value)).as("%s", value).isEqualTo(nearest(value));
    }
    for (int code = 0; code < 0x7E; code++) {
      float middle = (Float8.e4m3ToFloat((byte) code) + Float8.e4m3ToFloat((byte) (code + 1))) / 2;
      assertThat(Float8.toE4m3(middle)).as("%s", middle).isEqualTo(nearest(middle));
      assertThat(Float8.toE4m3(-Math.nextUp(middle))).isEqualTo((byte) (code + 1 | 0x80));
      assertThat(Float8.toE4m3(Math.nextDown(middle))).isEqualTo((byte) code);
    }
  }

  @Test
  void whatIsTooLargeBecomesTheLargestAndNanStaysNan() {
    assertThat(Float8.toE4m3(449)).isEqualTo((byte) 0x7E);
    assertThat(Float8.toE4m3(Float.NEGATIVE_INFINITY)).isEqualTo((byte) 0xFE);
    assertThat(Float8.toE4m3(Float.NaN) & 0x7F).isEqualTo(0x7F);
    assertThat(Float8.toE4m3(-0f)).isEqualTo((byte) 0x80);
  }
}
