package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Searches by several metrics and on growing numbers of examples, from a recipe to a checkpoint.
 */
class SearchStrategiesTest extends TrialMerges {

  /** Tells how near a candidate is to each of two models; with fewer examples, not quite. */
  @BeforeEach
  void judgeByTwoMetrics() throws Exception {
    judge.close();
    float[] one = JudgeService.numbers(model(0), NUMBERS);
    float[] other = JudgeService.numbers(model(1), NUMBERS);
    judge =
        new JudgeService(
            NUMBERS,
            (question, numbers) -> {
              int budget = question.integer("budget").orElse(1000);
              return "{\"one\": %s, \"other\": %s}"
                  .formatted(
                      distance(numbers, one) + 1.0 / budget,
                      distance(numbers, other) + 1.0 / budget);
            });
  }

  private static double distance(float[] numbers, float[] target) {
    double sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      sum += (numbers[i] - target[i]) * (numbers[i] - target[i]);
    }
    return sum / numbers.length;
  }

  private String recipe(String search) {
    String both =
        """
        evaluate:
          - {http: '%s', metric: one, direction: min}
          - {http: '%s', metric: other, direction: min, weight: 2}
        """
            .formatted(judge.address(), judge.address());
    return search(search, "{range: [0, 1]}").replaceAll("evaluate: .*\n", "") + both;
  }

  private List<JsonObject> trials(String output) throws Exception {
    return manifest(output).object("chosen").orElseThrow().objects("trials");
  }

  @Test
  void aSearchByTwoMetricsFindsTheFrontBetweenTwoModels() throws Exception {
    merge(
        recipe("strategy: nsga2, population: 8, evaluations: 48, seed: 1"),
        "out",
        MergeOptions.DEFAULT);
    assertThat(tried).hasSize(48);
    assertThat(judge.asked()).as("one evaluator with two metrics is asked once").hasSize(48);
    assertThat(tried.get(0).measures()).containsOnlyKeys("one", "other");
    List<JsonObject> front =
        trials("out").stream().filter(trial -> trial.get("front").isPresent()).toList();
    assertThat(front).hasSizeGreaterThan(4);
    for (JsonObject trial : trials("out")) {
      boolean isDominated =
          trials("out").stream().anyMatch(other -> isBetter(numbers(other), numbers(trial)));
      assertThat(trial.get("front").isPresent()).isEqualTo(!isDominated);
    }
    // the second metric counts twice, so of the front what is nearer to the second model is taken
    double best = tried.stream().mapToDouble(t -> t.worth().orElseThrow()).max().orElseThrow();
    List<JsonObject> taken =
        front.stream()
            .filter(trial -> trial.get("worth").orElseThrow().number().orElseThrow() == best)
            .toList();
    assertThat(taken).hasSize(1);
    assertThat(notices).anyMatch(notice -> notice.contains("on the Pareto front"));
    String page = Files.readString(folder.resolve("out/report/report.html"));
    assertThat(page).contains("\"front\":true", "function showFront");
    merge(manifest("out").text("recipe"), "again", MergeOptions.DEFAULT);
    assertThat(weights("again")).isEqualTo(weights("out"));
  }

  private static List<Double> numbers(JsonObject trial) {
    return trial.list("objectives").stream().map(v -> v.number().orElseThrow()).toList();
  }

  private static boolean isBetter(List<Double> one, List<Double> other) {
    return one.get(0) >= other.get(0) && one.get(1) >= other.get(1) && !one.equals(other);
  }

  @Test
  void theKneeIsTakenIfItIsAskedFor() throws Exception {
    String search = "strategy: nsga2, population: 8, evaluations: 48, seed: 1";
    merge(recipe(search), "weights", MergeOptions.DEFAULT);
    merge(recipe(search + ", pick: knee"), "knee", MergeOptions.DEFAULT);
    double share = weight("knee", 1) / (weight("knee", 0) + weight("knee", 1));
    assertThat(share).isBetween(0.3, 0.7);
    assertThat(manifest("knee").text("recipe")).isNotEqualTo(manifest("weights").text("recipe"));
  }

  private double weight(String output, int model) throws Exception {
    String recipe = manifest(output).text("recipe");
    List<Double> weights = new ArrayList<>();
    recipe
        .lines()
        .filter(line -> line.contains("weight:"))
        .forEach(line -> weights.add(Double.valueOf(line.substring(line.indexOf(": ") + 2))));
    return weights.get(model);
  }

  @Test
  void aRaceEvaluatesFewCandidatesOnManyExamples() throws Exception {
    String recipe = recipe("strategy: halving, candidates: 9, min: 10, max: 90, eta: 3");
    merge(recipe, "out", MergeOptions.DEFAULT);
    assertThat(judge.asked()).extracting(q -> q.integer("budget").orElse(0)).hasSize(13);
    assertThat(judge.asked().stream().map(q -> q.integer("budget").orElse(0)).distinct())
        .containsExactly(10, 30, 90);
    assertThat(judge.asked().stream().map(q -> q.text("candidate")).distinct())
        .as("on more examples it is another question")
        .hasSize(13);
    assertThat(trials("out").get(12).integer("budget")).hasValue(90);
    assertThat(whatLiesThere()).containsExactly("m0", "m1", "m2", "m3", "m4", "out");
  }

  @Test
  void aScoreOnFewExamplesIsNotTakenForOneOnMany() throws Exception {
    String cache = folder.resolve("cache").toString();
    MergeOptions options = MergeOptions.DEFAULT.withSetting("score-cache", cache);
    merge(recipe("strategy: halving, candidates: 4, min: 10, max: 20, eta: 2"), "out", options);
    int asked = judge.asked().size();
    assertThat(asked).isEqualTo(6);
    merge(recipe("strategy: halving, candidates: 4, min: 20, max: 40, eta: 2"), "more", options);
    assertThat(judge.asked().subList(asked, judge.asked().size()))
        .as("two of four were evaluated on 20")
        .hasSize(4);
  }

  @Test
  void whatWasPaidForIsNotAskedForAgain() throws Exception {
    for (String search :
        List.of(
            "strategy: nsga2, population: 4, evaluations: 12, seed: 2",
            "strategy: halving, candidates: 6, min: 5, max: 10, eta: 2")) {
      String name = search.substring(10, 14).strip();
      merge(recipe(search), name + "-whole", MergeOptions.DEFAULT);
      int all = judge.asked().size();
      judge.answersOnly(7);
      assertThatThrownBy(
              () ->
                  stockpot.merge(
                      MergeRecipe.yaml(recipe(search)),
                      folder.resolve(name).toString(),
                      MergeOptions.DEFAULT,
                      new MergeListener() {
                        @Override
                        public void tried(Tried candidate) {
                          if (!candidate.failure().isEmpty()) {
                            throw new UserException("stopped by hand");
                          }
                        }
                      }))
          .hasMessage("stopped by hand");
      judge.answersOnly(Integer.MAX_VALUE);
      merge(recipe(search), name, MergeOptions.DEFAULT.resuming());
      assertThat(weights(name)).isEqualTo(weights(name + "-whole"));
      assertThat(tried.stream().filter(Tried::isKnown)).hasSize(7);
      assertThat(judge.asked().size() - all).isEqualTo(tried.size());
    }
  }

  @Test
  void candidatesBeyondTheRoomAreMadeTogetherOnceEvaluatorsAreIdle() {
    merge(
        search("strategy: random, evaluations: 12, seed: 3", "{range: [0, 1]}")
            .replace("direction: max", "direction: min, metric: one"),
        "out",
        MergeOptions.DEFAULT.withSetting("candidates", 4));
    assertThat(judge.asked()).hasSize(12);
    // three readings of four candidates each, and one for the best
    assertThat(store.most(2L * NUMBERS)).containsEntry(model(0) + "/model.safetensors", 4);
  }

  @Test
  void aPlanSaysWhatTrialsCost() {
    PlannedMerge plan =
        stockpot.plan(
            MergeRecipe.yaml(recipe("strategy: random, evaluations: 40, hours: 2")),
            MergeOptions.DEFAULT.withSetting("candidates", 16));
    PlannedTrials trials = plan.trials().orElseThrow();
    assertThat(trials.evaluations()).isEqualTo(40);
    assertThat(trials.hours()).isEqualTo(2);
    assertThat(trials.together()).isEqualTo(16);
    assertThat(trials.readings()).isEqualTo(3);
    assertThat(trials.bytesRead()).isEqualTo(plan.bytesRead());
    assertThat(trials.allBytesRead()).isEqualTo(3 * plan.bytesRead());
    assertThat(trials.scratch()).isEqualTo(16 * plan.bytesWritten());
  }
}
