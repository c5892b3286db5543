package dev.stockpot.merge.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the numbers of a tensor are like. */
class MomentsTest {
  private static Moments of(float... numbers) {
    Moments moments = new Moments();
    moments.add(numbers, numbers.length);
    return moments;
  }

  private static double number(Moments moments, Column column) {
    return (Double) moments.get(column).orElseThrow();
  }

  @Test
  void addUpOverWhateverComesTogether() {
    Moments moments = of(1, -2, 4);
    moments.add(new float[] {0, 7, 100, 100}, 2);

    assertThat(number(moments, Column.MEAN)).isEqualTo(2); // 10 / 5
    assertThat(number(moments, Column.STD)).isEqualTo(Math.sqrt(70 / 5.0 - 4));
    assertThat(number(moments, Column.L2)).isEqualTo(Math.sqrt(70));
    assertThat(number(moments, Column.MIN)).isEqualTo(-2);
    assertThat(number(moments, Column.MAX)).isEqualTo(7);
    assertThat(moments.get(Column.ZEROS)).hasValue(1L);
    assertThat(moments.get(Column.NONFINITE)).hasValue(0L);
  }

  @Test
  void bothZerosAreZeros() {
    assertThat(of(0f, -0f, Float.MIN_VALUE).get(Column.ZEROS)).hasValue(2L);
  }

  @Test
  void whatIsNotFiniteIsCountedAndCountsForNothingElse() {
    Moments moments =
        of(Float.NaN, 3, Float.POSITIVE_INFINITY, 5, Float.NEGATIVE_INFINITY, Float.NaN);

    assertThat(moments.get(Column.NONFINITE)).hasValue(4L);
    assertThat(number(moments, Column.MEAN)).isEqualTo(4);
    assertThat(number(moments, Column.MIN)).isEqualTo(3);
    assertThat(number(moments, Column.MAX)).isEqualTo(5);
    assertThat(number(moments, Column.STD)).isEqualTo(1);
  }

  @Test
  void areNullWhereNoNumberIsFinite() {
    assertThat(of(Float.NaN).get(Column.MEAN)).isEmpty();
    assertThat(of(Float.NaN).get(Column.MAX)).isEmpty();
    assertThat(of(Float.NaN).get(Column.NONFINITE)).hasValue(1L);
    assertThat(of().get(Column.L2)).isEmpty();
    assertThat(of().get(Column.ZEROS)).hasValue(0L);
  }

  @Test
  void equalNumbersDeviateByNothingThoughSquaresAreRounded() {
    for (int i = 1; i < 200; i++) { // some have a variance below zero before it is cut off
      float[] equal = new float[i];
      Arrays.fill(equal, i * 0.1f);

      assertThat(number(of(equal), Column.STD)).as("%s times", i).isBetween(0.0, 1e-6);
    }
  }

  @Test
  void theLargestNumbersOfFloat32HaveALength() {
    assertThat(number(of(Float.MAX_VALUE, Float.MAX_VALUE), Column.L2))
        .isEqualTo(Float.MAX_VALUE * Math.sqrt(2), within(1e25));
  }

  @Test
  void areThoseOfTheNumbersAsTwoPassesFindThem() {
    Random random = new Random(7);
    float[] numbers = new float[5000];
    double sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (3 + random.nextGaussian());
      sum += numbers[i];
    }
    double deviation = 0;
    for (float one : numbers) {
      deviation += (one - sum / numbers.length) * (one - sum / numbers.length);
    }

    assertThat(number(of(numbers), Column.MEAN)).isEqualTo(sum / numbers.length, within(1e-12));
    assertThat(number(of(numbers), Column.STD))
        .isEqualTo(Math.sqrt(deviation / numbers.length), within(1e-12));
  }

  @Test
  void refuseColumnsOfOtherKinds() {
    assertThatThrownBy(() -> of(1).get(Column.NAME))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("NAME is no statistic");
  }
}
