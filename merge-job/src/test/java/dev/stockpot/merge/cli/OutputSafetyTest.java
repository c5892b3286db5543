package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outputs that would cost a user something are refused, and nothing is touched. */
class OutputSafetyTest {
  @TempDir private Path folder;
  private Path recipe;

  @BeforeEach
  void writeModelsAndWhatIsMine() throws IOException {
    for (String name : List.of("models/a", "models/b")) {
      ModelFolder.at(folder.resolve(name)).file("config.json", "{}").floats("t", 1, 2).write();
    }
    Files.createSymbolicLink(folder.resolve("alias"), folder.resolve("models/a"));
    Files.createDirectories(folder.resolve("mine/sub"));
    Files.writeString(folder.resolve("mine/notes.txt"), "keep me");
    Files.writeString(folder.resolve("mine/sub/thesis.tex"), "keep me");
    recipe = write("recipe.yml", soup("models/a", "models/b"));
  }

  private static String soup(String... models) {
    StringBuilder text = new StringBuilder("merge_method: uniform_soup\nmodels:\n");
    for (String model : models) {
      text.append("  - model: ").append(model).append('\n');
    }
    return text.toString();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private CommandLineRun merge(Path file, String output, Object... options) {
    List<Object> words = new ArrayList<>(List.of("merge", file, folder + "/" + output));
    words.addAll(List.of("--set", "model-root=" + folder, "--set", "report=false"));
    words.addAll(Arrays.asList(options));
    return CommandLineRun.of(words.toArray());
  }

  /** Every file and link by its path, with its content or its target. */
  private Map<String, String> everything() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.toList()) {
        String content = Files.isSymbolicLink(file) ? "-> " + Files.readSymbolicLink(file) : "";
        if (Files.isRegularFile(file)) {
          content += Arrays.hashCode(Files.readAllBytes(file));
        }
        files.put(folder.relativize(file).toString(), content);
      }
    }
    return files;
  }

  private void assertRefused(CommandLineRun run, String message) {
    assertThat(run.exitCode()).as(run.out()).isNotZero();
    assertThat(run.err()).contains(message).doesNotContain("fault of Stockpot", "\tat ");
  }

  @ParameterizedTest
  @CsvSource({
    "models/a, is the model models/a",
    "models/a/, is the model models/a",
    "mine/../models/a, is the model models/a",
    "alias, is the model models/a",
    "alias/../b, is the model models/b",
    "models, holds the model models/a",
    "models/a/merged, lies in the model models/a",
    "alias/merged, lies in the model models/a",
    "., holds the recipe",
    "recipe.yml, is the recipe",
  })
  void anOutputThatIsHoldsOrLiesInWhatIsReadIsRefused(String output, String message)
      throws IOException {
    Map<String, String> before = everything();
    for (String option : List.of("--resume", "--overwrite", "--overwrite-foreign")) {
      assertRefused(merge(recipe, output, option), message);
    }
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void theModelThatIsLostIsNamedWithItsLineItsPlaceAndWhatToDo() {
    assertThat(merge(recipe, "models/a", "--overwrite").err())
        .isEqualTo(
            "%1$s/models/a is the model models/a (%1$s/recipe.yml, line 3), whose place is %1$s/models/a. Name another folder for the output\n"
                .formatted(folder));
  }

  @Test
  void aModelThatIsALinkIsWhereItLeads() throws IOException {
    Path linked = write("linked.yml", soup("alias", "models/b"));

    assertRefused(merge(linked, "models/a", "--overwrite"), "is the model alias");
    assertRefused(merge(linked, "models/b/x", "--overwrite"), "lies in the model models/b");
  }

  @Test
  void theBlobsOfADownloadCacheAreNoOutput() throws IOException {
    Path repository = Files.createDirectories(folder.resolve("hub/models--org--A"));
    Path snapshot = Files.createDirectories(repository.resolve("snapshots/7"));
    Files.createDirectories(repository.resolve("blobs"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.move(folder.resolve("models/a").resolve(name), repository.resolve("blobs/" + name));
      Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/" + name));
    }
    Path cached = write("cached.yml", soup("hub/models--org--A/snapshots/7", "models/b"));
    Map<String, String> before = everything();

    assertRefused(
        merge(cached, "hub/models--org--A/blobs", "--overwrite-foreign"),
        "hub/models--org--A/blobs/model.safetensors, where a link in the model hub");
    assertRefused(merge(cached, "hub", "--overwrite-foreign"), "hub holds the model hub/models");
    assertThat(everything()).isEqualTo(before);
    merge(cached, "merged").succeeds();
  }

  @ParameterizedTest
  @CsvSource({"models/*, models/soup", "models/*, models/soup/deep", "m*/?, models/c"})
  void anOutputThatTheNextMergeWouldTakeForAModelIsRefused(String pattern, String output)
      throws IOException {
    Path nightly = write("nightly.yml", soup(pattern));
    Map<String, String> before = everything();

    CommandLineRun run = merge(nightly, output, "--overwrite");

    assertRefused(run, ":3: %s matches models/".formatted(pattern));
    assertThat(run.err()).contains("Name an output that no pattern matches");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void anOutputBesideWhatAPatternMatchesIsTakenNightAfterNight() throws IOException {
    Path nightly = write("nightly.yml", soup("models/?"));

    merge(nightly, "models/soup", "--overwrite").succeeds();
    merge(nightly, "models/soup", "--overwrite").succeeds();
  }

  @Test
  void anOutputWithAFileThatTheRecipeIncludesIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("shared"));
    write("shared/method.conf", "merge_method = uniform_soup");
    Path conf =
        write(
            "recipe.conf",
            "include \"shared/method.conf\"\nmodels = [{model = models/a}, {model = models/b}]");

    assertRefused(
        merge(conf, "shared", "--overwrite-foreign"), "shared holds a file of the recipe");
    merge(conf, "out").succeeds();
  }

  @Test
  void anOutputWithTheSettingsIsRefused() throws IOException {
    Path settings = Files.createDirectories(folder.resolve("job")).resolve("job.conf");
    Files.writeString(settings, "include \"seed.conf\"\nstockpot.shard-size = 1MB");
    write("job/seed.conf", "stockpot.seed = 3");

    assertRefused(
        merge(recipe, "job", "--overwrite-foreign", "--settings", settings),
        "job holds a file of settings");
    assertRefused(merge(recipe, "job/seed.conf", "--settings", settings), "is a file of settings");
    merge(recipe, "out", "--settings", settings).succeeds();
  }

  @Test
  void aStrangersFilesAreListedAndGoOnlyByForce() throws IOException {
    Map<String, String> before = everything();
    assertRefused(
        merge(recipe, "mine", "--overwrite"),
        "%s/mine holds 2 files that Stockpot did not write, or not as now: notes.txt, sub/thesis.tex. Move what you need elsewhere"
            .formatted(folder));
    assertThat(everything()).isEqualTo(before);

    assertThat(merge(recipe, "mine", "--overwrite-foreign").succeeds().err())
        .isEqualTo(
            "Note: %s/mine, once the new one is whole, loses 2 files that Stockpot did not write, or not as now: notes.txt, sub/thesis.tex\n"
                .formatted(folder));
    assertThat(folder.resolve("mine")).isDirectoryContaining("glob:**/model.safetensors");
    assertThat(folder.resolve("mine/notes.txt")).doesNotExist();
  }

  @Test
  void aMergeThatFailsByForceLeavesTheStrangersFiles() throws IOException {
    ModelFolder.at(folder.resolve("models/b")).floats("t", Float.NaN, 1).write();
    Map<String, String> before = everything();

    CommandLineRun run = merge(recipe, "mine", "--overwrite-foreign", "--set", "check-finite=true");

    assertRefused(run, "");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void anEarlierMergeIsReplacedUntilSomebodyAddsOrEditsAFile() throws IOException {
    merge(recipe, "out").succeeds();
    merge(recipe, "out", "--overwrite").succeeds();

    write("out/README.md", "My own words.");
    assertRefused(merge(recipe, "out", "--overwrite"), "not as now: README.md");
    Files.delete(folder.resolve("out/README.md"));
    merge(recipe, "out", "--overwrite").succeeds();
    Files.createDirectories(folder.resolve("out/notes"));
    assertRefused(merge(recipe, "out", "--overwrite"), "1 file that Stockpot did not write");
  }

  @Test
  void aDifferenceReportReplacesAnEarlierOneAndNothingElse() throws IOException {
    Path a = folder.resolve("models/a");
    Path b = folder.resolve("models/b");
    Path report = folder.resolve("diff");
    CommandLineRun.of("diff", a, b, "--output", report).succeeds();
    CommandLineRun.of("diff", a, b, "--output", report, "--overwrite").succeeds();
    Map<String, String> before = everything();

    assertRefused(CommandLineRun.of("diff", a, b, "--output", report), "is not empty");
    assertRefused(
        CommandLineRun.of("diff", a, b, "--output", b, "--overwrite"), "is the checkpoint " + b);
    assertRefused(
        CommandLineRun.of("diff", a, b, "--output", a + "/report", "--overwrite"),
        "lies in the checkpoint " + a);
    assertRefused(
        CommandLineRun.of("diff", a, b, "--output", folder.resolve("mine"), "--overwrite"),
        "holds 2 files that Stockpot did not write");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void givingUpAMergeTouchesNothing() throws IOException {
    merge(recipe, "out").succeeds();
    Map<String, String> before = everything();
    for (String output : List.of("out", "mine", "models/a", "models", ".")) {
      CommandLineRun.of("discard", folder + "/" + output).succeeds();
    }
    assertThat(everything()).isEqualTo(before);
  }
}
