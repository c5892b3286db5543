package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.json.JsonValue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Probabilities of logits, decisions, and what two models have in common. */
class SoftmaxTest {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  private static double[] softmax(double... logits) {
    double[] p = new double[logits.length];
    Softmax.of(logits, 0, logits.length, p);
    return p;
  }

  @Test
  void isThatOfTheDifferencesHoweverLargeTheLogits() {
    double[] small = softmax(0, Math.log(3));
    assertThat(small).containsExactly(new double[] {0.25, 0.75}, within(1e-15));
    assertThat(softmax(1e6, 1e6 + Math.log(3))).containsExactly(small, within(1e-9));
    assertThat(softmax(-1e300, -1e300)).containsExactly(0.5, 0.5);
    assertThat(softmax(800, -800)).containsExactly(1, 0);
  }

  @Test
  void whatIsImpossibleHasNothing() {
    assertThat(softmax(NEVER, 2, NEVER)).containsExactly(0, 1, 0);
  }

  @Test
  void readsOnlyTheRowThatIsMeant() {
    double[] rows = {9, 9, 0, Math.log(3), 9};
    double[] p = new double[2];
    Softmax.of(rows, 2, 2, p);
    assertThat(p[1]).isCloseTo(0.75, within(1e-15));
    assertThat(Softmax.logSum(rows, 2, 2)).isCloseTo(Math.log(4), within(1e-15));
    assertThat(Softmax.largest(rows, 1, 3)).isZero();
  }

  @Test
  void theLogarithmOfASumNeverOverflows() {
    assertThat(Softmax.logSum(new double[] {1000, 1000}, 0, 2))
        .isCloseTo(1000 + Math.log(2), within(1e-12));
    assertThat(Softmax.logSum(new double[] {-1000, NEVER}, 0, 2)).isEqualTo(-1000);
    assertThat(Softmax.logSum(new double[] {NEVER, NEVER}, 0, 2)).isEqualTo(NEVER);
  }

  @Test
  void ofEqualOnesTheFirstIsLargest() {
    assertThat(Softmax.largest(new double[] {1, 2, 2}, 0, 3)).isEqualTo(1);
    assertThat(Softmax.largest(new double[] {NEVER, NEVER}, 0, 2)).isZero();
  }

  /** Three rows of a first model right, and two of a second, one of them together. */
  private static Block fourExamples() {
    double[] logits = {
      1, 0, 1, 0, // both right
      1, 0, 0, 1, // the first alone
      1, 0, 0, 1, // the first alone
      0, 1, 1, 0 // the second alone
    };
    return new Block(
        new String[] {"a", "b", "c", "d"},
        new int[4],
        logits,
        new Tables(List.of(Scale.LOGITS, Scale.LOGITS), 2, false),
        new Findings(3));
  }

  @Test
  void modelsAreAsUnlikeAsTheirErrors() {
    List<Series> series = List.of(new Series("x", new Single(0)), new Series("y", new Single(1)));
    Diversity pair = Measuring.pairs(series, DigitTables.passes(List.of(fourExamples()))).get(0);

    assertThat(pair.first()).isEqualTo("x");
    assertThat(pair.second()).isEqualTo("y");
    assertThat(pair.disagreement()).isEqualTo(0.75);
    assertThat(pair.q()).as("(1·0 - 2·1) / (1·0 + 2·1)").isEqualTo(-1);
    assertThat(pair.correlation())
        .as("(1·0 - 2·1) / sqrt(3·1·2·2)")
        .isCloseTo(-2 / Math.sqrt(12), within(1e-15));
  }

  @Test
  void aShareOfNothingIsNoNumber() {
    Diversity pair = Diversity.of("x", "y", new double[PairSums.WIDTH], 0);
    assertThat(pair.disagreement()).isNaN();
    assertThat(pair.q()).isNaN();
    assertThat(pair.correlation()).isNaN();
    assertThat(ResultJson.number(pair.q())).isEqualTo(JsonValue.nothing());
    assertThat(ResultJson.number(0.5).number()).hasValue(0.5);
  }

  @Test
  void onlyDecisionsThatAreOthersCountAsChanged() {
    Passes passes = DigitTables.passes(List.of(fourExamples()));
    assertThat(passes.over(new ChangedDecisions(new Single(0), new Single(1)))[0]).isEqualTo(3);
    assertThat(passes.over(new ChangedDecisions(new Single(0), Calibrated.at(3, new Single(0))))[0])
        .as("a temperature changes none")
        .isZero();
    Combination draw = new Calibrated(new Single(0), new double[] {0}, new double[] {1});
    assertThat(passes.over(new ChangedDecisions(new Single(1), draw))[0])
        .as("a draw is no other decision")
        .isZero();
  }

  @Test
  void aCalibrationHasAsManyBiasesAsScales() {
    assertThatThrownBy(() -> new Calibration(new double[2], new double[1]).isTemperature())
        .hasMessage("2 scales and 1 biases");
    assertThatThrownBy(() -> new Calibration(new double[0], new double[0]).isTemperature())
        .hasMessage("0 scales and 0 biases");
    assertThatThrownBy(
            () -> new Calibrated(new Single(0), new double[3], new double[1]).of().hashCode())
        .hasMessage("3 scales and 1 biases");
    Calibration vector = new Calibration(new double[] {1, 2}, new double[] {0, -1});
    assertThat(vector.isTemperature()).isFalse();
    assertThat(Calibration.at(4).temperature()).isEqualTo(4);
    double[] into = new double[2];
    assertThat(vector.of(new Single(0)).logits(new double[] {5, 7}, 0, 2, into)).isTrue();
    assertThat(into).containsExactly(5, 13);
  }
}
