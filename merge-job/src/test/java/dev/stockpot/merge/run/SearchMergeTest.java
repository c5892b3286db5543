package dev.stockpot.merge.run;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches from a recipe to a checkpoint. */
class SearchMergeTest extends TrialMerges {
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

  /** Whoever pays for evaluations gets as many as were agreed, and each candidate once. */
  @ParameterizedTest
  @CsvSource({
    "'strategy: grid, levels: 6', 1, 16",
    "'strategy: grid, levels: 6', 3, 5",
    "'strategy: cma_es, evaluations: 36, seed: 1', 1, 16",
    "'strategy: cma_es, evaluations: 36, seed: 1', 4, 3",
    "'strategy: random, evaluations: 36', 2, 7",
    "'strategy: sobol, evaluations: 36', 2, 40"
  })
  void theEvaluatorIsAskedForAsManyAsTheBudgetHasAndForNoneTwice(
      String strategy, int parallel, int room) {
    String recipe =
        search(strategy, "{range: [0, 1]}")
            .replace("direction: max", "direction: max, parallel: " + parallel);
    merge(recipe, "out", MergeOptions.DEFAULT.withSetting("candidates", room));
    assertThat(tried).hasSize(36).noneMatch(Tried::isKnown);
    assertThat(judge.asked().stream().map(question -> question.text("candidate")))
        .hasSize(36)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"1, 16", "3, 4"})
  void whatComesUpAgainCountsAndIsNotPaidForAgain(int parallel, int room) {
    String recipe =
        search("strategy: cma_es, evaluations: 24, seed: 1", "{choice: [0.2, 0.9]}")
            .replace("direction: max", "direction: max, parallel: " + parallel);
    merge(recipe, "out", MergeOptions.DEFAULT.withSetting("candidates", room));
    assertThat(tried).hasSize(24);
    assertThat(judge.asked().stream().map(question -> question.text("candidate")))
        .hasSizeBetween(2, 4)
        .doesNotHaveDuplicates();
  }

  private List<JsonObject> trials(String output) throws Exception {
    return manifest(output).object("chosen").orElseThrow().objects("trials");
  }

  private static List<String> texts(List<JsonObject> trials, String key) {
    return trials.stream().map(trial -> trial.text(key)).toList();
  }

  @Test
  void aSearchGoesOnWhereAnotherOneStood() throws Exception {
    String keys = "strategy: cma_es, population: 6, seed: 2, evaluations: ";
    merge(search(keys + 24, "{range: [0, 1]}"), "whole", MergeOptions.DEFAULT);
    merge(search(keys + 12, "{range: [0, 1]}"), "first", MergeOptions.DEFAULT);
    Path manifest = folder.resolve("first/stockpot-manifest.json");
    String second = search(keys + 12 + ", state: " + manifest, "{range: [0, 1]}");
    merge(second, "second", MergeOptions.DEFAULT);
    List<JsonObject> whole = trials("whole");
    assertThat(texts(trials("first"), "candidate"))
        .isEqualTo(texts(whole, "candidate").subList(0, 12));
    assertThat(texts(trials("second"), "candidate"))
        .isEqualTo(texts(whole, "candidate").subList(12, 24));
    assertThat(texts(trials("second"), "state")).isEqualTo(texts(whole, "state").subList(12, 24));
    assertThat(new HashSet<>(texts(whole, "state"))).as("one a generation").hasSize(4);
    assertThat(manifest("second").object("chosen").orElseThrow().object("state"))
        .isEqualTo(manifest("whole").object("chosen").orElseThrow().object("state"));

    // the same words, and another state in that file: another search
    merge(search(keys + 6, "{range: [0, 1]}"), "short", MergeOptions.DEFAULT);
    Files.copy(folder.resolve("short/stockpot-manifest.json"), manifest, REPLACE_EXISTING);
    assertThatThrownBy(() -> merge(second, "second", MergeOptions.DEFAULT.resuming()))
        .isInstanceOf(UserException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'{}', it holds no state of a search by cma_es",
    "'{\"generation\": 1', 'Unexpected end'",
    "'{\"generation\": 1, \"sigma\": 0.1, \"mean\": [0.5], \"covariance\": [1], \"sigma_path\": [0], \"covariance_path\": [0]}', '`state` is that of a search in 1 dimensions, and this one has 2'"
  })
  void aStateThatDoesNotFitIsRefused(String state, String why) throws IOException {
    Path file = Files.writeString(folder.resolve("state.json"), state);
    String recipe = search("strategy: cma_es, state: " + file, "{range: [0, 1]}");
    assertThatThrownBy(() -> merge(recipe, "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(why);
    assertThat(judge.asked()).isEmpty();
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

  @Test
  void aModelThatIsOnlyChosenSometimesMayChangeMeanwhile() throws Exception {
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
    judge.answersOnly(1);
    assertThatThrownBy(
            () ->
                stockpot.merge(
                    MergeRecipe.yaml(recipe),
                    folder.resolve("out").toString(),
                    MergeOptions.DEFAULT,
                    new MergeListener() {
                      @Override
                      public void tried(Tried candidate) {
                        throw new UserException("stopped by hand");
                      }
                    }))
        .hasMessage("stopped by hand");
    judge.answersOnly(100);
    SmallModels.write(model(1), 50, List.of(Shape.of(64, 128), Shape.of(64, 128)));
    merge(recipe, "out", MergeOptions.DEFAULT.resuming());
    assertThat(tried).hasSize(2).noneMatch(Tried::isKnown);
  }

  @Test
  void groupsOfLayersAreSearchedAndTheWinnersRecipeMakesItsBytesByItself() throws Exception {
    judge.close();
    // the first layer of one model, and the second of the other, are best: no one weight does that
    float[] first = JudgeService.numbers(model(0), NUMBERS);
    float[] second = JudgeService.numbers(model(1), NUMBERS);
    judge =
        new JudgeService(
            NUMBERS,
            numbers -> {
              double distance = 0;
              for (int i = 0; i < NUMBERS; i++) {
                double wanted = i < NUMBERS / 2 ? first[i] : second[i];
                distance += (numbers[i] - wanted) * (numbers[i] - wanted);
              }
              return -distance / NUMBERS;
            });
    merge(
        search("strategy: grid, levels: 2", "{range: [0, 1], groups: 2}"),
        "out",
        MergeOptions.DEFAULT);
    assertThat(tried).hasSize(16);
    String recipe = manifest("out").text("recipe");
    assertThat(recipe)
        .contains("steps:\n      - 1.0\n      - 0.0", "steps:\n      - 0.0\n      - 1.0");
    merge(recipe, "again", MergeOptions.DEFAULT);
    assertThat(weights("again")).isEqualTo(weights("out"));
    assertThat(tried).isEmpty();
  }

  @Test
  void groupsThatLayersCannotFillAreRefusedBeforeAnythingIsPaidFor() {
    assertThatThrownBy(
            () ->
                merge(
                    search("strategy: random, evaluations: 4", "{range: [0, 1], groups: 8}"),
                    "out",
                    MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "These trials cannot begin: `groups: 8` in line 4, and the models have 2 layers at"
                + " most. Lower `groups`");
    assertThat(judge.asked()).isEmpty();
  }

  @Test
  void groupsInASliceAreOfItsLayers() {
    String recipe =
        """
        merge_method: linear
        slices:
          - sources:
              - {model: %s, layer_range: [0, 1], parameters: {weight: {range: [0, 1], groups: 2}}}
              - {model: %s, layer_range: [0, 1], parameters: {weight: 1}}
        dtype: bfloat16
        search: grid
        evaluate: {http: '%s', direction: max}
        """
            .formatted(model(0), model(1), judge.address());
    assertThatThrownBy(() -> merge(recipe, "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("the models have 1 layers at most");
  }
}
