package dev.stockpot.kernels.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the 16-bit formats make of numbers between those that they have, given a draw. */
class StochasticRoundingTest {
  private static final int DRAWS = 20_000;

  private enum Format {
    BFLOAT16(0x7F80, Bfloat16.NAN) {
      @Override
      short round(float value, int draw) {
        return Bfloat16.fromFloat(value, draw);
      }

      @Override
      short nearest(float value) {
        return Bfloat16.fromFloat(value);
      }

      @Override
      float widen(short bits) {
        return Bfloat16.toFloat(bits);
      }
    },
    FLOAT16(0x7C00, Float16.NAN) {
      @Override
      short round(float value, int draw) {
        return Float16.fromFloat(value, draw);
      }

      @Override
      short nearest(float value) {
        return Float16.fromFloat(value);
      }

      @Override
      float widen(short bits) {
        return Float16.toFloat(bits);
      }
    };

    final int infinity;
    final short nan;

    Format(int infinity, short nan) {
      this.infinity = infinity;
      this.nan = nan;
    }

    abstract short round(float value, int draw);

    abstract short nearest(float value);

    abstract float widen(short bits);
  }

  @ParameterizedTest
  @EnumSource
  void whatTheFormatHasStaysAsItIs(Format format) {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = format.widen((short) bits);
      short expected = Float.isNaN(value) ? format.nan : (short) bits;
      for (int draw : new int[] {0, -1, 0x12345678, 0xFFFF}) {
        if (format.round(value, draw) != expected) { // a description for each would take long
          assertThat(format.round(value, draw)).as("%s rounded", value).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyOtherNumberGoesToOneOfItsNeighbours(Format format) {
    Random random = new Random(1);
    float most = format.widen((short) (format.infinity - 1));
    for (int i = 0; i < 20_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (i % 2 == 0) { // where float16 has its normal and subnormal numbers
        value = (float) Math.scalb(random.nextGaussian(), random.nextInt(32) - 26);
      }
      if (!(Math.abs(value) <= most)) {
        continue;
      }
      short down = format.round(value, 0); // towards zero
      short up = format.round(value, -1);
      assertThat(Math.abs(format.widen(down))).isLessThanOrEqualTo(Math.abs(value));
      assertThat(Math.abs(format.widen(up))).isLessThan(Float.POSITIVE_INFINITY);
      assertThat(up - down).isBetween(0, 1);
      assertThat(down < 0).isEqualTo(Float.floatToRawIntBits(value) < 0);
      if (up != down) {
        assertThat(Math.abs(format.widen(up))).isGreaterThan(Math.abs(value));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void beyondTheGreatestNumberItRoundsToNearest(Format format) {
    float most = format.widen((short) (format.infinity - 1));
    float value = most;
    for (int i = 0; i < 40; i++) {
      value = Math.nextUp(value) + (i > 20 ? Math.ulp(value) * (1 << (i - 20)) : 0);
      for (int draw : new int[] {0, -1, 0x80000000}) {
        assertThat(format.round(value, draw)).isEqualTo(format.nearest(value));
        assertThat(format.round(-value, draw)).isEqualTo(format.nearest(-value));
      }
    }
    assertThat(format.round(Float.POSITIVE_INFINITY, 0)).isEqualTo((short) format.infinity);
    assertThat(format.round(Float.NaN, -1)).isEqualTo(format.nan);
  }

  @ParameterizedTest
  @ValueSource(
      floats = {0.3f, -1.0001f, 1e-3f, 7e-8f, -2e-8f, 3e-5f, 6.1e-5f, 65_503.7f, 123.4567f})
  void theMeanIsTheNumberItself(float value) {
    for (Format format : Format.values()) {
      Random random = new Random(1);
      double sum = 0;
      for (int i = 0; i < DRAWS; i++) {
        sum += format.widen(format.round(value, random.nextInt()));
      }
      double step =
          Math.abs(
              (double) format.widen(format.round(value, -1))
                  - format.widen(format.round(value, 0)));
      double fourSigma = 4 * 0.5 * step / Math.sqrt(DRAWS);
      assertThat(sum / DRAWS).as(format.name()).isCloseTo(value, Offset.offset(fourSigma + 1e-12));
    }
  }

  @Test
  void subnormalsOfFloat32AreRoundedToo() {
    assertThat(Bfloat16.fromFloat(Float.MIN_VALUE, 0xFFFF_0000)).isEqualTo((short) 1);
    assertThat(Bfloat16.fromFloat(Float.MIN_VALUE, 0xFFFE_0000)).isEqualTo((short) 0);
    assertThat(Float16.fromFloat(-Float.MIN_VALUE, -1)).isEqualTo((short) 0x8000);
  }
}
