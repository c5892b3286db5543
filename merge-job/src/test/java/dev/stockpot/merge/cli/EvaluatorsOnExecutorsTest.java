package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that score candidates on executors, which are processes of their own. */
class EvaluatorsOnExecutorsTest {
  private static final Map<String, String> CLUSTER =
      Map.of(
          "spark.master", "local-cluster[2,1,1024]",
          "spark.ui.enabled", "false",
          "spark.driver.host", "127.0.0.1",
          "spark.executor.memory", "512m",
          "spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
          "spark.executor.extraClassPath", System.getProperty("java.class.path"));

  /**
   * Scores m0 to m3 by their number. Its parent, the executor, is written down beside the number of
   * the process; the first two wait for each other, and m2 waits until it may go on.
   */
  private static final String SCRIPT =
      """
      name=$(basename "$1")
      echo $PPID > "$2/seen/$name.$$"
      case $name in
        m0|m1) while [ $(ls "$2/seen" | cut -d. -f1 | sort -u | wc -l) -lt 2 ]; do :; done;;
        m2) while [ ! -e "$2/go" ]; do sleep 0.05; done;;
      esac
      case $name in m?) echo 0.${name#m};; *) echo 0.1;; esac
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    for (int i = 0; i < 4; i++) {
      ModelFolder.at(folder.resolve("m" + i)).floats("w", i, 2 * i).write();
    }
    Files.createDirectory(folder.resolve("seen"));
    Files.writeString(folder.resolve("score.sh"), SCRIPT);
    Files.writeString(
        folder.resolve("soup.yml"),
        """
        soup: greedy
        models: [{model: F/m0}, {model: F/m1}, {model: F/m2}, {model: F/m3}]
        evaluate:
          command: [sh, F/score.sh, '{model}', F]
          direction: max
          on: executors
          parallel: 2
        """
            .replace("F/", folder + "/")
            .replace(", F]", ", " + folder + "]"));
  }

  private Set<String> seen() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("seen"))) {
      return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  private String executorOf(String evaluation) throws IOException {
    return Files.readString(folder.resolve("seen").resolve(evaluation)).strip();
  }

  @Test
  void twoExecutorsScoreAndOneThatIsKilledIsReplaced() throws Exception {
    Path out = folder.resolve("out");
    List<String> words =
        List.of("merge", folder.resolve("soup.yml").toString(), out.toString(), "--resume");
    try (MergeProcess merge = MergeProcess.start(folder, CLUSTER, words)) {
      merge.until(
          "m2 is evaluated", () -> seen().stream().anyMatch(name -> name.startsWith("m2.")));
      Set<String> first = seen();
      Set<String> executors = new TreeSet<>();
      for (String evaluation : first) {
        if (!evaluation.startsWith("m3")) {
          executors.add(executorOf(evaluation));
        }
      }
      assertThat(executors).as("those that ran %s", first).hasSize(2);
      String hanging = first.stream().filter(name -> name.startsWith("m2.")).findFirst().get();
      ProcessHandle.of(Long.parseLong(executorOf(hanging))).orElseThrow().destroyForcibly();
      Files.createFile(folder.resolve("go"));

      assertThat(merge.exitCode()).as(merge.printed()).isZero();
      assertThat(merge.printed()).contains("m3", "0.3");
      assertThat(seen().stream().filter(name -> name.startsWith("m2.")).count()).isGreaterThan(1);
    }
    JsonObject manifest =
        Json.parse(Files.readAllBytes(out.resolve("stockpot-manifest.json")))
            .object()
            .orElseThrow();
    assertThat(manifest.text("recipe")).contains("m3").doesNotContain("m0", "m1", "m2");
    assertThat(manifest.object("chosen").orElseThrow().objects("trials")).hasSize(7);
    assertThat(folder.resolve("out-trials")).doesNotExist();
    assertThat(folder.resolve("out-candidates")).doesNotExist();
  }
}
