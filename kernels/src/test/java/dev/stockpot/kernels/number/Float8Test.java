package dev.stockpot.kernels.number;

import static org.assertj.core.api.Assertions.assertThat;

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
}
