package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.InProcessEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Candidates that somebody else scores, between calls of different processes. */
class AskAndTellTest {
  private static final int NUMBERS = 64 * 128;
  private static final int MODELS = 4;
  private static final String GREEDY = "soup: {kind: greedy}";

  @TempDir private Path folder;
  private final ReadLog store = new ReadLog();
  private final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), store);
  private final List<Tried> tried = new ArrayList<>();
  private final MergeListener listener =
      new MergeListener() {
        @Override
        public void tried(Tried candidate) {
          tried.add(candidate);
        }
      };

  @BeforeEach
  void writeModels() throws IOException {
    for (int i = 0; i < MODELS; i++) {
      SmallModels.write(model(i), i, List.of(Shape.of(64, 128)));
    }
  }

  private Path model(int number) {
    return folder.resolve("m" + number);
  }

  private String soup(String evaluate) {
    return """
    %s
    models: [{model: %s/m0}, {model: %s/m1}, {model: %s/m2}, {model: %s/m3}]
    dtype: bfloat16
    evaluate: {%s}
    """
        .formatted(GREEDY, folder, folder, folder, folder, evaluate);
  }

  private String told() {
    return soup("on: nowhere, direction: max");
  }

  private String search(String keys) {
    return """
    merge_method: linear
    parameters: {normalize: false}
    models:
      - {model: %s/m0, parameters: {weight: {range: [0, 1]}}}
      - {model: %s/m1, parameters: {weight: {range: [0, 1]}}}
    dtype: bfloat16
    search: {%s}
    evaluate: {on: nowhere, direction: max}
    """
        .formatted(folder, folder, keys);
  }

  private List<Asked> ask(String recipe, int most) {
    return stockpot.ask(
        MergeRecipe.yaml(recipe),
        folder.resolve("out").toString(),
        OptionalInt.of(most),
        MergeOptions.DEFAULT,
        listener);
  }

  private void tell(String recipe, Map<String, String> results) {
    stockpot.tell(
        MergeRecipe.yaml(recipe), folder.resolve("out").toString(), results, MergeOptions.DEFAULT);
  }

  private MergeOutcome merge(String recipe) {
    tried.clear();
    return stockpot.merge(
        MergeRecipe.yaml(recipe),
        folder.resolve("out").toString(),
        MergeOptions.DEFAULT.resuming(),
        listener);
  }

  /** How near a model is to the mean of the first and the third. */
  private ToDoubleFunction<Path> judge() {
    float[] first = JudgeService.numbers(model(0), NUMBERS);
    float[] third = JudgeService.numbers(model(2), NUMBERS);
    return place -> {
      float[] numbers = JudgeService.numbers(place, NUMBERS);
      double distance = 0;
      for (int i = 0; i < NUMBERS; i++) {
        double miss = numbers[i] - (first[i] + third[i]) / 2;
        distance += miss * miss;
      }
      return -distance / NUMBERS;
    };
  }

  /** Asks and tells until nothing is asked for; all candidates that were. */
  private List<String> answerAll(String recipe, int most) {
    List<String> names = new ArrayList<>();
    for (List<Asked> asked = ask(recipe, most); !asked.isEmpty(); asked = ask(recipe, most)) {
      Map<String, String> results = new LinkedHashMap<>();
      for (Asked each : asked) {
        names.add(each.candidate());
        results.put(each.candidate(), String.valueOf(judge().applyAsDouble(Path.of(each.model()))));
      }
      tell(recipe, results);
    }
    return names;
  }

  private List<String> whatLiesThere() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

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

  private double distance(float[] numbers) {
    float[] first = JudgeService.numbers(model(0), NUMBERS);
    float[] third = JudgeService.numbers(model(2), NUMBERS);
    double distance = 0;
    for (int i = 0; i < NUMBERS; i++) {
      double miss = numbers[i] - (first[i] + third[i]) / 2;
      distance += miss * miss;
    }
    return distance / NUMBERS;
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

  private List<String> answerAll(String recipe, String output, MergeOptions options) {
    List<String> names = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      String place = folder.resolve(output).toString();
      List<Asked> asked =
          stockpot.ask(MergeRecipe.yaml(recipe), place, OptionalInt.of(2), options, listener);
      if (asked.isEmpty()) {
        return names;
      }
      Map<String, String> results = new LinkedHashMap<>();
      for (Asked each : asked) {
        names.add(each.candidate());
        results.put(each.candidate(), String.valueOf(judge().applyAsDouble(Path.of(each.model()))));
      }
      stockpot.tell(MergeRecipe.yaml(recipe), place, results, options);
    }
    throw new IllegalStateException("it asks for ever: " + names);
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
