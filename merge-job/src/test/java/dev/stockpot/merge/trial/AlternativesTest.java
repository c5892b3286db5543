package dev.stockpot.merge.trial;

import static dev.stockpot.merge.trial.MeasuredEnsembles.trial;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows of "soup or ensemble?", by scores that were heard. */
class AlternativesTest extends TrialRecipeCases {
  private static final List<String> NAMES = List.of("m0", "m1", "m2");
  private final Heard heard = new Heard(parse("soup: greedy\n" + MODELS + EVALUATE).plan());

  private static MeasuredEnsemble ensemble(double first, double second, double third) {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("m0", first);
    measures.put("m1", second);
    measures.put("m2", third);
    measures.put("swept", .77);
    measures.put("ensemble", .83);
    measures.put("ensemble, calibrated", .83);
    String evaluate = "evaluate: {http: 'http://h/s', metric: acc, direction: max}\n";
    return parse(
            "soup: {ensemble: both}\n" + MODELS + evaluate,
            Map.of("both/metrics.json", MeasuredEnsembles.metrics(NAMES, measures)))
        .ensemble()
        .orElseThrow();
  }

  private void hear(Trial... trials) {
    for (Trial trial : trials) {
      heard.add(trial.point(), trial, "", Optional.empty());
    }
  }

  private Alternatives table(MeasuredEnsemble ensemble) {
    return new Alternatives(ensemble, NAMES, heard, Optional.empty());
  }

  private static double number(JsonObject row, String field) {
    return row.get(field).flatMap(value -> Optional.of(value.number())).orElseThrow().orElseThrow();
  }

  @Test
  void aGreedySoupStandsBetweenSinglesAndEnsembles() throws Exception {
    hear(trial(.7, 1, 0, 0), trial(.75, 0, 1, 0), trial(.72, 0, 0, 1));
    hear(trial(.79, 0, 1, 1), trial(.78, 1, 1, 1));
    List<JsonObject> rows = table(ensemble(.7, .75, .72)).rows("greedy", Point.of(0, 1, 1));
    assertThat(rows)
        .extracting(row -> row.text("what"))
        .containsExactly(
            "best single model",
            "uniform soup",
            "greedy soup",
            "swept",
            "ensemble",
            "ensemble, calibrated");
    assertThat(rows)
        .extracting(row -> number(row, "models"))
        .containsExactly(1., 1., 1., 1., 3., 3.);
    assertThat(rows.get(0).text("of")).isEqualTo("m1");
    assertThat(number(rows.get(0), "score")).isEqualTo(.75);
    assertThat(number(rows.get(0), "stderr")).isEqualTo(.01);
    assertThat(rows.get(0).text("metric")).isEqualTo("acc");
    assertThat(number(rows.get(0), "nll")).as("by its table").isEqualTo(.25);
    assertThat(number(rows.get(1), "score")).isEqualTo(.78);
    assertThat(rows.get(1).get("accuracy")).as("a soup has no table").isEmpty();
    assertThat(rows.get(2).text("of")).isEqualTo("m1 + m2");
    assertThat(rows.get(4).get("score")).as("nobody was asked").isEmpty();
    assertThat(number(rows.get(4), "accuracy")).isEqualTo(.83);
    assertThat(rows.get(4).get("ece")).contains(JsonValue.nothing());
  }

  @Test
  void ifNothingWasAcceptedTheSoupIsTheBestModel() throws Exception {
    hear(trial(.7, 1, 0, 0), trial(.75, 0, 1, 0), trial(.72, 0, 0, 1), trial(.6, 0, 1, 1));
    List<JsonObject> rows = table(ensemble(.7, .75, .72)).rows("greedy", Point.of(0, 1, 0));
    assertThat(rows.get(1).without("what")).isEqualTo(rows.get(0).without("what"));
    assertThat(rows.get(1).text("what")).as("no uniform soup is known").isEqualTo("greedy soup");
  }

  @Test
  void aUniformSoupIsThereOnce() throws Exception {
    hear(trial(.7, 1, 0, 0), trial(.75, 0, 1, 0), trial(.72, 0, 0, 1), trial(.78, 1, 1, 1));
    assertThat(table(ensemble(.7, .75, .72)).rows("uniform", Point.of(1, 1, 1)))
        .extracting(row -> row.text("what"))
        .startsWith("best single model", "uniform soup", "swept");
  }

  @Test
  void whatCannotBeScoredIsNoPartOfTheUniformSoup() throws Exception {
    hear(trial(.7, 1, 0, 0), trial(Double.NaN, 0, 1, 0), trial(.72, 0, 0, 1), trial(.74, 1, 0, 1));
    List<JsonObject> rows = table(ensemble(.7, .75, .72)).rows("greedy", Point.of(1, 0, 1));
    assertThat(rows.get(0).text("of")).isEqualTo("m2");
    assertThat(rows.get(1).text("of")).isEqualTo("m0 + m2");
    assertThat(number(rows.get(1), "score")).isEqualTo(.74);
  }

  @Test
  void aUniformSoupThatFailedSaysWhy() throws Exception {
    hear(trial(.7, 1, 0, 0), trial(.75, 0, 1, 0), trial(.72, 0, 0, 1));
    hear(trial(Double.NaN, 1, 1, 1));
    JsonObject uniform = table(ensemble(.7, .75, .72)).rows("greedy", Point.of(0, 1, 0)).get(1);
    assertThat(uniform.text("failure")).isEqualTo("it printed nothing");
    assertThat(uniform.get("score")).isEmpty();
  }

  /** A score cache may know a model from a soup of two. */
  @Test
  void aScoreOfAnotherSoupIsOfTheModelThatItIsHeardFor() throws Exception {
    hear(trial(.7, 1, 0, 0), trial(.75, 0, 1, 0));
    heard.add(Point.of(0, 0, 1), trial(.76, 1, 0), "", Optional.empty());
    hear(trial(.79, 0, 1, 1));
    List<JsonObject> rows = table(ensemble(.7, .75, .76)).rows("greedy", Point.of(0, 1, 1));
    assertThat(number(rows.get(0), "accuracy")).as("that of m2's table").isEqualTo(.76);
    assertThat(rows.get(1).text("what")).as("no uniform soup is known").isEqualTo("greedy soup");
  }

  @Test
  void tablesOfOtherExamplesAreToldByTheirMeasures() throws Exception {
    hear(trial(.7, 1, 0, 0), trial(.75, 0, 1, 0), trial(.72, 0, 0, 1), trial(.78, 1, 1, 1));
    assertThat(table(ensemble(.7, .75, .724)).warning()).isEmpty();
    assertThat(table(ensemble(.7, .69, .72)).warning())
        .contains(
            "m1 has a score of 0.750000, and by its table in both/metrics.json the accuracy is"
                + " 0.690000: they are of other examples, or of another model, and do not compare");
  }

  /** 81.2 per cent is not 0.812. */
  @Test
  void percentsAreToldBesideShares() throws Exception {
    hear(trial(70, 1, 0, 0), trial(75, 0, 1, 0), trial(72, 0, 0, 1), trial(78, 1, 1, 1));
    assertThat(table(ensemble(.7, .75, .72)).warning())
        .hasValueSatisfying(
            told ->
                assertThat(told).contains("m0 has a score of 70.0000", "the accuracy is 0.700000"));
  }
}
