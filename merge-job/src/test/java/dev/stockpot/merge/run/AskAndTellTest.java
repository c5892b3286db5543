package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Candidates that somebody else scores, between calls of different processes. */
class AskAndTellTest extends AskAndTellCases {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10})
  void aSoupThatIsToldItsScoresIsTheOneThatAsksForThem(int most) throws Exception {
    List<String> names = answerAll(told(), most);
    assertThat(names).doesNotHaveDuplicates();
    merge(told());
    assertThat(tried).hasSize(2 * MODELS - 1).allMatch(Tried::isKnown);
    assertThat(whatLiesThere()).containsExactly("m0", "m1", "m2", "m3", "out");
    try (JudgeService service = new JudgeService(NUMBERS, numbers -> -distance(numbers))) {
      stockpot.merge(
          MergeRecipe.yaml(soup("http: '" + service.address() + "', direction: max")),
          folder.resolve("asked").toString());
    }
    assertThat(MergedFiles.checksums(folder.resolve("out")).get("model.safetensors"))
        .isEqualTo(MergedFiles.checksums(folder.resolve("asked")).get("model.safetensors"));
  }

  @Test
  void singleModelsAreNamedWhereTheyLieAndNothingIsMade() {
    List<Asked> asked = ask(told(), MODELS);
    assertThat(asked)
        .extracting(Asked::model)
        .containsExactly(
            model(0).toString(), model(1).toString(), model(2).toString(), model(3).toString());
    assertThat(folder.resolve("out-candidates")).doesNotExist();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void askingTwiceAsksForTheSame() {
    assertThat(ask(told(), 2)).isEqualTo(ask(told(), 2));
  }

  @Test
  void aGenerationOfASearchIsAskedForAtOnceAndMadeInOneReading() {
    List<Asked> asked = ask(search("strategy: cma_es, evaluations: 12, population: 6"), 6);
    assertThat(asked).hasSize(6);
    assertThat(asked).allMatch(each -> Files.isDirectory(Path.of(each.model())));
    assertThat(store.most(2L * NUMBERS)).containsEntry(model(0) + "/model.safetensors", 1);
  }

  @Test
  void aRaceSaysOnHowManyExamplesEachIsToBeScored() {
    String recipe = search("strategy: halving, candidates: 4, min: 10, max: 20, eta: 2");
    List<Asked> first = ask(recipe, 10);
    assertThat(first).hasSize(4).allMatch(each -> each.budget() == 10);
    Map<String, String> results = new LinkedHashMap<>();
    for (Asked each : first) {
      results.put(each.candidate(), String.valueOf(results.size()));
    }
    tell(recipe, results);
    List<Asked> second = ask(recipe, 10);
    assertThat(second).hasSize(2).allMatch(each -> each.budget() == 20);
    assertThat(second)
        .extracting(Asked::recipe)
        .containsExactly(first.get(3).recipe(), first.get(2).recipe());
    assertThat(second).extracting(Asked::candidate).doesNotContainAnyElementsOf(results.keySet());
    tell(recipe, Map.of(second.get(0).candidate(), "5", second.get(1).candidate(), "6"));
    assertThat(ask(recipe, 10)).isEmpty();
    merge(recipe);
    assertThat(tried).hasSize(6).allMatch(Tried::isKnown);
    assertThat(tried.get(5).worth()).hasValue(6);
  }

  @Test
  void aSearchGoesOnWithTheNextGenerationAndTakesTheOldOneAway() throws IOException {
    String recipe = search("strategy: cma_es, evaluations: 12, population: 6");
    List<Asked> first = ask(recipe, 6);
    Map<String, String> results = new LinkedHashMap<>();
    first.forEach(each -> results.put(each.candidate(), "{\"score\": 0.5, \"score_stderr\": 0.1}"));
    tell(recipe, results);
    List<Asked> second = ask(recipe, 6);
    assertThat(second).hasSize(6).doesNotContainAnyElementsOf(first);
    assertThat(first).noneMatch(each -> Files.exists(Path.of(each.model())));
  }

  @Test
  void whatWasAskedForCanBeGivenUp() throws IOException {
    ask(search("strategy: random, evaluations: 3"), 3);
    assertThat(folder.resolve("out-candidates")).isDirectory();
    assertThat(stockpot.discard(folder.resolve("out").toString())).isTrue();
    assertThat(whatLiesThere()).containsExactly("m0", "m1", "m2", "m3");
  }

  @Test
  void modelsThatChangedAreOthersAndAreAskedForAgain() throws IOException {
    List<Asked> before = ask(told(), 1);
    tell(told(), Map.of(before.get(0).candidate(), "0.5"));
    SmallModels.write(model(0), 99, List.of(Shape.of(64, 128)));
    assertThat(ask(told(), 1)).isNotEqualTo(before).hasSize(1);
  }
}
