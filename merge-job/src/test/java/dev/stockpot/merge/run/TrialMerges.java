package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.Shape;
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
import org.junit.jupiter.api.io.TempDir;

/** Soups and searches from a recipe to a checkpoint, with a service that scores real candidates. */
abstract class TrialMerges {

  static final int NUMBERS = 64 * 128 * 2;
  static final int MODELS = 5;

  @TempDir Path folder;
  final ReadLog store = new ReadLog();
  final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), store);
  JudgeService judge;
  final List<Tried> tried = new ArrayList<>();
  final List<String> notices = new ArrayList<>();
  final MergeListener listener =
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

  Path model(int number) {
    return folder.resolve("m" + number);
  }

  /** How near a model is to the mean of some models: only their soup is best. */
  ToDoubleFunction<float[]> nearTo(int... targets) {
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

  String soup(String keys) {
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

  String search(String keys, String weight) {
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

  MergeOutcome merge(String recipe, String output, MergeOptions options) {
    tried.clear();
    return stockpot.merge(
        MergeRecipe.yaml(recipe), folder.resolve(output).toString(), options, listener);
  }

  JsonObject manifest(String output) throws Exception {
    Path file = folder.resolve(output).resolve("stockpot-manifest.json");
    return Json.parse(Files.readAllBytes(file)).object().orElseThrow();
  }

  List<String> whatLiesThere() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  Map<String, Long> weights(String output) throws IOException {
    Map<String, Long> checksums = MergedFiles.checksums(folder.resolve(output));
    checksums.keySet().removeIf(name -> !name.endsWith(".safetensors"));
    return checksums;
  }
}
