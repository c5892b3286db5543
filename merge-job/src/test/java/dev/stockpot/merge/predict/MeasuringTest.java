package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Measures beside those of scikit-learn and NumPy. */
class MeasuringTest {
  private static final Offset<Double> CLOSE = within(1e-9);
  private static final Passes DIGITS = DigitTables.passes();

  private static Measures measured(Combination combination) {
    return new Measuring(List.of(new Series("one", combination)), DigitTables.CLASSES, 0, 0)
        .over(DIGITS)
        .get(0);
  }

  private static void assertNear(Measures found, JsonObject wanted, Offset<Double> close) {
    assertThat(found.accuracy()).isCloseTo(DigitTables.number(wanted, "accuracy"), close);
    assertThat(found.nll()).isCloseTo(DigitTables.number(wanted, "nll"), close);
    assertThat(found.brier()).isCloseTo(DigitTables.number(wanted, "brier"), close);
    assertThat(found.ece()).isCloseTo(DigitTables.number(wanted, "ece"), close);
    assertThat(found.eceMass()).isCloseTo(DigitTables.number(wanted, "ece_mass"), close);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void singleModelsAreMeasuredAsScikitLearnDoes(int model) {
    JsonObject singles = DigitTables.expected().object("singles").orElseThrow();
    JsonObject wanted = singles.object(DigitTables.NAMES.get(model)).orElseThrow();
    assertNear(measured(new Single(model)), wanted, CLOSE);
  }

  static Stream<Arguments> combinations() {
    return Stream.of(
        Arguments.of("mean", new MeanOfProbabilities(Weights.equal(3))),
        Arguments.of("weighted", new MeanOfProbabilities(Weights.of(0.5, 0.3, 0.2))),
        Arguments.of("logits", new MeanOfLogits(Weights.equal(3))),
        Arguments.of("majority", new Votes(Weights.equal(3))));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void combinationsAreThoseOfNumPy(String name, Combination combination) {
    assertNear(measured(combination), DigitTables.expected().object(name).orElseThrow(), CLOSE);
  }

  @Test
  void pairsAreAsUnlikeAsNumPyFindsThem() {
    List<Series> series =
        List.of(
            new Series("a", new Single(0)),
            new Series("b", new Single(1)),
            new Series("c", new Single(2)));
    List<Diversity> pairs = Measuring.pairs(series, DIGITS);
    List<JsonObject> wanted = DigitTables.expected().objects("pairs");
    assertThat(pairs).hasSize(3);
    for (int i = 0; i < 3; i++) {
      Diversity pair = pairs.get(i);
      assertThat(pair.disagreement())
          .isCloseTo(DigitTables.number(wanted.get(i), "disagreement"), CLOSE);
      assertThat(pair.q()).isCloseTo(DigitTables.number(wanted.get(i), "q"), CLOSE);
      assertThat(pair.correlation())
          .isCloseTo(DigitTables.number(wanted.get(i), "correlation"), CLOSE);
    }
    assertThat(pairs.get(2).first()).isEqualTo("b");
    assertThat(pairs.get(2).second()).isEqualTo("c");
  }

  @Test
  void binsHaveAllExamples() {
    Measures found = measured(new Single(0));
    assertThat(found.bins()).hasSize(15);
    assertThat(found.bins().stream().mapToLong(Measures.Bin::examples).sum())
        .isEqualTo(found.examples());
    for (int bin = 0; bin < 15; bin++) {
      Measures.Bin one = found.bins().get(bin);
      if (one.examples() > 0) {
        assertThat(one.confidence()).isBetween(bin / 15.0, (bin + 1) / 15.0 + 1e-12);
      }
    }
  }

  @Test
  void anEdgeBelongsToTheBinBelow() {
    assertThat(Bins.of(1)).isEqualTo(14);
    assertThat(Bins.of(0)).isZero();
    assertThat(Bins.of(0.2)).isEqualTo(2); // 3 / 15
    assertThat(Bins.of(Math.nextUp(0.2))).isEqualTo(3);
  }

  @Test
  void examplesWithoutALabelAreNotMeasured() {
    List<PredictionRow> rows = new ArrayList<>();
    rows.add(new PredictionRow("a", 0, 0, 2, 0));
    rows.add(new PredictionRow("b", 0, Block.UNKNOWN, 0, 2));
    Tables tables = new Tables(List.of(Scale.LOGITS), 2, false);
    Passes passes = DigitTables.passes(DigitTables.blocks(rows, tables));
    List<Measures> found =
        new Measuring(List.of(new Series("one", new Single(0))), 2, 0, 0).over(passes);
    assertThat(found.get(0).examples()).isEqualTo(1);
    assertThat(found.get(0).accuracy()).isEqualTo(1);
  }

  @Test
  void withoutLabelsThereIsNothingToMeasure() {
    List<PredictionRow> rows = List.of(new PredictionRow("a", 0, Block.UNKNOWN, 2, 0));
    Tables tables = new Tables(List.of(Scale.LOGITS), 2, false);
    Passes passes = DigitTables.passes(DigitTables.blocks(rows, tables));
    assertThat(new Measuring(List.of(new Series("one", new Single(0))), 2, 10, 0).over(passes))
        .isEmpty();
  }

  @Test
  void aClassHeldImpossibleCostsWhatScikitLearnSays() {
    List<PredictionRow> rows = List.of(new PredictionRow("a", 0, 1, 1, 0));
    Tables tables = new Tables(List.of(Scale.PROBABILITIES), 2, false);
    Passes passes = DigitTables.passes(DigitTables.blocks(rows, tables));
    Measures found =
        new Measuring(List.of(new Series("one", new Single(0))), 2, 0, 0).over(passes).get(0);
    assertThat(found.nll()).isCloseTo(-Math.log(Math.ulp(1.0)), CLOSE);
    assertThat(found.brier()).isEqualTo(2);
    assertThat(found.ece()).isEqualTo(1);
    assertThat(found.eceMass()).isCloseTo(1, CLOSE);
  }

  @Test
  void intervalsHoldWhatWasMeasured() {
    Measures found =
        new Measuring(List.of(new Series("one", new Single(0))), DigitTables.CLASSES, 400, 1)
            .over(DIGITS)
            .get(0);
    Map<String, Double> values =
        Map.of("accuracy", found.accuracy(), "nll", found.nll(), "brier", found.brier());
    assertThat(found.intervals()).hasSize(4);
    for (Measures.Interval interval : found.intervals()) {
      assertThat(interval.low()).isLessThan(interval.high());
      if (values.containsKey(interval.measure())) {
        assertThat(values.get(interval.measure())).isBetween(interval.low(), interval.high());
      }
    }
    double error = Math.sqrt(found.accuracy() * (1 - found.accuracy()) / found.examples());
    Measures.Interval accuracy = found.intervals().get(0);
    assertThat(accuracy.high() - accuracy.low()) // of a normal distribution, nearly
        .isCloseTo(2 * 1.96 * error, within(0.2 * 2 * 1.96 * error));
  }
}
