package dev.stockpot.merge.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores that are known already are found by what a candidate is, and by nothing else. */
class ScoreTableTest {
  private static Candidate mixed(List<String> models, List<Double> weights, double t) {
    return new Candidate("1", "", models, new Candidate.Mix(weights, t), "", 0, 0);
  }

  private static Candidate mean(String... models) {
    return new Candidate("1", "", List.of(models), "", 0);
  }

  private static double acc(String table, Candidate candidate) throws EvaluationException {
    return new ScoreTable("t", table).evaluate(candidate).get("acc").value();
  }

  private static void refused(String line, String why) {
    assertThatThrownBy(() -> new ScoreTable("t", line))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("t:1: the line " + why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999", "-1e999"})
  void aNumberThatNoFloatHoldsIsRefused(String number) {
    refused(
        "{\"model_name\": \"a\", \"loss\": 1, \"acc\": %s}".formatted(number),
        "has a `acc` of %sInfinity, must be finite".formatted(number.startsWith("-") ? "-" : ""));
  }

  /** A name that is left out would make it the score of another mixture. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[\"a\", 7] | [\"a\",7]",
        "[\"a\", null] | [\"a\",null]",
        "[[\"a\", \"b\"]] | [[\"a\",\"b\"]]",
        "\"a + b\" | \"a + b\"",
        "{\"a\": 1} | {\"a\":1}"
      })
  void modelsThatAreNoNamesAreShown(String models, String shown) {
    refused(
        "{\"model_name\": \"c\", \"models\": %s, \"acc\": 1}".formatted(models),
        "has `models` %s, must be a list of names".formatted(shown));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1, \"x\", 2] | [1,\"x\",2]",
        "[\"1\", \"2\"] | [\"1\",\"2\"]",
        "0.5 | 0.5",
        "{\"a\": 1} | {\"a\":1}"
      })
  void weightsThatAreNoNumbersAreShown(String weights, String shown) {
    refused(
        "{\"models\": [\"a\", \"b\"], \"weights\": %s, \"acc\": 1}".formatted(weights),
        "has `weights` %s, must be a list of numbers".formatted(shown));
  }

  /** Model-soups' tables have one model a line, and whatever else its training wrote. */
  @Test
  void besideASingleModelAnythingMayStand() throws EvaluationException {
    String line = "{\"model_name\": \"a\", \"weights\": \"a.bin\", \"tags\": [1], \"acc\": 0.5}";

    assertThat(acc(line, mean("a"))).isEqualTo(0.5);
  }

  @Test
  void theLineThatCannotBeUnderstoodIsCounted() {
    assertThatThrownBy(() -> new ScoreTable("t", "\n{\"model_name\": \"a\", \"x\": 1}\n\n{\n"))
        .isInstanceOf(EvaluationException.class)
        .hasMessageStartingWith("t:4: the line is not JSON: ");
  }

  @Test
  void allNumbersOfALineAreItsMeasuresButForThePlace() throws EvaluationException {
    ScoreTable table =
        new ScoreTable(
            "t", "{\"t\": 0.5, \"acc\": 1, \"name\": \"x\", \"ok\": true, \"loss\": -2.5}");

    assertThat(table.evaluate(mixed(List.of("a", "b"), List.of(1.0, 2.0), 0.5)))
        .containsOnlyKeys("acc", "loss")
        .containsEntry("loss", Measure.of(-2.5));
  }

  /** Thirds and sevenths differ in their last digits, by who divided them. */
  @Test
  void weightsCountByHowTheyCompareToTheirMillionth() throws EvaluationException {
    String table = "{\"models\": [\"a\", \"b\"], \"weights\": [0.3333333, 0.6666667], \"acc\": 1}";
    List<String> both = List.of("a", "b");

    assertThat(acc(table, mixed(both, List.of(1.0, 2.0), Double.NaN))).isEqualTo(1);
    assertThatThrownBy(() -> acc(table, mixed(both, List.of(1.0, 2.00002), Double.NaN)))
        .hasMessage("t has no scores of a + b by weights [1.0, 2.00002]");
  }

  @Test
  void wholeNamesComeBeforeTheirEnds() throws EvaluationException {
    String table =
        """
        {"model_name": "a", "acc": 1}
        {"model_name": "runs/a", "acc": 2}
        """;

    assertThat(acc(table, mean("runs/a"))).isEqualTo(2);
    assertThat(acc(table, mean("others/a"))).isEqualTo(1);
  }

  @Test
  void aMixtureComesBeforeItsPlaceOnAPath() throws EvaluationException {
    String table =
        """
        {"t": 0.25, "acc": 1}
        {"models": ["a", "b"], "weights": [3, 1], "acc": 2}
        """;
    List<String> both = List.of("a", "b");

    assertThat(acc(table, mixed(both, List.of(0.75, 0.25), 0.25))).isEqualTo(2);
    assertThat(acc(table, mixed(both, List.of(0.7, 0.3), 0.25))).isEqualTo(1);
    assertThat(acc(table, mixed(both, List.of(0.7, 0.3), 0.25000004)))
        .as("people round them")
        .isEqualTo(1);
    assertThatThrownBy(() -> acc(table, mixed(both, List.of(0.7, 0.3), 0.250002)))
        .hasMessage("t has no scores of a + b by weights [0.7, 0.3]");
  }

  @Test
  void anotherTableIsAnotherEvaluatorAndCannotBeToldHowManyExamples() throws EvaluationException {
    ScoreTable one = new ScoreTable("t", "{\"model_name\": \"a\", \"acc\": 1}");
    ScoreTable moved = new ScoreTable("u", "{\"model_name\": \"a\", \"acc\": 1}");
    ScoreTable other = new ScoreTable("t", "{\"model_name\": \"a\", \"acc\": 2}");

    assertThat(one.identity()).isEqualTo(moved.identity()).isNotEqualTo(other.identity());
    assertThat(one.heedsBudget()).isFalse();
    assertThat(one.wantsBudget()).isFalse();
  }
}
