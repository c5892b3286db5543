package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths from the command line. */
class PathCommandTest {
  @TempDir private Path folder;
  private Path out;
  private Path scores;

  @BeforeEach
  void writeModels() throws IOException {
    for (String name : new String[] {"a", "b", "c"}) {
      ModelFolder.at(folder.resolve(name)).floats("w", 1, 2).write();
    }
    out = folder.resolve("out");
    scores = folder.resolve("scores.jsonl");
    Files.writeString(
        scores, "{\"t\": 0, \"loss\": 1}\n{\"t\": 0.5, \"loss\": 3}\n{\"t\": 1, \"loss\": 2}\n");
  }

  private CommandLineRun line(Object... more) {
    Object[] all = new Object[7 + more.length];
    Object[] begin = {
      "path", folder.resolve("a"), folder.resolve("b"), "--output", out, "--scores", scores
    };
    System.arraycopy(begin, 0, all, 0, 7);
    System.arraycopy(more, 0, all, 7, more.length);
    return CommandLineRun.of(all);
  }

  @Test
  void aTableABarrierAndAReportAreTold() {
    CommandLineRun run = line("--points", 3, "--direction", "min").succeeds();
    assertThat(run.out())
        .containsPattern("0\\.5000 +3\\.00000 +#\n")
        .containsPattern("0\\.000 +1\\.00000 +#{40}\n")
        .contains("Barrier 1.500, at t = 0.5000")
        .contains("Report   " + out + "/report/report.html");
    assertThat(out.resolve("report/report.html")).isNotEmptyFile();
    assertThat(out.resolve("recipes/0002-t-0.5000.yml")).content().contains("weight: 0.5");
  }

  @Test
  void theSameAsJson() {
    CommandLineRun run = line("--points", 3, "--direction", "min", "--json").succeeds();
    assertThat(run.out().lines().toList())
        .hasSize(4)
        .element(3)
        .asString()
        .contains("\"barrier\":1.5", "\"at\":0.5", "\"gain\":0");
  }

  @Test
  void aSecondOneOverItSaysSoAndOverwriteReplacesIt() {
    line("--points", 3, "--direction", "min").succeeds();
    assertThat(line("--points", 3, "--direction", "min").exitCode()).isEqualTo(1);
    assertThat(line("--points", 3, "--direction", "min", "--resume").succeeds().out())
        .contains("tells of this path already");
    line("--points", 3, "--direction", "max", "--overwrite").succeeds();
  }

  @Test
  void theEvaluatorMayLieInAFileOfItsOwnAndTheModelInTheMiddleComesThird() throws IOException {
    Path evaluate = folder.resolve("evaluate.yml");
    Files.writeString(evaluate, "scores: %s\ndirection: min\nmetric: loss\n".formatted(scores));
    CommandLineRun run =
        CommandLineRun.of(
                "path",
                folder.resolve("a"),
                folder.resolve("b"),
                folder.resolve("c"),
                "--output",
                out,
                "--points",
                3,
                "--evaluate",
                evaluate)
            .succeeds();
    assertThat(run.out()).contains("Barrier 1.500");
    assertThat(out.resolve("recipes/0003-t-1.0000.yml"))
        .content()
        .contains("/b")
        .doesNotContain("/c");
    assertThat(out.resolve("recipes/0002-t-0.5000.yml")).content().contains("/a", "/b", "/c");
  }

  @Test
  void aRecipeMayAskForThePath() throws IOException {
    Path recipe = folder.resolve("path.yml");
    Files.writeString(
        recipe,
        "path: 3\nmodels: [{model: %s/a}, {model: %s/b}]\nevaluate: {scores: %s, direction: min}\n"
            .formatted(folder, folder, scores));
    assertThat(CommandLineRun.of("path", recipe, "--output", out).succeeds().out())
        .contains("Barrier 1.500");
    assertThat(CommandLineRun.of("path", recipe, "--output", out, "--points", "5").err())
        .contains("is a recipe, which says --points itself");
    assertThat(CommandLineRun.of("plan", recipe).succeeds().out()).contains("3 evaluations");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--points 1 --direction min | `points` is 1, must be a number from 2 to 10000",
        "--points 3 | does not say whether more is better",
        "--points 3 --direction min --curve bezier | a bezier needs three",
        "--points 3 --direction min --curve circle | `curve` is circle",
        "--points 3 --direction min --command x | `evaluate` has [command, scores]; keep one",
        "--points 3 --direction min --evaluate e.yml | --evaluate e.yml says who scores; leave out"
            + " --scores",
        "--points 3 --direction min --command '\"x y\"' | has quotes in it",
        "--points 3 --direction up | `direction` is up",
        "--points x | Invalid value for option '--points'",
      })
  void badInputIsOneMessage(String words, String message) {
    CommandLineRun run =
        line((Object[]) words.replace("'", "").split(" (?=--)|(?<=--[a-z]{1,10}) "));
    assertThat(run.exitCode()).isIn(1, 2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @Test
  void modelsThatAreNotThereOrUnlikeAreNamed() throws IOException {
    assertThat(
            CommandLineRun.of(
                    "path",
                    folder.resolve("a"),
                    folder.resolve("no"),
                    "--output",
                    out,
                    "--scores",
                    scores,
                    "--direction",
                    "min")
                .err())
        .contains("no");
    ModelFolder.at(folder.resolve("wide")).floats("w", 1, 2, 3).write();
    CommandLineRun run =
        CommandLineRun.of(
            "path",
            folder.resolve("a"),
            folder.resolve("wide"),
            "--output",
            out,
            "--scores",
            scores,
            "--direction",
            "min");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("w");
    assertThat(
            CommandLineRun.of(
                    "path",
                    folder.resolve("a"),
                    folder.resolve("a"),
                    "--output",
                    out,
                    "--scores",
                    scores,
                    "--direction",
                    "min")
                .err())
        .contains("a path passes", "twice; name each model once");
    assertThat(
            CommandLineRun.of("path", folder.resolve("a"), folder.resolve("b"), "--output", out)
                .err())
        .contains("Who scores the points?");
    assertThat(CommandLineRun.of("path", folder.resolve("a"), folder.resolve("b")).err())
        .contains("--output");
  }
}
