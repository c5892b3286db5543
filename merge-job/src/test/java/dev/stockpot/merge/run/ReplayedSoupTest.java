package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.engine.InProcessEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first twelve of the models whose scores model soups published, and made-up scores of their
 * soups, in a file: a greedy soup of them goes as a few lines of Python said that it would.
 */
class ReplayedSoupTest {
  /** Images of 26,000 that each recognises; two are equal. */
  private static final int[] ALONE = {
    20301, 20760, 20651, 21157, 20417, 20417, 21101, 20840, 20838, 21156, 21061, 20848
  };

  private static final String SOUPS =
      """
      3 9: 21817 accepted
      3 6 9: 22079 accepted
      3 6 9 10: 22180 accepted
      3 6 9 10 11: 22118 rejected
      3 6 7 9 10: 22173 rejected
      3 6 8 9 10: 22186 accepted
      1 3 6 8 9 10: 22248 accepted
      1 2 3 6 8 9 10: 22114 rejected
      1 3 4 6 8 9 10: 22149 rejected
      1 3 5 6 8 9 10: 22149 rejected
      0 1 3 6 8 9 10: 22159 rejected
      """;

  @TempDir private Path folder;
  private final List<Tried> tried = new ArrayList<>();
  private final MergeListener listener =
      new MergeListener() {
        @Override
        public void tried(Tried candidate) {
          tried.add(candidate);
        }
      };

  @BeforeEach
  void writeModelsAndScores() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ALONE.length; i++) {
      SmallModels.write(folder.resolve("models/model_%02d".formatted(i)), i);
      lines.add(
          "{\"model_name\": \"model_%02d\", \"ImageNet2p\": %s}".formatted(i, ALONE[i] / 26000.0));
    }
    for (String soup : SOUPS.lines().toList()) {
      List<String> words = List.of(soup.split("[ :]+", -1));
      String models =
          words.subList(0, words.size() - 2).stream()
              .map(number -> "\"model_%02d\"".formatted(Integer.parseInt(number)))
              .collect(Collectors.joining(", "));
      double score = Integer.parseInt(words.get(words.size() - 2)) / 26000.0;
      lines.add("{\"models\": [%s], \"ImageNet2p\": %s}".formatted(models, score));
    }
    Files.write(folder.resolve("scores.jsonl"), lines);
  }

  private List<String> greedy(String keys) {
    String recipe =
        """
        soup: {kind: greedy%s}
        models: [{model: %s/models/*}]
        dtype: bfloat16
        evaluate: {scores: %s/scores.jsonl, metric: ImageNet2p, direction: max}
        """
            .formatted(keys, folder, folder);
    try (Stockpot stockpot =
        new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), new ReadLog())) {
      stockpot.merge(
          MergeRecipe.yaml(recipe),
          folder.resolve("out").toString(),
          MergeOptions.DEFAULT.overwriting(),
          listener);
    }
    return tried.stream().skip(ALONE.length).map(this::told).toList();
  }

  private String told(Tried candidate) {
    String models =
        Arrays.stream(candidate.what().split(" \\+ "))
            .map(model -> String.valueOf(Integer.parseInt(model.replaceAll(".*_", ""))))
            .collect(Collectors.joining(" "));
    long correct = Math.round(candidate.worth().orElseThrow() * 26000);
    return "%s: %s %s".formatted(models, correct, candidate.verdict());
  }

  @Test
  void orderAcceptancesAndCountsAreThoseThatWereWorkedOutApart() throws IOException {
    assertThat(greedy("")).isEqualTo(SOUPS.lines().toList());
    assertThat(tried).hasSize(2 * 12 - 1);
    assertThat(Files.readString(folder.resolve("out/stockpot-manifest.json")))
        .contains("model_01", "model_03", "model_06", "model_08", "model_09", "model_10");
  }

  @Test
  void ofTheTwoThatAreEqualTheReferenceTriesTheLaterFirst() {
    List<String> expected = new ArrayList<>(SOUPS.lines().toList());
    expected.add(8, expected.remove(9)); // 5 before 4
    assertThat(greedy(", ties: reference")).isEqualTo(expected);
  }
}
