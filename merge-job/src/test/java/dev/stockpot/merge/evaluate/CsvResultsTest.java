package dev.stockpot.merge.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results in the two forms that tables of them have. */
class CsvResultsTest {
  @Test
  void twoLinesAreNamesAndNumbers() throws EvaluationException {
    assertThat(CsvResults.read("r.csv", "model, acc , loss\nx,0.5, 1e-3\n"))
        .containsOnlyKeys("acc", "loss")
        .containsEntry("acc", Measure.of(0.5))
        .containsEntry("loss", Measure.of(1e-3));
  }

  @Test
  void otherwiseEachLineIsANameAndANumber() throws EvaluationException {
    assertThat(CsvResults.read("r.csv", "acc,0.5\n\nloss , 2\nacc_std,-0.25"))
        .containsExactly(
            entry("acc", Measure.of(0.5)),
            entry("loss", Measure.of(2)),
            entry("acc_std", Measure.of(-0.25)));
  }

  @Test
  void aHeadingIsNoMetric() throws EvaluationException {
    assertThat(CsvResults.read("r.csv", "metric,value\nacc,0.5\nloss,2\n"))
        .containsOnlyKeys("acc", "loss");
  }

  @Test
  void aWordAmongTheNumbersIsLeftOut() throws EvaluationException {
    assertThat(CsvResults.read("r.csv", "acc,0.5\nversion,v2\nloss,2\n"))
        .containsOnlyKeys("acc", "loss");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b;c,d|r.csv has no number in it",
        "acc,0.5;a,b,c|r.csv has a line of 3 values; write names and numbers in two lines, or a"
            + " name and a number a line",
        "acc,loss;0.5|r.csv has a line of 1 values; write names and numbers in two lines, or a name"
            + " and a number a line"
      })
  void refusesOtherTables(String text, String message) {
    assertThatThrownBy(() -> CsvResults.read("r.csv", text.replace(';', '\n')))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(message);
  }

  @Test
  void refusesAnEmptyFileAndNumbersThatAreNone() {
    assertThatThrownBy(() -> CsvResults.read("r.csv", "\n \n"))
        .hasMessage("r.csv has no number in it");
    assertThatThrownBy(() -> CsvResults.read("r.csv", "acc,NaN"))
        .isInstanceOf(EvaluationException.class)
        .hasMessageContaining("acc in r.csv");
  }

  /** A metric that is left out would make the other one the only number there is. */
  @ParameterizedTest
  @ValueSource(strings = {"nan", "NaN", "inf", "-inf", "Infinity", " nan ", "1e999"})
  void aNumberThatIsNotFiniteIsRefusedNotLeftOut(String number) {
    for (String text : List.of("acc,loss\n%s,0.5", "acc,%s\nloss,0.5", "loss,0.5\nacc,%s")) {
      assertThatThrownBy(() -> CsvResults.read("r.csv", text.formatted(number)))
          .isInstanceOf(EvaluationException.class)
          .hasMessage("acc in r.csv is %s, must be finite".formatted(number.strip()));
    }
  }

  /** As of examples that are all alike: of a metric, that is no fault. */
  @ParameterizedTest
  @ValueSource(strings = {"acc,acc_stderr\n0.5,nan", "acc,0.5\nacc_stderr,NaN"})
  void anErrorThatNobodyKnowsIsLeftOut(String text) throws EvaluationException {
    assertThat(CsvResults.read("r.csv", text)).containsExactly(Map.entry("acc", Measure.of(0.5)));
  }
}
