package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Candidates that are scored between two commands. */
class AskAndTellCommandsTest {
  @TempDir private Path folder;
  private Path recipe;
  private Path out;

  @BeforeEach
  void writeModels() throws IOException {
    for (int i = 0; i < 3; i++) {
      ModelFolder.at(folder.resolve("m" + i)).floats("w", i, 2 * i).write();
    }
    out = folder.resolve("out");
    recipe = folder.resolve("soup.yml");
    Files.writeString(
        recipe,
        """
        soup: greedy
        models: [{model: %s/m0}, {model: %s/m1}, {model: %s/m2}]
        evaluate: {on: nowhere, metric: acc, direction: max, parallel: 3}
        """
            .formatted(folder, folder, folder));
  }

  private List<JsonObject> ask() throws Exception {
    List<JsonObject> asked = new ArrayList<>();
    for (String line :
        CommandLineRun.of("ask", recipe, out, "--json").succeeds().out().lines().toList()) {
      asked.add(Json.parse(line.getBytes(UTF_8)).object().orElseThrow());
    }
    return asked;
  }

  @Test
  void linesOfJsonGoOutAndComeBackWithScores() throws Exception {
    int rounds = 0;
    for (List<JsonObject> asked = ask(); !asked.isEmpty(); asked = ask(), rounds++) {
      List<String> lines = new ArrayList<>();
      for (JsonObject each : asked) {
        assertThat(Path.of(each.text("model"))).isDirectory();
        double score = each.text("what").contains("m1") ? 0.5 + asked.size() : 0.25;
        lines.add(
            "{\"candidate\": \"%s\", \"acc\": %s, \"what\": \"%s\"}"
                .formatted(each.text("candidate"), score, each.text("what")));
      }
      Path scores = Files.write(folder.resolve("scores.jsonl"), lines);
      CommandLineRun told = CommandLineRun.of("tell", recipe, out, "--from", scores).succeeds();
      assertThat(told.out())
          .contains("Wrote down the results of %s candidate".formatted(asked.size()));
    }
    assertThat(rounds).isGreaterThan(1);
    CommandLineRun.of("merge", recipe, out, "--resume").succeeds();
    assertThat(Files.readString(out.resolve("stockpot-manifest.json"))).contains("m1");
    assertThat(folder.resolve("out-trials")).doesNotExist();
  }

  @Test
  void resultsAreNumbersJsonOrFiles() throws Exception {
    List<JsonObject> asked = ask();
    Path file =
        Files.writeString(folder.resolve("results.json"), "{\n  \"acc\": 0.75,\n  \"n\": 100\n}\n");
    CommandLineRun.of(
            "tell",
            recipe,
            out,
            asked.get(0).text("candidate") + "={\"acc\": 0.5}",
            asked.get(1).text("candidate") + "=" + file)
        .succeeds();
    CommandLineRun next = CommandLineRun.of("ask", recipe, out).succeeds();
    assertThat(next.out())
        .contains(asked.get(2).text("candidate"), "m2", "stockpot tell " + recipe)
        .doesNotContain(asked.get(0).text("candidate"));
  }

  @Test
  void whatIsToldWronglyIsWrongUse() throws Exception {
    String candidate = ask().get(0).text("candidate");
    assertRefused("What is told?");
    assertRefused("is no CANDIDATE=RESULT", candidate);
    assertRefused("is told twice", candidate + "=1", candidate + "=2");
    Path lines = Files.writeString(folder.resolve("lines.jsonl"), "{\"acc\": 1}\n");
    assertRefused("lines.jsonl:1: the line names no `candidate`", "--from", lines.toString());
    Files.writeString(lines, "\n{acc\n");
    assertRefused("lines.jsonl:2: the line is not JSON", "--from", lines.toString());
    CommandLineRun most = CommandLineRun.of("ask", recipe, out, "--most", 0);
    assertThat(most.exitCode()).isEqualTo(2);
    assertThat(most.err()).contains("--most is 0, must be at least 1");
  }

  private void assertRefused(String message, String... told) {
    List<Object> words = new ArrayList<>(List.of("tell", recipe, out));
    words.addAll(List.of(told));
    CommandLineRun run = CommandLineRun.of(words.toArray());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("fault of Stockpot");
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws Exception {
    ask();
    CommandLineRun run = CommandLineRun.of("tell", recipe, out, "--from", folder.resolve("none"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("none").doesNotContain("fault of Stockpot");
  }
}
