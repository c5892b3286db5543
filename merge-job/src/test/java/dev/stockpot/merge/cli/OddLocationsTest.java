package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is typed where a place is wanted, the answer is a sentence, and nothing is made. */
class OddLocationsTest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG";

  @TempDir private Path folder;
  private Path recipe;

  @BeforeEach
  void write() throws IOException {
    ModelFolder.at(folder.resolve("a")).floats("x", 1, 2).write();
    recipe = recipe(folder.resolve("a").toString());
  }

  private Path recipe(String model) throws IOException {
    return Files.writeString(
        folder.resolve("recipe.yml"),
        "merge_method: passthrough\nmodels:\n  - model: '%s'\n".formatted(model));
  }

  private static CommandLineRun fails(Object... words) {
    CommandLineRun run = CommandLineRun.of(words);
    assertThat(run.exitCode()).as(run.out()).isIn(1, 2);
    assertThat(run.err()).doesNotContain("fault of Stockpot").doesNotContain("\tat ");
    return run;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s3a:",
        "s3a://",
        "s3a:///x",
        "s3a://My_Bucket/x",
        "1://x",
        "a\nb",
        "a\ud800b",
        "http://192.0.2.1/x",
        "https://192.0.2.1/x",
        "ftp://192.0.2.1/x",
        "gs://bucket/x",
        "abfs://c@a.dfs.core.windows.net/x",
        "viewfs://x/y",
        "zzz://x/y",
        "file://host/x"
      })
  void areRefusedInWordsAsModelRecipeAndOutput(String odd) throws IOException {
    fails("inspect", odd);
    fails("plan", odd);
    fails("merge", recipe, odd);
    fails("fetch", folder.resolve("a"), odd);
    fails("verify", odd);
    try (Stream<Path> there = Files.list(folder)) {
      assertThat(there.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("a", "recipe.yml");
    }
    assertThat(Path.of("s3a:")).doesNotExist();
  }

  @Test
  void anOutputBehindAVariableThatIsNotSetIsNoFolderHere() {
    assertThat(fails("merge", recipe, "s3a://").err())
        .contains("s3a:// names nothing but a scheme; is a variable behind it not set?");
  }

  @Test
  void keysAreRefusedWhereverTheyStandAndNeverRepeated() throws IOException {
    String keyed = "s3a://AKIAIOSFODNN7EXAMPLE:%s@bucket/m".formatted(SECRET);
    Path withKey = recipe(keyed);

    for (List<Object> words :
        List.of(
            List.<Object>of("inspect", keyed),
            List.<Object>of("merge", withKey, folder.resolve("out")),
            List.<Object>of("merge", withKey, keyed),
            List.<Object>of("plan", withKey),
            List.<Object>of("discard", keyed),
            List.<Object>of("fetch", keyed, folder.resolve("out")),
            List.<Object>of("diff", keyed, folder.resolve("a")),
            List.<Object>of("plan", withKey, "--set", "model-root=" + keyed))) {
      CommandLineRun run = fails(words.toArray());
      assertThat(run.out() + run.err())
          .contains("holds a user or a key in front of its name")
          .doesNotContain("wJalr")
          .doesNotContain("AKIA");
    }
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void theLineOfARecipeIsNamed() throws IOException {
    assertThat(fails("plan", recipe("s3a:///x")).err())
        .contains("recipe.yml:3: s3a:///x names no bucket; write s3a://bucket/key");
  }

  @Test
  void aNameThatIsNoTextStaysAndIsTold() throws Exception {
    Process made =
        new ProcessBuilder(
                "sh",
                "-c",
                ": > \"$1/$(printf 'b\\377le.txt')\"",
                "sh",
                folder.resolve("a").toString())
            .start();
    assertThat(made.waitFor()).isZero();

    CommandLineRun.of("inspect", folder.resolve("a")).succeeds();
    CommandLineRun run = CommandLineRun.of("merge", recipe, folder.resolve("out")).succeeds();
    assertThat(run.out() + run.err()).contains("its name cannot be spelled");
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
  }

  @Test
  void anOutputOf255LettersIsRefusedInWordsAndOneOf230IsMade() {
    assertThat(fails("merge", recipe, folder.resolve("o".repeat(255))).err())
        .contains("its name has 255 letters, and no more than 230 leave room");
    CommandLineRun.of("merge", recipe, folder.resolve("o".repeat(230))).succeeds();
  }

  @Test
  void aRecipeWithoutAnEndIsRefused() {
    assertThat(fails("plan", "/dev/zero").err()).contains("has more than 10485760 bytes");
  }
}
