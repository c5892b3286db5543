package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Soups from a recipe to a checkpoint. */
class SoupMergeTest extends TrialMerges {
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
    assertThat(folder.resolve("out/report/trials.parquet")).isNotEmptyFile();
    assertThat(Files.readString(folder.resolve("out/report/report.html")))
        .contains("\"trials\":[{\"candidate\":", "\"verdict\":\"accepted\"");
    assertThat(Files.readString(folder.resolve("alone/report/report.html")))
        .contains("\"trials\":[]");
    assertThat(whatLiesThere()).containsExactly("alone", "m0", "m1", "m2", "m3", "m4", "out");
  }

  @Test
  void singleModelsAreScoredWhereTheyLie() {
    merge(soup("kind: greedy"), "out", MergeOptions.DEFAULT);
    assertThat(judge.asked().stream().map(question -> question.text("model")))
        .contains(model(0).toString(), model(4).toString());
  }

  @Test
  void singleModelsBelowModelRootAreFoundByWhoeverScores() {
    String recipe = soup("kind: greedy").replace(folder + "/", "");
    merge(recipe, "out", MergeOptions.DEFAULT.withSetting("model-root", folder.toString()));
    assertThat(judge.asked().stream().map(question -> question.text("model")))
        .contains(model(0).toString(), model(4).toString());
    assertThat(tried).allSatisfy(candidate -> assertThat(candidate.failure()).isEmpty());
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
  void aLearnedSoupComesNearToWeightsThatNoSubsetHas() throws Exception {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(0, 0, 0, 2));
    merge(soup("kind: learned, evaluations: 120, seed: 1"), "out", MergeOptions.DEFAULT);
    double learned = tried.stream().mapToDouble(t -> t.worth().orElseThrow()).max().orElseThrow();
    assertThat(tried).hasSize(120);
    double first = tried.get(0).worth().orElseThrow();
    assertThat(learned).isGreaterThan(first / 4); // worths are below zero
    stockpot.merge(
        MergeRecipe.yaml(manifest("out").text("recipe")), folder.resolve("alone").toString());
    assertThat(weights("out")).isEqualTo(weights("alone"));
  }
}
