package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CombinationTest {
  private static final Offset<Double> CLOSE = within(1e-12);
  private static final double NONE = Double.NaN;

  /** Two models of three classes: log-probabilities of (.5 .3 .2) and (.1 .1 .8). */
  private static final double[] LOGITS = {
    Math.log(.5), Math.log(.3), Math.log(.2), Math.log(.1), Math.log(.1), Math.log(.8)
  };

  private static double[] combined(Combination combination, double... logits) {
    double[] p = new double[3];
    assertThat(combination.logits(logits, 0, 3, p)).isTrue();
    Softmax.of(p, 0, 3, p);
    return p;
  }

  @Test
  void aMeanIsOfProbabilities() {
    double[] p = combined(new MeanOfProbabilities(Weights.of(0.75, 0.25)), LOGITS);
    assertThat(p).containsExactly(new double[] {.4, .25, .35}, CLOSE);
  }

  @Test
  void aMeanOfLogitsIsTheGeometricMean() {
    double[] p = combined(new MeanOfLogits(Weights.of(0.5, 0.5)), LOGITS);
    double sum = Math.sqrt(.05) + Math.sqrt(.03) + Math.sqrt(.16);
    assertThat(p[0]).isCloseTo(Math.sqrt(.05) / sum, CLOSE);
    assertThat(p[2]).isCloseTo(Math.sqrt(.16) / sum, CLOSE);
  }

  @Test
  void weightsOfClassesCountByClass() {
    Weights weights = new Weights(new double[][] {{1, 0, 0.5}, {0, 1, 0.5}});
    double[] p = combined(new MeanOfProbabilities(weights), LOGITS);
    assertThat(p[0]).isCloseTo(.5 / 1.1, CLOSE);
    assertThat(p[1]).isCloseTo(.1 / 1.1, CLOSE);
    assertThat(p[2]).isCloseTo(.5 / 1.1, CLOSE);
  }

  @Test
  void votesAreCountedAndAMeanDecidesBetweenEqualOnes() {
    double[] p = combined(new Votes(Weights.equal(2)), LOGITS);
    assertThat(p[0]).isCloseTo(0.5, within(1e-6));
    assertThat(p[2]).isCloseTo(0.5, within(1e-6)).isGreaterThan(p[0]);
    assertThat(p[1]).isCloseTo(0.2e-6, CLOSE);
  }

  @Test
  void votesAreWeighed() {
    double[] p = combined(new Votes(Weights.of(0.9, 0.1)), LOGITS);
    assertThat(p[0]).isCloseTo(0.9, within(1e-6));
  }

  @Test
  void othersAnswerForAModelThatSaidNothing() {
    double[] masked = LOGITS.clone();
    masked[3] = masked[4] = masked[5] = NONE;
    for (Combination any :
        List.of(
            new MeanOfProbabilities(Weights.of(0.2, 0.8)),
            new MeanOfLogits(Weights.of(0.2, 0.8)),
            new Single(0))) {
      assertThat(combined(any, masked)).containsExactly(new double[] {.5, .3, .2}, CLOSE);
    }
    assertThat(combined(new Votes(Weights.of(0.2, 0.8)), masked)[0]).isCloseTo(1, within(1e-6));
  }

  @Test
  void nothingIsSaidWhereNobodyWhoCountsSaidAnything() {
    double[] masked = LOGITS.clone();
    masked[0] = masked[1] = masked[2] = NONE;
    double[] p = new double[3];
    for (Combination any :
        List.of(
            new MeanOfProbabilities(Weights.of(1, 0)),
            new MeanOfLogits(Weights.of(1, 0)),
            new Votes(Weights.of(1, 0)),
            new Single(0),
            Calibrated.at(2, new Single(0)))) {
      assertThat(any.logits(masked, 0, 3, p)).as("%s", any).isFalse();
    }
  }

  @Test
  void aTemperatureFlattensAndChangesNoDecision() {
    double[] p = combined(Calibrated.at(2, new Single(0)), LOGITS);
    double sum = Math.sqrt(.5) + Math.sqrt(.3) + Math.sqrt(.2);
    assertThat(p[0]).isCloseTo(Math.sqrt(.5) / sum, CLOSE);
    assertThat(Softmax.largest(p, 0, 3)).isZero();
  }

  @Test
  void whatIsImpossibleStaysSo() {
    double[] logits = {0, 0, Double.NEGATIVE_INFINITY, 0, 0, 0};
    assertThat(combined(new MeanOfLogits(Weights.equal(2)), logits)[2]).isZero();
    assertThat(combined(new MeanOfProbabilities(Weights.equal(2)), logits)[2])
        .isCloseTo(1.0 / 6, CLOSE);
    assertThat(combined(Calibrated.at(3, new Single(0)), logits)[2]).isZero();
  }

  @Test
  void refusesWeightsThatAreNone() {
    assertThatThrownBy(() -> Weights.of(-1, 2))
        .isInstanceOf(UserException.class)
        .hasMessage("The weight -1.0 of a model is no number of 0 or more");
    assertThatThrownBy(() -> Weights.of(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Weights.of(0, 0))
        .hasMessage("All weights of 2 models are 0: give one of them more");
  }

  @Test
  void weightsByNameAreDividedByTheirSum() {
    Weights weights = Ensemble.weights(Method.MEAN, List.of("a", "b"), Map.of("b", 3.0));
    assertThat(weights.weight(0, 0)).isEqualTo(0.25);
    assertThat(weights.weight(1, 0)).isEqualTo(0.75);
  }

  @Test
  void refusesWeightsOfNobodyAndWhereTheyAreFitted() {
    assertThatThrownBy(() -> Ensemble.weights(Method.MEAN, List.of("a", "b"), Map.of("x", 3.0)))
        .hasMessage("There is a weight for `x`, and no table of that name; there are a, b");
    assertThatThrownBy(() -> Ensemble.weights(Method.STACKING, List.of("a"), Map.of("a", 3.0)))
        .hasMessage("stacking finds its weights itself: leave away those of a, or say --by mean");
  }
}
