package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.Shape;
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
import org.junit.jupiter.api.io.TempDir;

/** Soups and searches whose candidates are scored elsewhere. */
abstract class AskAndTellCases {
  static final int NUMBERS = 64 * 128;

  static final int MODELS = 4;

  static final String GREEDY = "soup: {kind: greedy}";

  @TempDir Path folder;

  final ReadLog store = new ReadLog();

  final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), store);

  final List<Tried> tried = new ArrayList<>();

  final MergeListener listener =
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

  Path model(int number) {
    return folder.resolve("m" + number);
  }

  String soup(String evaluate) {
    return """
    %s
    models: [{model: %s/m0}, {model: %s/m1}, {model: %s/m2}, {model: %s/m3}]
    dtype: bfloat16
    evaluate: {%s}
    """
        .formatted(GREEDY, folder, folder, folder, folder, evaluate);
  }

  String told() {
    return soup("on: nowhere, direction: max");
  }

  String search(String keys) {
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

  List<Asked> ask(String recipe, int most) {
    return stockpot.ask(
        MergeRecipe.yaml(recipe),
        folder.resolve("out").toString(),
        OptionalInt.of(most),
        MergeOptions.DEFAULT,
        listener);
  }

  void tell(String recipe, Map<String, String> results) {
    stockpot.tell(
        MergeRecipe.yaml(recipe), folder.resolve("out").toString(), results, MergeOptions.DEFAULT);
  }

  MergeOutcome merge(String recipe) {
    tried.clear();
    return stockpot.merge(
        MergeRecipe.yaml(recipe),
        folder.resolve("out").toString(),
        MergeOptions.DEFAULT.resuming(),
        listener);
  }

  /** How near a model is to the mean of the first and the third. */
  ToDoubleFunction<Path> judge() {
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
  List<String> answerAll(String recipe, int most) {
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

  List<String> whatLiesThere() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  double distance(float[] numbers) {
    float[] first = JudgeService.numbers(model(0), NUMBERS);
    float[] third = JudgeService.numbers(model(2), NUMBERS);
    double distance = 0;
    for (int i = 0; i < NUMBERS; i++) {
      double miss = numbers[i] - (first[i] + third[i]) / 2;
      distance += miss * miss;
    }
    return distance / NUMBERS;
  }

  List<String> answerAll(String recipe, String output, MergeOptions options) {
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
}
