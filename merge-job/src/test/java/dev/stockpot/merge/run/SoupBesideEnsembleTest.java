package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Soup or ensemble? The question, answered in the report of a soup. */
class SoupBesideEnsembleTest extends TrialMerges {
  private Path metrics;

  @BeforeEach
  void writeMetrics() throws IOException {
    Path both = Files.createDirectories(folder.resolve("both"));
    metrics = both.resolve("metrics.json");
    Files.writeString(metrics, metrics(MODELS));
  }

  private static String metrics(int models) {
    String names =
        IntStream.range(0, models)
            .mapToObj("{\"name\": \"m%s\", \"weights\": [0.2]}"::formatted)
            .collect(Collectors.joining(", "));
    String measures =
        IntStream.range(0, models)
            .mapToObj("{\"name\": \"m%s\", \"accuracy\": 0.7, \"nll\": 0.9}"::formatted)
            .collect(Collectors.joining(", "));
    return "{\"ensemble\": {\"models\": [%s]}, \"measures\": [%s, {\"name\": \"ensemble\", \"accuracy\": 0.8, \"nll\": 0.6}]}"
        .formatted(names, measures);
  }

  private String recipe(String kind) {
    return soup("kind: %s, ensemble: %s/both".formatted(kind, folder));
  }

  private List<JsonObject> alternatives(String output) throws Exception {
    return manifest(output).object("chosen").orElseThrow().objects("alternatives");
  }

  @Test
  void theReportHasOneTableOfAllOfThem() throws Exception {
    merge(soup("kind: greedy"), "plain", MergeOptions.DEFAULT);
    int plain = judge.asked().size();
    merge(recipe("greedy"), "out", MergeOptions.DEFAULT);
    assertThat(weights("out")).as("nothing is chosen by it").isEqualTo(weights("plain"));
    assertThat(alternatives("plain")).isEmpty();
    assertThat(alternatives("out"))
        .extracting(row -> row.text("what"))
        .containsExactly("best single model", "uniform soup", "greedy soup", "ensemble");
    assertThat(judge.asked().size() - plain).as("the uniform soup").isEqualTo(plain + 1);
    JsonObject last = judge.asked().get(judge.asked().size() - 1);
    assertThat(last.text("recipe")).contains("m0", "m1", "m2", "m3", "m4");
    assertThat(Files.readString(folder.resolve("out/report/report.html")))
        .contains("\"alternatives\":[{\"what\":\"best single model\"", "\"what\":\"ensemble\"");
    assertThat(whatLiesThere())
        .containsExactly("both", "m0", "m1", "m2", "m3", "m4", "out", "plain");
  }

  @Test
  void aPlanCountsTheUniformSoup() {
    MergeRecipe greedy = MergeRecipe.yaml(recipe("greedy"));
    assertThat(stockpot.plan(greedy, MergeOptions.DEFAULT).trials().orElseThrow().evaluations())
        .isEqualTo(2 * MODELS);
  }

  @Test
  void aUniformSoupIsAskedForOnce() throws Exception {
    merge(recipe("uniform"), "out", MergeOptions.DEFAULT);
    assertThat(judge.asked()).hasSize(MODELS + 1);
    assertThat(alternatives("out"))
        .extracting(row -> row.text("what"))
        .containsExactly("best single model", "uniform soup", "ensemble");
  }

  @Test
  void whatIsThereAlreadyIsNotAskedForAgain() throws Exception {
    merge(recipe("greedy"), "out", MergeOptions.DEFAULT);
    int asked = judge.asked().size();
    merge(recipe("greedy"), "out", MergeOptions.DEFAULT.resuming());
    assertThat(judge.asked()).hasSize(asked);
    assertThat(alternatives("out")).hasSize(4);
  }

  @Test
  void aUniformSoupThatCannotBeScoredEndsNothing() throws Exception {
    judge.answersOnly(2 * MODELS - 1);
    merge(recipe("greedy"), "out", MergeOptions.DEFAULT);
    assertThat(alternatives("out").get(1).text("failure")).contains("503");
    assertThat(manifest("out").text("recipe")).contains("m0", "m2", "m3");
  }

  @Test
  void anEnsembleOfOtherModelsIsRefusedBeforeAnythingIsPaidFor() throws IOException {
    Files.writeString(metrics, metrics(MODELS - 1));
    assertThatThrownBy(() -> merge(recipe("greedy"), "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is of m0, m1, m2, m3, and the soup of");
    MergeRecipe greedy = MergeRecipe.yaml(recipe("greedy"));
    assertThatThrownBy(() -> stockpot.plan(greedy, MergeOptions.DEFAULT))
        .hasMessageContaining("is of m0, m1, m2, m3, and the soup of");
    assertThat(judge.asked()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void tablesOfOtherExamplesAreANotice() throws Exception {
    judge.close();
    judge = new JudgeService(NUMBERS, (question, model) -> "{\"acc\": 0.5}");
    String recipe = recipe("greedy").replace("direction: max", "direction: max\n  metric: acc");
    merge(recipe, "out", MergeOptions.DEFAULT);
    assertThat(notices)
        .anyMatch(notice -> notice.contains("has a score of 0.500000, and by its table"));
  }
}
