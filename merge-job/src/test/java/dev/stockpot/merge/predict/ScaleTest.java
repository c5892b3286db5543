package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What numbers of tables can be, and what they are as logits; and ways to combine them. */
class ScaleTest {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  @ParameterizedTest
  @CsvSource({
    "LOGITS, 1e300, true",
    "LOGITS, -Infinity, true",
    "LOGITS, Infinity, false",
    "LOG_PROBABILITIES, 0, true",
    "LOG_PROBABILITIES, 0.001, true",
    "LOG_PROBABILITIES, 0.0011, false",
    "LOG_PROBABILITIES, -Infinity, true",
    "PROBABILITIES, 0, true",
    "PROBABILITIES, -0.001, true",
    "PROBABILITIES, -0.0011, false",
    "PROBABILITIES, 1.001, true",
    "PROBABILITIES, 1.0011, false",
    "PROBABILITIES, Infinity, false"
  })
  void hasTheNumbersThatCanBeAndLittleMore(Scale scale, double value, boolean isOne) {
    assertThat(scale.isOne(value)).isEqualTo(isOne);
  }

  @Test
  void numbersAreLogitsThatASoftmaxMakesTheSameProbabilitiesOf() {
    for (double p : new double[] {0.25, 1, 1e-30}) {
      assertThat(Math.exp(Scale.PROBABILITIES.logit(p))).isCloseTo(p, within(1e-15));
      assertThat(Scale.PROBABILITIES.probability(p)).isEqualTo(p);
      assertThat(Scale.LOG_PROBABILITIES.probability(Math.log(p))).isCloseTo(p, within(1e-15));
      assertThat(Scale.LOG_PROBABILITIES.logit(Math.log(p))).isEqualTo(Math.log(p));
    }
    assertThat(Scale.LOGITS.logit(-7.5)).isEqualTo(-7.5);
    assertThat(Scale.LOGITS.probability(0.5)).as("logits say none").isNaN();
  }

  @Test
  void whatIsNeverIsNoNumberLessThanThat() {
    assertThat(Scale.PROBABILITIES.logit(0)).isEqualTo(NEVER);
    assertThat(Scale.PROBABILITIES.logit(-0.0005)).as("rounding below 0").isEqualTo(NEVER);
    assertThat(Scale.LOG_PROBABILITIES.probability(NEVER)).isZero();
  }

  @Test
  void onlyLogitsNeedASoftmax() {
    assertThat(Scale.LOGITS.isNormalised()).isFalse();
    assertThat(Scale.PROBABILITIES.isNormalised()).isTrue();
    assertThat(Scale.LOG_PROBABILITIES.isNormalised()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Scale.class)
  void isFoundByItsWord(Scale scale) {
    assertThat(Scale.of(scale.word())).isEqualTo(scale);
  }

  @Test
  void refusesAnotherWordWithTheOnesThatThereAre() {
    assertThatThrownBy(() -> Scale.of("logit"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "There is no scale `logit`: scores are logits, log-probabilities, probabilities");
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void aMethodIsFoundByItsWord(Method method) {
    assertThat(Method.of(method.word())).isEqualTo(method);
  }

  @Test
  void refusesAnotherMethodWithTheOnesThatThereAre() {
    assertThatThrownBy(() -> Method.of("average"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "There is no way `average` to combine predictions; there are mean, logits, geometric, majority, vote, stacking, greedy, per-class");
  }

  @Test
  void weightsAreGivenOrFittedOrNeither() {
    assertThat(Method.values())
        .filteredOn(Method::takesWeights)
        .containsExactly(Method.MEAN, Method.LOGITS, Method.GEOMETRIC, Method.VOTE);
    assertThat(Method.values())
        .filteredOn(Method::isFitted)
        .containsExactly(Method.STACKING, Method.GREEDY, Method.PER_CLASS);
  }

  @Test
  void aMeanOfLogitsNeedsLogitsAndAGeometricOneDoesNot() {
    NamedTable table = new NamedTable("a", "a.csv");
    Method.LOGITS.requireLogits(table, Scale.LOGITS);
    Method.GEOMETRIC.requireLogits(table, Scale.PROBABILITIES);
    for (Scale scale : new Scale[] {Scale.PROBABILITIES, Scale.LOG_PROBABILITIES}) {
      assertThatThrownBy(() -> Method.LOGITS.requireLogits(table, scale))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "a (a.csv) has %s, of which there are no logits to average. Say --by geometric, which is the same of probabilities"
                  .formatted(scale.word()));
    }
  }
}
