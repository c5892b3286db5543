package dev.stockpot.merge.cli;

import static dev.stockpot.merge.cli.S3Situation.assertRefused;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever writes a folder on an object store refuses one that it reads, and touches no object. */
class CarefulCommandsOnS3Test {
  @TempDir private static Path local;
  private static S3Situation here;

  @BeforeAll
  static void start() throws Exception {
    here = new S3Situation(local);
  }

  @AfterAll
  static void stop() throws IOException {
    here.close();
  }

  @ParameterizedTest
  @CsvSource({
    "IN/models/a, is the model models/a",
    "IN/models/a/, is the model models/a",
    "IN/models/a///, is the model models/a",
    "IN//models/a, is the model models/a",
    "IN/models/./a, is the model models/a",
    "IN/models/b/../a, is the model models/a",
    "s3://BUCKET/in/models/a, is the model models/a",
    "s3n://BUCKET/in/models/a, is the model models/a",
    "S3A://BUCKET/in/models/a, is the model models/a",
    "IN/models, holds the model models/a",
    "IN/models/, holds the model models/a",
    "IN/models/a/merged, lies in the model models/a",
    "IN/models/b/very/deep, lies in the model models/b",
    "IN, holds the recipe",
    "s3a://BUCKET, holds the recipe",
    "s3a://BUCKET/, holds the recipe",
    "s3://BUCKET/in, holds the recipe",
    "IN/recipe.yml, is the recipe",
    "IN/recipe.yml/, is the recipe",
  })
  void anOutputThatIsHoldsOrLiesInWhatIsReadIsRefused(String output, String message)
      throws IOException {
    Map<String, Integer> before = here.everything();
    for (String option : List.of("--resume", "--overwrite", "--overwrite-foreign")) {
      assertRefused(here.merge("recipe.yml", here.spelled(output), option), message);
    }
    here.assertUntouched(before);
  }

  @ParameterizedTest
  @CsvSource({
    "extract A B A, is the model",
    "extract A B B/, is the model",
    "extract A B A/adapter, lies in the model",
    "extract A B IN/models, holds the model",
    "fetch A A, is the model",
    "fetch A A/copy, lies in the model",
    "fetch A/ IN/models, holds the model",
    "fetch A s3://BUCKET/in/models/a, is the model",
    "fetch A IN/mine, holds 2 files",
    "diff A B --output A, is the checkpoint",
    "diff A B --output B/report, lies in the checkpoint",
    "diff A B --output IN/models, holds the checkpoint",
    "path A B --scores S --points 3 --direction min --output A, is the model",
    "path A B --scores S --points 3 --direction min --output IN/models, holds the model",
    "path A B --scores S --points 3 --direction min --output B/path, lies in the model",
    "statistics add A B A, is the statistics",
    "statistics add A B A/sum, lies in the statistics",
    "statistics add A/model.safetensors B A, holds the statistics",
  })
  void whateverWritesAFolderIsAsCareful(String command, String message) throws IOException {
    Path scores = here.local("scores", "{\"t\": 0, \"loss\": 1}\n");
    Map<String, Integer> before = here.everything();
    List<String> words = new ArrayList<>();
    for (String word : command.split(" ", -1)) {
      words.add(
          here.spelled(
              word.replaceFirst("^A(?=/|$)", "IN/models/a")
                  .replaceFirst("^B(?=/|$)", "IN/models/b")
                  .replaceFirst("^S$", scores.toString())));
    }
    if (!command.startsWith("statistics")) {
      words.add("--overwrite");
    }

    assertRefused(CommandLineRun.of(words.toArray()), message);

    here.assertUntouched(before);
  }

  @ParameterizedTest
  @CsvSource({
    "IN/job, holds a file of settings",
    "s3://BUCKET/in/job/, holds a file of settings",
    "IN/job/settings.conf, is a file of settings",
    "IN/job/settings.conf/, is a file of settings",
    "IN//job/./settings.conf, is a file of settings",
  })
  void settingsOfTheStoreAreReadToo(String output, String message) throws IOException {
    here.write("job/settings.conf", "stockpot.shard-size = 1MB");
    String settings = here.path("job/settings.conf");
    Map<String, Integer> before = here.everything();
    for (String option : List.of("--resume", "--overwrite", "--overwrite-foreign")) {
      assertRefused(
          here.merge("recipe.yml", here.spelled(output), option, "--settings", settings), message);
    }
    here.assertUntouched(before);
  }

  @Test
  void searchesAreAsCareful() throws IOException {
    Path scores = here.local("scores", "{\"t\": 0, \"loss\": 1}\n");
    here.write(
        "search.yml",
        """
        soup: greedy
        models: [{model: models/a}, {model: models/b}]
        evaluate: {scores: %s, metric: loss, direction: min}
        """
            .formatted(scores));
    Map<String, Integer> before = here.everything();
    for (String output : List.of("models/a", "models", "models/b/soup", "", "search.yml")) {
      for (String option : List.of("--overwrite", "--overwrite-foreign", "--resume")) {
        assertRefused(here.merge("search.yml", here.path(output), option), "Name another folder");
      }
    }
    assertRefused(here.merge("search.yml", here.path("mine"), "--overwrite"), "holds 2 files");
    here.assertUntouched(before);
  }
}
