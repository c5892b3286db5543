package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is fitted, beside what SciPy finds. */
class FitsTest {
  private static final Passes DIGITS = DigitTables.passes();

  private static JsonObject wanted(String name) {
    return DigitTables.expected().object(name).orElseThrow();
  }

  private static Measures measured(Combination combination) {
    return new Measuring(List.of(new Series("one", combination)), DigitTables.CLASSES, 0, 0)
        .over(DIGITS)
        .get(0);
  }

  @Test
  void theTemperatureIsThatOfSciPy() {
    double found = new TemperatureFit(new Single(0)).over(DIGITS);
    assertThat(found).isCloseTo(DigitTables.number(wanted("temperature"), "t"), within(1e-4));
    Measures before = measured(new Single(0));
    Measures after = measured(Calibrated.at(found, new Single(0)));
    assertThat(before.ece()).isGreaterThan(0.2);
    assertThat(after.ece()).isLessThan(0.08);
    assertThat(after.accuracy()).isEqualTo(before.accuracy());
    assertThat(after.nll())
        .isCloseTo(DigitTables.number(wanted("temperature"), "nll"), within(1e-8));
  }

  @Test
  void scalesAndBiasesAreThoseOfSciPy() {
    Calibration found = new VectorFit(new Single(0), DigitTables.CLASSES).over(DIGITS);
    double[] x = DigitTables.numbers(wanted("vector"), "x");
    for (int c = 0; c < DigitTables.CLASSES; c++) {
      assertThat(found.scale()[c]).isCloseTo(x[c], within(1e-4));
      assertThat(found.bias()[c]).isCloseTo(x[10 + c], within(1e-4));
    }
    assertThat(found.isTemperature()).isFalse();
    assertThat(measured(found.of(new Single(0))).nll())
        .isCloseTo(DigitTables.number(wanted("vector"), "nll"), within(1e-8));
  }

  @Test
  void convexWeightsAreThoseOfSciPy() {
    Weights found = new StackingFit(3).over(DIGITS);
    double[] weights = DigitTables.numbers(wanted("stacking"), "weights");
    for (int model = 0; model < 3; model++) {
      assertThat(found.weight(model, 0)).isCloseTo(weights[model], within(1e-4));
    }
    assertThat(measured(new MeanOfProbabilities(found)).nll())
        .isCloseTo(DigitTables.number(wanted("stacking"), "nll"), within(1e-9));
  }

  @Test
  void aSelectionPicksWhatNumPyPicks() {
    Weights found = new GreedySelection(3, 50).over(DIGITS);
    double[] weights = DigitTables.numbers(wanted("greedy"), "weights");
    for (int model = 0; model < 3; model++) {
      assertThat(found.weight(model, 0)).isCloseTo(weights[model], within(1e-12));
    }
  }

  @Test
  void oneRoundOfASelectionPicksTheBestModel() {
    Weights found = new GreedySelection(3, 1).over(DIGITS);
    int best = 0;
    for (int model = 1; model < 3; model++) {
      boolean isBetter = measured(new Single(model)).nll() < measured(new Single(best)).nll();
      best = isBetter ? model : best;
    }
    assertThat(found.weight(best, 0)).isEqualTo(1);
  }

  @Test
  void weightsByClassAreAsLikelyAsThoseOfSciPy() {
    Weights found = new PerClassFit(3, DigitTables.CLASSES).over(DIGITS);
    double nll = measured(new MeanOfProbabilities(found)).nll();
    assertThat(nll).isLessThan(DigitTables.number(wanted("stacking"), "nll"));
    assertThat(nll).isCloseTo(DigitTables.number(wanted("per_class"), "nll"), within(1e-4));
    for (int c = 0; c < DigitTables.CLASSES; c++) {
      double sum = found.weight(0, c) + found.weight(1, c) + found.weight(2, c);
      assertThat(sum).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void aModelThatOnlyHarmsGetsNoWeight() {
    List<PredictionRow> rows = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int label = i % 2;
      boolean isRight = i % 5 != 0;
      rows.add(
          new PredictionRow("e%02d".formatted(i), 0, label, (label == 0) == isRight ? 2 : -2, 0));
      rows.add(new PredictionRow("e%02d".formatted(i), 1, label, label == 0 ? -3 : 3, 0));
    }
    Tables tables = new Tables(List.of(Scale.LOGITS, Scale.LOGITS), 2, false);
    Weights found = new StackingFit(2).over(DigitTables.passes(DigitTables.blocks(rows, tables)));
    assertThat(found.weight(0, 0)).isEqualTo(1);
    assertThat(found.weight(1, 0)).isZero();
  }

  @Test
  void refusesATemperatureOfExamplesThatAreAllRight() {
    List<PredictionRow> rows =
        List.of(new PredictionRow("a", 0, 0, 1, 0), new PredictionRow("b", 0, 1, 0, 1));
    Tables tables = new Tables(List.of(Scale.LOGITS), 2, false);
    Passes passes = DigitTables.passes(DigitTables.blocks(rows, tables));
    assertThatThrownBy(() -> new TemperatureFit(new Single(0)).over(passes))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("No temperature fits: the likelihood still grows at 0.0");
  }

  @Test
  void refusesToFitWithoutLabels() {
    List<PredictionRow> rows = List.of(new PredictionRow("a", 0, Block.UNKNOWN, 1, 0));
    Tables tables = new Tables(List.of(Scale.LOGITS), 2, false);
    Passes passes = DigitTables.passes(DigitTables.blocks(rows, tables));
    assertThatThrownBy(() -> new TemperatureFit(new Single(0)).over(passes))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("needs labelled examples");
    assertThatThrownBy(() -> new StackingFit(1).over(passes))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("1 models need labelled examples");
    assertThatThrownBy(() -> new VectorFit(new Single(0), 2).over(passes))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("2 classes need labelled examples");
  }

  @Test
  void aTemperatureLeavesOutLabelsThatAreHeldImpossible() {
    List<PredictionRow> rows = new ArrayList<>(DigitTables.rows());
    rows.removeIf(row -> row.getTable() > 0);
    double[] impossible = new double[DigitTables.CLASSES];
    impossible[3] = Double.NEGATIVE_INFINITY;
    rows.add(new PredictionRow("x", 0, 3, impossible));
    Tables tables = new Tables(List.of(Scale.LOGITS), DigitTables.CLASSES, false);
    double found =
        new TemperatureFit(new Single(0))
            .over(DigitTables.passes(DigitTables.blocks(rows, tables)));
    assertThat(found).isCloseTo(DigitTables.number(wanted("temperature"), "t"), within(1e-4));
  }
}
