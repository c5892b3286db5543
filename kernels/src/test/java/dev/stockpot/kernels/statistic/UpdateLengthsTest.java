package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateLengthsTest {
  @Test
  void squaresOfTensorsAddUp() {
    UpdateLengths both = new UpdateLengths(3, 5, 8).plus(new UpdateLengths(4, 12, 15));
    assertThat(both).isEqualTo(new UpdateLengths(5, 13, 17));
    assertThat(both.plus(UpdateLengths.NONE)).isEqualTo(both);
  }

  @Test
  void theyAreMeasuredInLengthsOfTheBase() {
    UpdateLengths lengths = new UpdateLengths(40, 1, 2);
    assertThat(lengths.relativeChange()).isCloseTo(0.025, within(1e-15));
    assertThat(lengths.relativeError()).isCloseTo(0.05, within(1e-15));
  }

  @Test
  void aBaseOfZerosIsNoUnit() {
    UpdateLengths lengths = new UpdateLengths(0, 1, 2);
    assertThat(lengths.relativeChange()).isZero();
    assertThat(lengths.relativeError()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, true",
    "1, 1, true",
    "1, 0.71, true",
    "1, 0.7, false",
    "0, 1, false",
    "0, 0, false"
  })
  void aChangeDrownsInHalfAsManySquaresOfErrors(double change, double error, boolean isDrowned) {
    assertThat(new UpdateLengths(10, change, error).areDrowned()).isEqualTo(isDrowned);
  }

  @ParameterizedTest
  @CsvSource({"-1, 0, 0", "0, -1, 0", "0, 0, -1", "NaN, 0, 0", "0, NaN, 0", "0, 0, NaN"})
  void noLengthIsNegativeOrNoNumber(double base, double change, double error) {
    assertThatThrownBy(() -> new UpdateLengths(base, change, error))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("base %s, change %s, error %s".formatted(base, change, error));
  }
}
