package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.InProcessEngine;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Soups and searches from a recipe to a checkpoint, with a service that scores real candidates. */
class TrialMergeTest {
  private static final int NUMBERS = 64 * 128 * 2;
  private static final int MODELS = 5;

  @TempDir private Path folder;
  private final ReadLog store = new ReadLog();
  private final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), store);
  private JudgeService judge;
  private final List<Tried> tried = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final MergeListener listener =
      new MergeListener() {
        @Override
        public void tried(Tried candidate) {
          tried.add(candidate);
        }

        @Override
        public void noticed(String notice) {
          notices.add(notice);
        }
      };

  @BeforeEach
  void writeModels() throws IOException {
    for (int i = 0; i < MODELS; i++) {
      SmallModels.write(model(i), i, List.of(Shape.of(64, 128), Shape.of(64, 128)));
    }
    judge = new JudgeService(NUMBERS, nearTo(0, 2, 3));
  }

  @AfterEach
  void endService() {
    judge.close();
  }

  private Path model(int number) {
    return folder.resolve("m" + number);
  }

  /** How near a model is to the mean of some models: only their soup is best. */
  private ToDoubleFunction<float[]> nearTo(int... targets) {
    float[] mean = new float[NUMBERS];
    for (int target : targets) {
      float[] numbers = JudgeService.numbers(model(target), NUMBERS);
      for (int i = 0; i < NUMBERS; i++) {
        mean[i] += numbers[i] / targets.length;
      }
    }
    return numbers -> {
      double distance = 0;
      for (int i = 0; i < NUMBERS; i++) {
        distance += (numbers[i] - mean[i]) * (numbers[i] - mean[i]);
      }
      return -distance / NUMBERS;
    };
  }

  private String soup(String keys) {
    return """
        soup: {%s}
        models:
          - model: %s/m0
          - model: %s/m1
          - model: %s/m2
          - model: %s/m3
          - model: %s/m4
        dtype: bfloat16
        evaluate:
          http: %s
          direction: max
          parallel: 2
        """
        .formatted(keys, folder, folder, folder, folder, folder, judge.address());
  }

  private String search(String keys, String weight) {
    return """
        merge_method: linear
        parameters: {normalize: false}
        models:
          - {model: %s/m0, parameters: {weight: %s}}
          - {model: %s/m1, parameters: {weight: %s}}
        dtype: bfloat16
        search: {%s}
        evaluate: {http: '%s', direction: max}
        """
        .formatted(folder, weight, folder, weight, keys, judge.address());
  }

  private MergeOutcome merge(String recipe, String output, MergeOptions options) {
    tried.clear();
    return stockpot.merge(
        MergeRecipe.yaml(recipe), folder.resolve(output).toString(), options, listener);
  }

  private JsonObject manifest(String output) throws Exception {
    Path file = folder.resolve(output).resolve("stockpot-manifest.json");
    return Json.parse(Files.readAllBytes(file)).object().orElseThrow();
  }

  private List<String> whatLiesThere() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aGreedySoupIsTheMergeOfTheIngredientsThatMadeItBetter() throws Exception {
    merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(2 * MODELS - 1);
    String recipe = manifest("out").text("recipe");
    assertThat(recipe).contains("m0", "m2", "m3").doesNotContain("m1", "m4");
    stockpot.merge(MergeRecipe.yaml(recipe), folder.resolve("alone").toString());
    assertThat(weights("out")).isEqualTo(weights("alone"));
    JsonObject chosen = manifest("out").object("chosen").orElseThrow();
    assertThat(chosen.objects("trials")).hasSize(2 * MODELS - 1);
    assertThat(chosen.text("recipe")).startsWith("soup:");
    assertThat(whatLiesThere()).containsExactly("alone", "m0", "m1", "m2", "m3", "m4", "out");
  }

  private Map<String, Long> weights(String output) throws IOException {
    Map<String, Long> checksums = MergedFiles.checksums(folder.resolve(output));
    checksums.keySet().removeIf(name -> !name.endsWith(".safetensors"));
    return checksums;
  }

  @Test
  void singleModelsAreScoredWhereTheyLie() {
    merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT);
    assertThat(judge.asked().stream().map(question -> question.text("model")))
        .contains(model(0).toString(), model(4).toString());
  }

  @Test
  void ifAllAreRejectedTheBestSingleIsCopied() throws Exception {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(4));
    merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT);
    assertThat(JudgeService.numbers(folder.resolve("out"), NUMBERS))
        .isEqualTo(JudgeService.numbers(model(4), NUMBERS));
    assertThat(tried.subList(MODELS, tried.size()))
        .extracting(Tried::verdict)
        .containsOnly("rejected");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7})
  void whatWasPaidForIsNotAskedForAgain(int answers) throws Exception {
    merge(soup("kind: greedy"), "whole", MergeOptions.DEFAULT);
    int all = judge.asked().size();
    judge.answersOnly(answers);
    assertThatThrownBy(
            () ->
                stockpot.merge(
                    MergeRecipe.yaml(soup("kind: greedy")),
                    folder.resolve("out").toString(),
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
    assertThat(folder.resolve("out")).doesNotExist();
    judge.answersOnly(Integer.MAX_VALUE);
    merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT.resuming());
    assertThat(weights("out")).isEqualTo(weights("whole"));
    assertThat(tried.stream().filter(Tried::isKnown).count()).isPositive();
    long distinct = judge.asked().stream().map(q -> q.text("candidate")).distinct().count();
    assertThat(judge.asked().size() - all).isLessThanOrEqualTo((int) distinct);
    assertThat(notices).anyMatch(notice -> notice.contains("not asked for again"));
    assertThat(whatLiesThere()).containsExactly("m0", "m1", "m2", "m3", "m4", "out", "whole");
  }

  @Test
  void unfinishedTrialsAreRefusedUnlessResumedOrDiscarded() throws IOException {
    judge.answersOnly(0);
    assertThatThrownBy(() -> merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("None of 5 candidates could be scored")
        .hasMessageContaining("503");
    judge.answersOnly(100);
    assertThat(stockpot.discard(folder.resolve("out").toString())).isIn(true, false);
    merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT);
    assertThat(whatLiesThere()).containsExactly("m0", "m1", "m2", "m3", "m4", "out");
  }

  @Test
  void aGenerationIsMadeInOneReadingOfTheModels() {
    merge(
        search("strategy: random, evaluations: 6, seed: 3", "{range: [0, 1]}"),
        "out",
        MergeOptions.DEFAULT);
    assertThat(judge.asked()).hasSize(6);
    // once for all six, and once for the best of them
    assertThat(store.most(2L * NUMBERS))
        .containsEntry(model(0) + "/model.safetensors", 2)
        .containsEntry(model(1) + "/model.safetensors", 2);
  }

  @Test
  void aSearchComesNearToTheBestWeights() throws Exception {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(0, 1));
    merge(
        search("strategy: cma_es, evaluations: 60, seed: 1", "{range: [0, 2]}"),
        "out",
        MergeOptions.DEFAULT);
    double best = tried.stream().mapToDouble(t -> t.worth().orElseThrow()).max().orElseThrow();
    assertThat(best).isGreaterThan(-0.002);
    assertThat(manifest("out").text("recipe")).contains("weight: 0.").doesNotContain("range");
  }

  @Test
  void aGridTriesEveryCombinationAndChoicesAreValues() {
    merge(search("strategy: grid, levels: 3", "{range: [0, 1]}"), "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(9);
    assertThat(tried.get(1).what())
        .isEqualTo("models[0].parameters.weight = 0.000, models[1].parameters.weight = 0.5000");
  }

  @Test
  void candidatesBeyondTheRoomWaitForTheirTurn() throws IOException {
    merge(
        search("strategy: sobol, evaluations: 7", "{range: [0.1, 1]}"),
        "out",
        MergeOptions.DEFAULT.withSetting("candidates", 2));
    assertThat(tried).hasSize(7);
    assertThat(whatLiesThere()).containsExactly("m0", "m1", "m2", "m3", "m4", "out");
  }

  @Test
  void knownScoresNeedNoCandidates() throws Exception {
    Path table = folder.resolve("scores.jsonl");
    Files.writeString(
        table,
        """
        {"model_name": "m0", "acc": 0.70}
        {"model_name": "m1", "acc": 0.80}
        {"model_name": "m2", "acc": 0.60}
        {"model_name": "m3", "acc": 0.80}
        {"model_name": "m4", "acc": 0.75}
        {"models": ["m1", "m3"], "acc": 0.82}
        {"models": ["m1", "m3", "m4"], "acc": 0.82}
        {"models": ["m0", "m1", "m3"], "acc": 0.83}
        {"models": ["m0", "m1", "m2", "m3"], "acc": 0.5}
        """);
    String recipe =
        soup("kind: greedy")
            .replaceAll("http: .*", "scores: " + table)
            .replace("parallel: 2", "metric: acc");
    merge(recipe, "out", MergeOptions.DEFAULT);
    assertThat(tried.stream().map(Tried::verdict).toList())
        .containsExactly("", "", "", "", "", "accepted", "rejected", "accepted", "rejected");
    assertThat(manifest("out").text("recipe"))
        .contains("m0", "m1", "m3")
        .doesNotContain("m2", "m4");
    assertThat(store.most(2L * NUMBERS).get(model(1) + "/model.safetensors")).isEqualTo(1);
  }

  @Test
  void anOutputThatIsNotReplacedIsRefusedBeforeAnythingIsPaidFor() {
    merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT);
    int paid = judge.asked().size();
    assertThatThrownBy(() -> merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is not empty");
    assertThat(judge.asked()).hasSize(paid);
  }

  @Test
  void whatSomebodyElsePutsWhereCandidatesGoIsRefused() throws IOException {
    Path foreign = Files.createDirectory(folder.resolve("out-candidates")).resolve("mine.txt");
    Files.writeString(foreign, "mine");
    assertThatThrownBy(() -> merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("out-candidates is not empty");
    assertThat(judge.asked()).isEmpty();
    assertThat(foreign).hasContent("mine");
    assertThat(folder.resolve("out-trials")).doesNotExist();
  }

  @Test
  void aSoupThatIsPublishedIsNotCookedAgainByResume() throws Exception {
    merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT);
    JsonObject before = manifest("out");
    int paid = judge.asked().size();
    MergeOutcome again = merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT.resuming());
    assertThat(again.alreadyThere()).isTrue();
    assertThat(judge.asked()).hasSize(paid);
    assertThat(manifest("out")).isEqualTo(before);
  }

  @Test
  void anotherSoupIntoTheSameFolderIsNotTakenForIt() {
    merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT);
    assertThatThrownBy(
            () -> merge(soup("kind: restricted"), "out", MergeOptions.DEFAULT.resuming()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is not empty");
  }

  @Test
  void aSearchThatRanOutOfTimeSaysSo() {
    merge(
        search("strategy: random, evaluations: 5000, hours: 0.00001", "{range: [0, 1]}"),
        "out",
        MergeOptions.DEFAULT.withSetting("candidates", 1));
    assertThat(tried).hasSizeBetween(1, 4999);
    assertThat(notices)
        .contains(
            "`hours` were over after %s of at most 5000 candidates: the best of those was chosen"
                .formatted(tried.size()));
  }

  @Test
  void aSearchMayChooseAmongModels() throws Exception {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(3));
    String recipe =
        """
        merge_method: linear
        models:
          - {model: %s, parameters: {weight: 0.1}}
          - {model: {choice: ['%s', '%s']}, parameters: {weight: 0.9}}
        dtype: bfloat16
        search: grid
        evaluate: {http: '%s', direction: max}
        """
            .formatted(model(0), model(1), model(3), judge.address());
    merge(recipe, "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(2);
    assertThat(manifest("out").text("recipe")).contains("m3").doesNotContain("m1");
  }
}
