package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Paths from models to a report, with a service that scores real points. */
class PathMergeTest extends TrialMerges {
  private String path(String keys, int... models) {
    StringBuilder recipe = new StringBuilder("path: {%s}\nmodels:\n".formatted(keys));
    for (int model : models) {
      recipe.append("  - model: %s\n".formatted(model(model)));
    }
    return recipe
        + "dtype: bfloat16\nevaluate: {http: '%s', direction: max}\n".formatted(judge.address());
  }

  private ScoredPath score(String recipe, String output, MergeOptions options) {
    return stockpot.path(
        MergeRecipe.yaml(recipe), folder.resolve(output).toString(), options, listener);
  }

  private List<String> recipes(String output) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(output).resolve("recipes"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aLineIsScoredFromEndToEndInOneReading() throws Exception {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(0, 1));
    ScoredPath found = score(path("points: 9", 0, 1), "out", MergeOptions.DEFAULT);
    assertThat(found.points()).extracting(ScoredPath.Point::t).startsWith(0.0, 0.125).hasSize(9);
    double middle = found.points().get(4).worth().orElseThrow();
    assertThat(found.points())
        .allSatisfy(p -> assertThat(p.worth().orElseThrow()).isLessThanOrEqualTo(middle));
    assertThat(found.barrier().orElseThrow().height()).isZero();
    assertThat(found.barrier().orElseThrow().gain()).isPositive();
    assertThat(store.most(2L * NUMBERS))
        .containsEntry(model(0) + "/model.safetensors", 1)
        .containsEntry(model(1) + "/model.safetensors", 1);
    assertThat(whatLiesThere()).containsExactly("m0", "m1", "m2", "m3", "m4", "out");
    String page = Files.readString(folder.resolve("out/report/report.html"));
    assertThat(page).contains("\"t\":0.125", "Barrier 0");
    assertThat(folder.resolve("out/report/trials.parquet")).isNotEmptyFile();
    assertThat(folder.resolve("out/report/tensors.parquet")).doesNotExist();
  }

  @Test
  void theRecipeOfAPointMakesTheBytesThatWereScored() throws Exception {
    score(path("points: 5, curve: bezier", 0, 2, 1), "out", MergeOptions.DEFAULT);
    assertThat(recipes("out")).hasSize(5).contains("0002-t-0.2500.yml", "0005-t-1.0000.yml");
    String recipe = Files.readString(folder.resolve("out/recipes/0002-t-0.2500.yml"));
    assertThat(recipe).contains("weight: 0.5625", "weight: 0.375", "weight: 0.0625");
    stockpot.merge(MergeRecipe.yaml(recipe), folder.resolve("alone").toString());
    JsonObject scored = manifest("out").object("chosen").orElseThrow().objects("trials").get(1);
    double alone =
        nearTo(0, 2, 3).applyAsDouble(JudgeService.numbers(folder.resolve("alone"), NUMBERS));
    assertThat(scored.get("worth").orElseThrow().number().orElseThrow())
        .isCloseTo(alone, within(1e-12));
  }

