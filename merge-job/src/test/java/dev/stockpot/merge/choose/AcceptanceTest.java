package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.choose.Acceptance.Kind;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a candidate takes the place of the best so far, at the edges. */
class AcceptanceTest {
  private static Score score(double worth, double error) {
    return new Score(OptionalDouble.of(worth), OptionalDouble.of(error));
  }

  @ParameterizedTest
  @CsvSource({
    "GREATER, 0, 1, false",
    "GREATER, 0, 1.0000000000000002, true",
    "GREATER_EQUAL, 0, 1, true",
    "GREATER_EQUAL, 0, 0.9999999999999999, false",
    "MIN_GAIN, 0.5, 1.5, true",
    "MIN_GAIN, 0.5, 1.4999999999999998, false",
    "MIN_GAIN, 0, 1, false",
    "MIN_GAIN, 0, 1.0000000000000002, true",
    "STANDARD_ERRORS, 1, 6, false",
    "STANDARD_ERRORS, 1, 6.000000000000001, true",
    "STANDARD_ERRORS, 2, 11, false",
    "STANDARD_ERRORS, 2, 11.000000000000002, true",
    "STANDARD_ERRORS, 0, 1, false",
    "STANDARD_ERRORS, 0, 1.0000000000000002, true"
  })
  void aGainIsEnoughFromOneNumberOn(Kind kind, double amount, double worth, boolean accepts) {
    // errors of 3 and 4 are 5 together
    assertThat(new Acceptance(kind, amount).accepts(score(worth, 3), score(1, 4)))
        .isEqualTo(accepts);
  }

  @Test
  void anErrorThatIsNotToldCountsForNothing() {
    Acceptance accept = new Acceptance(Kind.STANDARD_ERRORS, 1);

    assertThat(accept.accepts(Score.of(5), score(1, 4))).isFalse();
    assertThat(accept.accepts(Score.of(5.5), score(1, 4))).isTrue();
    assertThat(accept.accepts(Score.of(1.5), Score.of(1))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatFailedIsNeverTakenAndAnythingIsBetter(Kind kind) {
    Acceptance accept = new Acceptance(kind, 0);

    assertThat(accept.accepts(Score.FAILED, Score.of(-1e300))).isFalse();
    assertThat(accept.accepts(Score.FAILED, Score.FAILED)).isFalse();
    assertThat(accept.accepts(Score.of(-1e300), Score.FAILED)).isTrue();
  }

  @Test
  void onlyStandardErrorsNeedErrors() {
    assertThat(List.of(Kind.values()))
        .filteredOn(kind -> new Acceptance(kind, 0).needsErrors())
        .containsExactly(Kind.STANDARD_ERRORS);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
  void anAmountIsANumberFromNothingOn(double amount) {
    assertThatThrownBy(() -> new Acceptance(Kind.MIN_GAIN, amount))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("amount is " + amount + ", must be at least 0");
  }
}
