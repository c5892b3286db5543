package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A merge whose tasks fail, as the launcher starts it: what it prints. */
class FailedTaskTest {
  private static final Path LOGGING = Path.of("src/main/launcher/log4j2.properties");

  @TempDir private Path folder;

  @Test
  void isToldInOneSentenceAndNotBySpark() throws Exception {
    ModelFolder.at(folder.resolve("a")).floats("w", 1, Float.NaN).write();
    Files.writeString(
        folder.resolve("recipe.yml"), "merge_method: passthrough\nmodels: [{model: a}]\n");
    Map<String, String> logging =
        Map.of("log4j2.configurationFile", LOGGING.toAbsolutePath().toUri().toString());

    try (MergeProcess merge =
        MergeProcess.start(
            folder, logging, List.of("merge", "recipe.yml", "out", "--set", "check-finite=true"))) {
      assertThat(merge.exitCode()).isEqualTo(1);
      assertThat(merge.printed())
          .endsWith(
              "a/model.safetensors: element 1 of w is NaN. Repair the model, or merge with"
                  + " check-finite=false\n")
          .doesNotContain("ERROR", "WARN ", "Exception", "\tat ");
    }
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
