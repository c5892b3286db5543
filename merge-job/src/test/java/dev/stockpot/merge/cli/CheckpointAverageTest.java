package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Averages of a run's checkpoints, found by a pattern, in the order of their steps. */
class CheckpointAverageTest {
  @TempDir private Path folder;

  /** Checkpoint n is n²: no average of them is another's. */
  @BeforeEach
  void writeRun() throws IOException {
    for (int step : new int[] {2, 10, 9, 1}) {
      ModelFolder.at(folder.resolve("runs/checkpoint-" + step))
          .floats("w", step * step, -step * step)
          .write();
    }
    Files.createDirectories(folder.resolve("runs/logs"));
  }

  @ParameterizedTest
  @CsvSource({
    "'scheme: mean',                 0.25, 0.25, 0.25, 0.25",
    "'scheme: last_k, last: 2',      0, 0, 0.5, 0.5",
    "'scheme: last_k, last: 9',      0.25, 0.25, 0.25, 0.25",
    "'scheme: wma',                  0.1, 0.2, 0.3, 0.4",
    "'scheme: ema, beta: 0.5',       0.125, 0.125, 0.25, 0.5",
    "'scheme: decay, curve: linear', 0.25, 0.25, 0.25, 0.25",
    "'scheme: decay, curve: cosine', 0.1464466, 0.3535534, 0.3535534, 0.1464466",
    "'scheme: decay',                0.5, 0.2071068, 0.1589186, 0.1339746",
  })
  void weighsCheckpointsByTheirOrder(
      String parameters, double first, double second, double third, double fourth)
      throws IOException {
    double[] merged = merge("runs/checkpoint-*", parameters);

    assertThat(merged[0]).isCloseTo(first + 4 * second + 81 * third + 100 * fourth, within(1e-4));
    assertThat(merged[1]).isEqualTo(-merged[0]);
  }

  @Test
  void aPatternThatMatchesNothingIsAProblem() throws IOException {
    Path recipe = recipe("runs/step-*", "scheme: mean");
    CommandLineRun run = CommandLineRun.of("plan", recipe, "--set", "model-root=" + folder);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(recipe + ":3: no folder matches runs/step-*; check the pattern");
  }

  @Test
  void stepsOfThePatternThatAreOffTheGridStayOutAndAreTold() throws IOException {
    Path recipe = recipe("'runs/checkpoint-*'\n  steps: {every: 2, from: 2}", "scheme: mean");
    Path output = folder.resolve("out");

    CommandLineRun run =
        CommandLineRun.of("merge", recipe, output, "--set", "model-root=" + folder).succeeds();
    assertThat(new Tensors(output).values("w")).containsExactly(52, -52);
    assertThat(run.err())
        .contains(
            "of the 4 folders of runs/checkpoint-*, `steps` leaves out 2: runs/checkpoint-1,"
                + " runs/checkpoint-9");
  }

  @Test
  void stepsThatNoFolderHasAreAProblem() throws IOException {
    Path recipe = recipe("'runs/checkpoint-*'\n  steps: {every: 7}", "scheme: mean");
    CommandLineRun run = CommandLineRun.of("plan", recipe, "--set", "model-root=" + folder);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(recipe + ":4: none of the 4 folders of runs/checkpoint-* is one of these steps:");
  }

  /** Workers that start anew from their mean: the model is the mean of the last of these. */
  @Test
  void averagesInTwoLevelsAreStages() throws IOException {
    for (int step : new int[] {1, 2, 3}) {
      for (int worker : new int[] {0, 1}) {
        ModelFolder.at(folder.resolve("workers/w%s/step-%s".formatted(worker, step)))
            .floats("w", 10 * step + worker)
            .write();
      }
    }
    Path recipe = folder.resolve("hwa.yml");
    Files.writeString(
        recipe,
        """
        name: inner-2
        merge_method: uniform_soup
        models: [{model: workers/*/step-2}]
        ---
        name: inner-3
        merge_method: uniform_soup
        models: [{model: workers/*/step-3}]
        ---
        merge_method: checkpoint_average
        models: [{model: inner-2}, {model: inner-3}]
        """);
    Path output = folder.resolve("out");

    CommandLineRun.of("merge", recipe, output, "--set", "model-root=" + folder).succeeds();
    assertThat(new Tensors(output).values("w")).containsExactly(25.5);
  }

  private double[] merge(String pattern, String parameters) throws IOException {
    Path output = folder.resolve("out");
    CommandLineRun.of("merge", recipe(pattern, parameters), output, "--set", "model-root=" + folder)
        .succeeds();
    return new Tensors(output).values("w");
  }

  private Path recipe(String pattern, String parameters) throws IOException {
    Path recipe = folder.resolve("recipe.yml");
    Files.writeString(
        recipe,
        """
        merge_method: checkpoint_average
        models:
        - model: %s
        parameters: {%s}
        """
            .formatted(pattern, parameters));
    return recipe;
  }
}