  @Test
  void aPolygonPassesTheModelInTheMiddle() throws IOException {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(3));
    ScoredPath found =
        score(path("points: 7, curve: polygon", 0, 3, 1), "out", MergeOptions.DEFAULT);
    assertThat(found.points().get(3).what()).isEqualTo(model(3).toString());
    assertThat(found.points().get(3).worth()).hasValue(0);
    assertThat(judge.asked().stream().map(question -> question.text("model")))
        .contains(model(0).toString(), model(3).toString(), model(1).toString());
    // both sides in one reading of all three
    assertThat(store.most(2L * NUMBERS))
        .containsEntry(model(0) + "/model.safetensors", 1)
        .containsEntry(model(3) + "/model.safetensors", 1)
        .containsEntry(model(1) + "/model.safetensors", 1);
  }

  @Test
  void pathsOfAWorseMiddleHaveABarrier() throws IOException {
    judge.close();
    judge = new JudgeService(NUMBERS, numbers -> -nearTo(0, 1).applyAsDouble(numbers));
    ScoredPath found = score(path("points: 5", 0, 1), "out", MergeOptions.DEFAULT);
    assertThat(found.barrier().orElseThrow().t()).isEqualTo(0.5);
    assertThat(found.sentence()).startsWith("Barrier ").contains("at t = 0.5000");
  }

  @Test
  void aPathThatWasStoppedGoesOnAndAsksForNothingTwice() throws Exception {
    judge.answersOnly(3);
    assertThatThrownBy(
            () ->
                stockpot.path(
                    MergeRecipe.yaml(path("points: 6", 0, 1)),
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
    ScoredPath found = score(path("points: 6", 0, 1), "out", MergeOptions.DEFAULT.resuming());
    assertThat(tried.stream().filter(Tried::isKnown).count()).isEqualTo(3);
    assertThat(found.barrier()).isPresent();
    int asked = judge.asked().size();
    ScoredPath again = score(path("points: 6", 0, 1), "out", MergeOptions.DEFAULT.resuming());
    assertThat(again.isAlreadyThere()).isTrue();
    assertThat(again.points()).isEqualTo(found.points());
    assertThat(judge.asked()).hasSize(asked);
  }

  @Test
  void anEndThatCannotBeScoredLeavesNoBarrier() {
    judge.answersOnly(1); // ends need no merge, so they are asked for first
    ScoredPath found = score(path("points: 4", 0, 1), "out", MergeOptions.DEFAULT);
    assertThat(found.barrier()).isEmpty();
    assertThat(found.points().get(3).failure()).contains("503");
    assertThat(found.sentence()).contains("an end of the path could not be scored");
  }

  @Test
  void aFileOfScoresMayNamePlacesAlone() throws Exception {
    Path scores = folder.resolve("scores.jsonl");
    Files.writeString(
        scores,
        """
        {"t": 0, "loss": 1.0}
        {"t": 0.3333333, "loss": 4.0}
        {"models": ["m0", "m1"], "weights": [1, 2], "loss": 2.0}
        {"model_name": "m1", "loss": 1.0}
        """);
    String recipe =
        path("points: 4", 0, 1)
            .replaceAll("evaluate: .*", "evaluate: {scores: %s, direction: min}".formatted(scores));
    ScoredPath found = score(recipe, "out", MergeOptions.DEFAULT);
    assertThat(found.points())
        .extracting(point -> point.measures().values().iterator().next())
        .containsExactly(1.0, 4.0, 2.0, 1.0);
    assertThat(found.barrier().orElseThrow().height()).isCloseTo(3, within(1e-12));
    assertThat(store.most(2L * NUMBERS).get(model(1) + "/model.safetensors")).isZero();
  }

  @Test
  void mergedAPathIsItsBestPoint() throws Exception {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(0, 0, 0, 1));
    merge(path("points: 5", 0, 1), "out", MergeOptions.DEFAULT);
    assertThat(manifest("out").text("recipe")).contains("weight: 0.75", "weight: 0.25");
    assertThat(Files.readString(folder.resolve("out/report/report.html"))).contains("\"t\":0.25");
  }

  @Test
  void moreCandidatesThanTheRoomAreMadeInFewReadings() {
    score(path("points: 25", 0, 1), "out", MergeOptions.DEFAULT.withSetting("candidates", 12));
    assertThat(store.most(2L * NUMBERS).get(model(0) + "/model.safetensors")).isEqualTo(2);
    assertThat(notices)
        .anyMatch(notice -> notice.contains("candidates=25 makes them in one reading"));
  }

  @Test
  void aPathOfOneModelIsRefused() {
    assertThatThrownBy(() -> score(path("points: 5", 0), "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("a path needs two models at least, and there are 1");
    assertThatThrownBy(() -> score(path("curve: bezier", 0, 1), "out", MergeOptions.DEFAULT))
        .hasMessageContaining("a bezier needs three");
    assertThat(judge.asked()).isEmpty();
  }

  @Test
  void aSoupIsNoPath() {
    assertThatThrownBy(() -> score(soup("kind: greedy"), "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("asks for no path");
  }

  @Test
  void whatAKillLeftBesideAFinishedPathIsRemovedByResume() throws Exception {
    score(path("points: 3", 0, 1), "out", MergeOptions.DEFAULT);
    TrialFolders folders = TrialFolders.of(new Location(folder.resolve("out").toString()));
    folders.claim(store, /* goesOn= */ false).keep();
    score(path("points: 3", 0, 1), "out", MergeOptions.DEFAULT.resuming());
    assertThat(whatLiesThere()).containsExactly("m0", "m1", "m2", "m3", "m4", "out");
  }
}
