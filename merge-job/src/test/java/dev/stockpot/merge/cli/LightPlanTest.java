package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a plan does not load. One class of Spark's or one logger brings a thousand others, and a
 * third of a second, which is as long as the plan of a large model takes.
 */
class LightPlanTest {
  private static final List<String> HEAVY =
      List.of(
          "org.apache.spark.SparkConf",
          "org.apache.logging.log4j",
          "scala.collection",
          "org.apache.hadoop");

  @TempDir private Path folder;

  @Test
  void aPlanOfLocalModelsLoadsNeitherSparkNorLoggers() throws Exception {
    ModelFolder.at(folder.resolve("a")).floats("x", 1, 2).write();
    ModelFolder.at(folder.resolve("b")).floats("x", 3, 4).write();
    Path recipe =
        Files.writeString(
            folder.resolve("r.yml"),
            "merge_method: uniform_soup\nmodels: [{model: a}, {model: b}]\n");
    Path loaded = folder.resolve("loaded.txt");
    Map<String, String> variables = Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + loaded);

    try (MergeProcess plan =
        MergeProcess.start(
            folder, List.of(), Map.of(), variables, List.of("plan", recipe.toString()))) {
      assertThat(plan.exitCode()).as(plan.printed()).isZero();
    }

    assertThat(Files.readAllLines(loaded))
        .anyMatch(line -> line.contains(PlanCommand.class.getName()))
        .noneMatch(line -> HEAVY.stream().anyMatch(line::contains));
  }
}
