package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a soup reads of the ensemble that it is to stand beside. */
class MeasuredEnsembleTest extends TrialRecipeCases {
  private static final String METRICS = metrics("m0", "m1", "m2");

  private static String metrics(String... models) {
    Map<String, Double> measures = new LinkedHashMap<>();
    for (String model : models) {
      measures.put(model, .7 + measures.size() / 100.);
    }
    measures.put("swept", .74);
    measures.put("ensemble", .8);
    measures.put("ensemble, calibrated", .8);
    return MeasuredEnsembles.metrics(List.of(models), measures);
  }

  private static TrialRecipe soup(String keys, String evaluate, String metrics) {
    return parse(
        "soup: {%s}\n%s%s".formatted(keys, MODELS, evaluate), Map.of("both/metrics.json", metrics));
  }

  private static MeasuredEnsemble ensemble(String metrics) {
    return soup("kind: greedy, ensemble: both", EVALUATE, metrics).ensemble().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"both", "both/", "both/metrics.json"})
  void isNamedByItsFolderOrByItsFile(String place) {
    MeasuredEnsemble read =
        soup("kind: greedy, ensemble: " + place, EVALUATE, METRICS).ensemble().orElseThrow();
    assertThat(read.models()).containsExactly("m0", "m1", "m2");
    assertThat(read.others())
        .extracting(measures -> measures.text("name"))
        .containsExactly("swept", "ensemble", "ensemble, calibrated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"greedy", "restricted", "interpolate", "pruned", "uniform"})
  void everySoupThatIsAMeanOfItsModelsMayStandBesideOne(String kind) {
    assertThat(soup("kind: " + kind + ", ensemble: both", EVALUATE, METRICS).ensemble())
        .isPresent();
  }

  @Test
  void aSoupThatNamesNoneHasNone() {
    assertThat(parse("soup: greedy\n" + MODELS + EVALUATE).ensemble()).isEmpty();
  }

  @Test
  void anEnsembleAsksAllOfItsModels() {
    MeasuredEnsemble read = ensemble(METRICS);
    assertThat(read.others()).extracting(read::models).containsExactly(1, 3, 3);
  }

  /** Without labels nothing was measured. */
  @Test
  void tablesWithoutLabelsAreRefused() {
    String unmeasured = MeasuredEnsembles.metrics(List.of("m0", "m1"), Map.of());
    assertThatThrownBy(() -> ensemble(unmeasured))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("both/metrics.json has 2 models and 0 measures")
        .hasMessageContaining("was it made of tables with labels?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"ensemble\": 7}", "{\"measures\": [{\"name\": \"m0\"}]}"})
  void jsonOfSomethingElseIsRefused(String text) {
    assertThatThrownBy(() -> ensemble(text))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("has 0 models");
  }

  @Test
  void whatIsNoJsonIsRefused() {
    assertThatThrownBy(() -> ensemble("accuracy,0.8"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("r.yml:1: `ensemble` both/metrics.json cannot be read")
        .hasMessageContaining("Name the folder that `stockpot ensemble` wrote");
  }

  @Test
  void modelsAreFoundByTheLastWordOfTheirPaths() {
    MeasuredEnsemble read = ensemble(metrics("m0", "runs/m1"));
    assertThat(read.problemWith(List.of("runs/m1", "sweep/m0/"))).isEmpty();
    assertThat(read.measuresOf("sweep/m0/").text("name")).isEqualTo("m0");
    assertThat(read.measuresOf("runs/m1").text("name")).isEqualTo("runs/m1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m0,m1,m2 | m0,m1",
        "m0,m1 | m0,m1,m2",
        "m0,m1 | m0,m3",
        "m0,m1 | a/m0,b/m0",
        "m0 | m1"
      })
  void anEnsembleOfOtherModelsIsRefused(String models, String ingredients) {
    MeasuredEnsemble read = ensemble(metrics(models.split(",")));
    List<String> names = List.of(ingredients.split(","));
    assertThat(read.problemWith(names).orElseThrow())
        .contains("is of " + models.replace(",", ", "))
        .contains("and the soup of " + ingredients.replace(",", ", "))
        .contains("stockpot ensemble " + (names.get(0).contains("m1") ? "m1" : "m0") + "=TABLE");
  }

  @Test
  void theRecipeSaysWhatIsWrongBeforeAnythingIsPaidFor() {
    TrialRecipe recipe = soup("kind: greedy, ensemble: both", EVALUATE, METRICS);
    recipe.requireFits(models(3, 0));
    assertThatThrownBy(() -> recipe.requireFits(models(2, 0)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("These trials cannot begin: the ensemble in both/metrics.json")
        .hasMessageContaining("the soup of m0, m1");
    TrialRecipe line = soup("kind: line", EVALUATE, METRICS);
    assertThatThrownBy(() -> line.requireFits(models(1, 0)))
        .hasMessageContaining("a line is between two models, and there are 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metric: acc | accuracy",
        "metric: 'mnli:acc,none' | accuracy",
        "metric: accuracy | accuracy",
        "metric: nll | nll",
        "metric: f1 | ''",
        "parallel: 1 | ''"
      })
  void knowsWhichMeasureTheScoresAre(String metric, String measure) {
    String evaluate = "evaluate: {http: 'http://h/s', direction: max, %s}\n".formatted(metric);
    assertThat(
            soup("kind: greedy, ensemble: both", evaluate, METRICS)
                .ensemble()
                .orElseThrow()
                .compared())
        .isEqualTo(measure);
  }

  @Test
  void severalMetricsAreComparedWithNothing() {
    String two =
        "evaluate: [{http: 'http://h/s', metric: acc, direction: max},"
            + " {http: 'http://h/s', metric: nll, direction: min}]\n";
    assertThat(soup("ensemble: both", two, METRICS).ensemble().orElseThrow().compared()).isEmpty();
  }

  /** Or a soup that is there already would keep the table of before. */
  @Test
  void anotherEnsembleIsAnotherRecipe() {
    TrialRecipe one = soup("ensemble: both", EVALUATE, METRICS);
    TrialRecipe other = soup("ensemble: both", EVALUATE, METRICS.replace("0.74", "0.75"));
    assertThat(one.identity()).isNotEqualTo(other.identity());
    assertThat(one.identity()).isEqualTo(soup("ensemble: both", EVALUATE, METRICS).identity());
  }

  @ParameterizedTest
  @CsvSource({"greedy, 1", "pruned, 1", "uniform, 0"})
  void theUniformSoupIsOneMoreEvaluation(String kind, int more) {
    String keys = "kind: %s, ensemble: both".formatted(kind);
    assertThat(soup(keys, EVALUATE, METRICS).evaluationsBeside()).isEqualTo(more);
    assertThat(soup(keys, "evaluate: {on: nowhere, direction: max}\n", METRICS).evaluationsBeside())
        .isZero();
    assertThat(parse("soup: %s\n%s%s".formatted(kind, MODELS, EVALUATE)).evaluationsBeside())
        .isZero();
  }
}
