package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told, and what is no result. */
class ToldResultsTest extends AskAndTellCases {
  @Test
  void severalMetricsAreToldTogether() {
    String recipe =
        search("strategy: nsga2, population: 4, evaluations: 8")
            .replace(
                "evaluate: {on: nowhere, direction: max}",
                "evaluate: [{on: nowhere, metric: acc, direction: max}, {on: nowhere, metric: ppl,"
                    + " direction: min}]");
    int rounds = 0;
    for (List<Asked> asked = ask(recipe, 4); !asked.isEmpty(); asked = ask(recipe, 4)) {
      Map<String, String> results = new LinkedHashMap<>();
      for (Asked each : asked) {
        results.put(
            each.candidate(),
            "{\"acc\": %s, \"ppl\": %s}".formatted(results.size(), results.size()));
      }
      tell(recipe, results);
      rounds++;
    }
    assertThat(rounds).isEqualTo(2);
    merge(recipe);
    assertThat(tried).hasSize(8).extracting(Tried::verdict).contains("on the front");
  }

  @Test
  void aMergeBeforeAllIsScoredSaysWhatIsMissing() {
    List<Asked> asked = ask(told(), 1);
    tell(told(), Map.of(asked.get(0).candidate(), "0.5"));
    assertThatThrownBy(() -> merge(told()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("1 candidates are scored")
        .hasMessageContaining(model(1).toString())
        .hasMessageContaining("stockpot ask");
    assertThat(ask(told(), 1).get(0).model()).isEqualTo(model(1).toString());
  }

  @Test
  void aCandidateThatFailedNeverWins() {
    List<Asked> asked = ask(told(), MODELS);
    Map<String, String> results = new LinkedHashMap<>();
    asked.forEach(each -> results.put(each.candidate(), "{\"failure\": \"no memory\"}"));
    results.put(asked.get(3).candidate(), "0.1");
    tell(told(), results);
    assertThat(ask(told(), 1)).isEmpty();
    merge(told());
    assertThat(JudgeService.numbers(folder.resolve("out"), NUMBERS))
        .isEqualTo(JudgeService.numbers(model(3), NUMBERS));
    assertThat(tried).filteredOn(it -> it.failure().equals("no memory")).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nan | is nan, must be finite",
        "good | is 'good', must be a number or JSON",
        "{\"acc\": 1, \"f1\": 2} | has 2 numbers|",
        "{\"acc\": \"high\"} | have no number in them",
        "{\"acc\": | are not JSON",
      })
  void whatIsNoResultIsRefusedAndNothingIsWrittenDown(String result, String why) {
    List<Asked> asked = ask(told(), 2);
    Map<String, String> results = new LinkedHashMap<>();
    results.put(asked.get(0).candidate(), "0.5");
    results.put(asked.get(1).candidate(), result);
    assertThatThrownBy(() -> tell(told(), results))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("Nothing was written down")
        .hasMessageContaining(asked.get(1).candidate())
        .hasMessageContaining(why.replace("has 2 numbers", "have 2 numbers"));
    assertThat(ask(told(), 2)).isEqualTo(asked);
  }

  @Test
  void aCandidateThatNobodyWasAskedForIsRefused() {
    assertThatThrownBy(() -> tell(told(), Map.of("abcd", "1")))
        .hasMessageContaining("begin with `stockpot ask`");
    ask(told(), 1);
    assertThatThrownBy(() -> tell(told(), Map.of("abcd", "1")))
        .hasMessageContaining("nobody was asked for abcd");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void anEvaluatorThatIsNamedIsNotTold() {
    String recipe = soup("http: 'http://localhost:1/', direction: max");
    assertThatThrownBy(() -> ask(recipe, 1))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("on: nowhere");
    assertThatThrownBy(() -> tell(recipe, Map.of("abcd", "1"))).hasMessageContaining("on: nowhere");
  }

  @Test
  void aRecipeWithoutTrialsHasNothingToAskFor() {
    assertThatThrownBy(
            () ->
                ask(
                    "merge_method: linear\nmodels: [{model: %s, parameters: {weight: 1}}]"
                        .formatted(model(0)),
                    1))
        .hasMessageContaining("none of `soup`, `search` and `path`");
  }

  @Test
  void anOccupiedOutputIsRefusedBeforeAnythingIsAsked() throws IOException {
    Files.writeString(Files.createDirectory(folder.resolve("out")).resolve("mine"), "mine");
    assertThatThrownBy(() -> ask(told(), 1)).hasMessageContaining("is not empty");
  }

  @Test
  void whatWasToldOnceIsNotAskedForInAnotherNight() throws Exception {
    MergeOptions cached = MergeOptions.DEFAULT.withSetting("score-cache", folder.resolve("scores"));
    String named = soup("on: nowhere, direction: max, version: near-1");
    // one at a time is tried ahead, and may be for nothing
    assertThat(answerAll(named, "monday", cached)).hasSizeBetween(2 * MODELS - 1, 3 * MODELS);
    stockpot.merge(
        MergeRecipe.yaml(named), folder.resolve("monday").toString(), cached.resuming(), listener);
    assertThat(answerAll(named, "tuesday", cached)).isEmpty();
    stockpot.merge(
        MergeRecipe.yaml(named), folder.resolve("tuesday").toString(), cached.resuming(), listener);
    assertThat(MergedFiles.checksums(folder.resolve("tuesday")).get("model.safetensors"))
        .isEqualTo(MergedFiles.checksums(folder.resolve("monday")).get("model.safetensors"));
    assertThat(answerAll(named.replace("near-1", "near-2"), "wednesday", cached))
        .hasSizeBetween(2 * MODELS - 1, 3 * MODELS);
  }

  @Test
  void whatNobodySaysTheNameOfIsNotTakenForAnother() {
    MergeOptions cached = MergeOptions.DEFAULT.withSetting("score-cache", folder.resolve("scores"));
    answerAll(told(), "monday", cached);
    assertThat(answerAll(told(), "tuesday", cached)).hasSizeBetween(2 * MODELS - 1, 3 * MODELS);
  }
}
