package dev.stockpot.merge.cli;

import static dev.stockpot.merge.cli.S3Situation.assertRefused;
import static dev.stockpot.merge.cli.S3Situation.soup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is replaced on an object store, and what stays. Folders there are beginnings of keys: {@code
 * models/ab} begins with {@code models/a}, and is another.
 */
class OutputSafetyOnS3Test {
  @TempDir private Path local;
  private S3Situation here;

  @BeforeEach
  void start() throws Exception {
    here = new S3Situation(local);
  }

  @AfterEach
  void stop() throws IOException {
    here.close();
  }

  @Test
  void aFolderWhoseNameBeginsLikeAModelsIsAnother() throws IOException {
    Map<String, Integer> before = here.everything();

    here.merge("recipe.yml", here.path("models/a2")).succeeds();
    here.merge("recipe.yml", here.path("models/a2"), "--overwrite").succeeds();
    here.merge("recipe.yml", here.path("mod")).succeeds();

    assertThat(here.everything()).containsAllEntriesOf(before);
    CommandLineRun.of("verify", here.path("models/a2")).succeeds();
  }

  @Test
  void replacingAMergeTouchesNoFolderWhoseNameBeginsAlike() throws IOException {
    here.merge("recipe.yml", here.path("out/x")).succeeds();
    here.merge("recipe.yml", here.path("out/xy")).succeeds();
    Map<String, Integer> before = here.everything();
    here.write("recipe.yml", soup("models/b", "models/ab"));
    Map<String, Integer> others = here.everything();

    here.merge("recipe.yml", here.path("out/x/"), "--overwrite").succeeds();
    CommandLineRun.of("discard", here.path("out/x")).succeeds();

    others.keySet().removeIf(path -> path.startsWith(here.path("out/x/")));
    assertThat(here.everything()).containsAllEntriesOf(others);
    assertThat(here.everything().keySet()).isEqualTo(before.keySet());
  }

  @Test
  void aStrangersObjectsAreListedAndGoOnlyByForce() throws IOException {
    Map<String, Integer> before = here.everything();
    String mine = here.path("mine");
    assertRefused(
        here.merge("recipe.yml", mine, "--overwrite"),
        mine
            + " holds 2 files that Stockpot did not write, or not as now: notes.txt,"
            + " sub/thesis.tex. Move what you need elsewhere");
    assertRefused(here.merge("recipe.yml", mine), mine + " is not empty");
    here.assertUntouched(before);

    assertThat(here.merge("recipe.yml", mine, "--overwrite-foreign").succeeds().err())
        .isEqualTo(
            "Note: %s, once the new one is whole, loses 2 files that Stockpot did not write, or not as now: notes.txt, sub/thesis.tex\n"
                .formatted(mine));
    assertThat(here.server().objectsBelow(new Location(mine)))
        .noneMatch(path -> path.endsWith(".txt") || path.endsWith(".tex"));
    before.keySet().removeIf(path -> path.startsWith(mine + "/"));
    assertThat(here.everything()).containsAllEntriesOf(before);
  }

  @Test
  void anEarlierMergeIsReplacedUntilSomebodyAddsOrEditsAnObject() throws IOException {
    String out = here.path("out");
    here.merge("recipe.yml", out).succeeds();
    here.write("out/README.md", "My own words.");
    assertRefused(here.merge("recipe.yml", out, "--overwrite"), "not as now: README.md");
    here.delete("out/README.md");
    here.write("out/notes/mine.txt", "mine");
    assertRefused(here.merge("recipe.yml", out, "--overwrite"), "not as now: notes/mine.txt");
    here.delete("out/notes/mine.txt");
    here.merge("recipe.yml", out, "--overwrite").succeeds();
  }

  @Test
  void aMergeThatFailsByForceLeavesTheStrangersObjects() throws IOException {
    here.put("models/b", ModelFolder.at(local.resolve("models/b")).floats("t", Float.NaN, 1));
    Map<String, Integer> before = here.everything();

    CommandLineRun run =
        here.merge(
            "recipe.yml", here.path("mine"), "--overwrite-foreign", "--set", "check-finite=true");

    assertRefused(run, "NaN");
    here.assertUntouched(before);
  }

  @Test
  void anOutputThatTheNextMergeWouldTakeForAModelIsRefused() throws IOException {
    here.write("nightly.yml", soup("models/*"));
    Map<String, Integer> before = here.everything();

    assertRefused(
        here.merge("nightly.yml", here.path("models/soup"), "--overwrite"),
        "Name an output that no pattern matches");
    here.assertUntouched(before);
  }

  @Test
  void anAdapterIsReadToo() throws IOException {
    here.write("adapted.yml", soup("models/a+adapters/x", "models/b"));
    Map<String, Integer> before = here.everything();

    for (String output : List.of("adapters/x", "adapters", "adapters/x/out", "models/a")) {
      CommandLineRun run = here.merge("adapted.yml", here.path(output), "--overwrite-foreign");
      assertThat(run.exitCode()).isNotZero();
    }
    here.assertUntouched(before);
  }

  @Test
  void givingUpAMergeTouchesNothing() throws IOException {
    here.merge("recipe.yml", here.path("out")).succeeds();
    Map<String, Integer> before = here.everything();
    for (String output : List.of("out", "out/", "mine", "models/a", "models", "mod", "")) {
      CommandLineRun.of("discard", here.path(output)).succeeds();
    }
    assertThat(CommandLineRun.of("discard", here.server().root()).exitCode()).isBetween(0, 2);
    here.assertUntouched(before);
  }

  @Test
  void aRecipeThatIsIncludedIsReadToo() throws IOException {
    here.write("shared/method.conf", "merge_method = uniform_soup");
    here.write(
        "recipe.conf",
        "include \"shared/method.conf\"\nmodels = [{model = models/a}, {model = models/b}]");
    Map<String, Integer> before = here.everything();

    CommandLineRun run = here.merge("recipe.conf", here.path("shared"), "--overwrite-foreign");

    assertThat(run.exitCode()).isNotZero();
    here.assertUntouched(before);
  }
}
