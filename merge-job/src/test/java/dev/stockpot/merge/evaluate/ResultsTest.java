package dev.stockpot.merge.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTest {
  /** As lm-evaluation-harness 0.4 writes it, shortened. */
  private static final String HARNESS =
      """
      {"results": {
         "gsm8k": {"name": "gsm8k", "alias": "gsm8k", "sample_len": 1319,
           "exact_match,strict-match": 0.512, "exact_match_stderr,strict-match": 0.0138,
           "exact_match,flexible-extract": 0.53, "exact_match_stderr,flexible-extract": "N/A"},
         "wikitext": {"alias": "wikitext", "word_perplexity,none": 9.5, "word_perplexity_stderr,none": "N/A",
           "bits_per_byte,none": 0.61}},
       "higher_is_better": {"gsm8k": {"exact_match": true},
         "wikitext": {"word_perplexity": false, "bits_per_byte": false}},
       "config": {"limit": null}, "date": 1.7e9}
      """;

  private static final String LIGHTEVAL =
      """
      {"config_general": {"model_name": "a"},
       "results": {"gsm8k|0": {"em": 0.4, "em_stderr": 0.02}, "all": {"em": 0.4}},
       "config_tasks": {"gsm8k|0": {"metric": [{"metric_name": "em", "higher_is_better": true}]}}}
      """;

  private static Map<String, Measure> file(String name, String text) throws EvaluationException {
    return Results.ofFile(name, text);
  }

  @Test
  void readsWhatTheHarnessWrites() throws EvaluationException {
    Map<String, Measure> found = file("results_1.json", HARNESS);
    assertThat(found.get("gsm8k:exact_match,strict-match"))
        .isEqualTo(new Measure(.512, OptionalDouble.of(.0138), Optional.of(true)));
    assertThat(found.get("gsm8k:exact_match,flexible-extract").error()).isEmpty();
    assertThat(found.get("wikitext:word_perplexity,none").higherIsBetter()).contains(false);
    assertThat(found).hasSize(4);
  }

  @Test
  void readsWhatLightevalWrites() throws EvaluationException {
    Map<String, Measure> found = file("results_1.json", LIGHTEVAL);
    assertThat(found.get("gsm8k|0:em"))
        .isEqualTo(new Measure(.4, OptionalDouble.of(.02), Optional.of(true)));
    assertThat(found.get("all:em").higherIsBetter()).isEmpty();
  }

  @Test
  void readsFlatJsonWithItsErrors() throws EvaluationException {
    assertThat(
            Results.ofLastLine("loading\n{\"acc\": 0.7, \"acc_stderr\": 0.01, \"note\": \"x\"}\n"))
        .isEqualTo(Map.of("acc", Measure.of(.7).withError(.01)));
  }

  @ParameterizedTest
  @CsvSource({"0.25, 0.25", "'  -3e2  ', -300", "7, 7"})
  void aNumberAloneIsTheScore(String line, double value) throws EvaluationException {
    assertThat(Results.ofLastLine("some\nlines\n" + line + "\n\n"))
        .isEqualTo(Map.of(Results.ONLY, Measure.of(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n \n",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "done",
        "0.5 0.6",
        "{",
        "{}",
        "[1]",
        "{\"a\": \"b\"}",
        "{\"a\": NaN}",
        "{\"a\": Infinity}",
        "{\"results\": {}}",
        "{\"results\": {\"t\": {\"alias\": \"t\"}}}"
      })
  void whatIsNoScoreIsRefused(String printed) {
    assertThatThrownBy(() -> Results.ofLastLine(printed))
        .isInstanceOf(EvaluationException.class)
        .hasMessageNotContaining("Exception");
  }

  @Test
  void readsCsvInTwoLinesOrALineEach() throws EvaluationException {
    Map<String, Measure> both = Map.of("acc", Measure.of(.5), "f1", Measure.of(.25));
    assertThat(file("a.csv", "acc,f1\n0.5,0.25\n")).isEqualTo(both);
    assertThat(file("a.csv", "acc,0.5\nf1,0.25\n")).isEqualTo(both);
    assertThat(file("a.csv", "metric,value\nacc,0.5\nf1,0.25\n")).isEqualTo(both);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,b,c\n1,2,3\n4,5,6\n", "acc,nan\n", "a\n1\n2\n"})
  void csvThatMeansNothingIsRefused(String text) {
    assertThatThrownBy(() -> file("a.csv", text)).isInstanceOf(EvaluationException.class);
  }

  @Test
  void theMetricIsNamedWithOrWithoutItsFilter() throws EvaluationException {
    Map<String, Measure> found = file("results.json", HARNESS);
    assertThat(metric("wikitext:bits_per_byte").in(found).value()).isEqualTo(.61);
    assertThat(metric("wikitext:bits_per_byte,none").in(found).value()).isEqualTo(.61);
    assertThatThrownBy(() -> metric("gsm8k:exact_match").in(found))
        .hasMessageContaining("no `gsm8k:exact_match`")
        .hasMessageContaining("gsm8k:exact_match,strict-match");
    assertThatThrownBy(() -> metric("").in(found)).hasMessageContaining("4 numbers");
    assertThat(metric("").in(Map.of("x", Measure.of(1)))).isEqualTo(Measure.of(1));
  }

  @Test
  void aDirectionIsNeverGuessed() throws EvaluationException {
    Measure perplexity = Measure.of(9);
    assertThatThrownBy(() -> metric("").isHigherBetter(perplexity))
        .hasMessageContaining("direction: max");
    assertThat(metric("").isHigherBetter(perplexity.withDirection(false))).isFalse();
    Metric said = new Metric("", Optional.of(true), 1);
    assertThat(said.isHigherBetter(perplexity.withDirection(false))).isTrue();
  }

  private static Metric metric(String name) {
    return new Metric(name, Optional.empty(), 1);
  }

  @Test
  void aTableKnowsModelsByTheirNamesOrTheEndsOfThese() throws EvaluationException {
    ScoreTable table =
        new ScoreTable(
            "t.jsonl",
            """
            {"model_name": "a", "acc": 1}

            {"models": ["a", "b"], "acc": 2, "id": 3}
            """);
    assertThat(table.evaluate(candidate("runs/a")).get("acc").value()).isEqualTo(1);
    assertThat(table.evaluate(candidate("b", "a")).get("acc").value()).isEqualTo(2);
    assertThatThrownBy(() -> table.evaluate(candidate("c")))
        .hasMessage("t.jsonl has no scores of c");
    assertThatThrownBy(() -> table.evaluate(candidate("x/a", "y/a")))
        .hasMessageContaining("no scores of x/a + y/a");
    assertThat(table.needsModel()).isFalse();
  }

  @Test
  void aTableTellsMixturesOfTheSameModelsApart() throws EvaluationException {
    ScoreTable table =
        new ScoreTable(
            "t",
            """
            {"models": ["a", "b"], "acc": 1}
            {"models": ["b", "a"], "weights": [3, 1], "acc": 2}
            {"t": 0.2, "acc": 3}
            """);
    assertThat(table.evaluate(mixed(0.5, 0.5, Double.NaN)).get("acc").value()).isEqualTo(1);
    assertThat(table.evaluate(mixed(0.25, 0.75, Double.NaN)).get("acc").value()).isEqualTo(2);
    assertThat(table.evaluate(mixed(0.8, 0.2, 0.2)).get("acc").value()).isEqualTo(3);
    assertThatThrownBy(() -> table.evaluate(mixed(0.8, 0.2, Double.NaN)))
        .hasMessage("t has no scores of a + b by weights [0.8, 0.2]");
    Candidate other =
        new Candidate(
            "1", "", List.of("a", "b"), Candidate.Mix.UNKNOWN, "merge_method: ties", 0, 0);
    assertThatThrownBy(() -> table.evaluate(other)).hasMessageContaining("this is none");
  }

  private static Candidate mixed(double a, double b, double t) {
    return new Candidate("1", "", List.of("a", "b"), new Candidate.Mix(List.of(a, b), t), "", 0, 0);
  }

  private static Candidate candidate(String... models) {
    return new Candidate("1", "", List.of(models), "", 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model_name\": \"a\"} | t:1: the line has no number in it",
        "{\"acc\": 1} | t:1: the line names no model; give it `model_name` or `models`, or `t` of a"
            + " path",
        "[] | t:1: the line is no object of JSON",
        "'' | t has no scores in it",
        "{\"model_name\": \"a\", \"x\": 1}#{\"models\": [\"a\"], \"x\": 2} | t:2: the line has"
            + " scores of [a] for the second time; keep one",
        "{\"t\": 1, \"x\": 1}#{\"t\": 1.0, \"x\": 2} | t:2: the line has scores of t = 1.0 for the"
            + " second time; keep one",
        "{\"models\": [\"a\"], \"weights\": [1, 2], \"x\": 1} | t:1: the line has 1 models and 2"
            + " weights",
      })
  void aTableThatMeansNothingIsRefused(String text, String message) {
    assertThatThrownBy(() -> new ScoreTable("t", text.replace("#", "\n"))).hasMessage(message);
  }
}
