package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose tensors go by other names than those that they are merged with. */
class RenameTest {
  private static final String SUM =
      """
      merge_method: linear
      parameters: {weight: 1, normalize: false}
      models:
      - model: plain
      - model: odd
        rename: %s
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    ModelFolder.at(folder.resolve("plain"))
        .file("config.json", "{\"num_hidden_layers\": 1}")
        .floats("model.layers.0.w", 1, 2)
        .floats("model.norm", 3)
        .write();
    ModelFolder.at(folder.resolve("odd"))
        .file("config.json", "{\"num_hidden_layers\": 1}")
        .floats("net.blocks.0.weird", 10, 20)
        .floats("net.final", 30)
        .write();
  }

  private CommandLineRun merge(String recipe) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    return CommandLineRun.of(
        "merge",
        file,
        folder.resolve("out"),
        "--set",
        "model-root=" + folder,
        "--set",
        "report=false",
        "--overwrite");
  }

  private double[] values(String tensor) throws IOException {
    return new Tensors(folder.resolve("out")).values(tensor);
  }

  private static final String RULES =
      "[{from: '^net\\.blocks\\.(\\d+)\\.weird$', to: 'model.layers.$1.w'}, {from: '^net\\.final$', to: model.norm}]";

  @Test
  void tensorsAreMergedUnderTheirNewNames() throws IOException {
    merge(SUM.formatted(RULES)).succeeds();

    assertThat(values("model.layers.0.w")).containsExactly(11, 22);
    assertThat(values("model.norm")).containsExactly(33);
  }

  @Test
  void aBaseThatIsListedIsRenamed() throws IOException {
    merge(
            """
            merge_method: task_arithmetic
            base_model: odd
            models:
            - model: odd
              rename: %s
            - {model: plain, parameters: {weight: 1}}
            """
                .formatted(RULES))
        .succeeds();

    assertThat(values("model.layers.0.w")).containsExactly(1, 2);
  }

  @Test
  void stagesAreRenamed() throws IOException {
    merge(
            "name: t\nmerge_method: passthrough\nmodels: [{model: odd}]\n---\n"
                + SUM.formatted(RULES).replace("model: odd", "model: t"))
        .succeeds();

    assertThat(values("model.norm")).containsExactly(33);
  }

  @Test
  void withoutItNamesThatDifferAreRefused() throws IOException {
    assertThat(merge(SUM.replace("    rename: %s\n", "").replace("  rename: %s\n", "")).exitCode())
        .isNotZero();
  }

  @Test
  void twoTensorsOfOneNameAreRefused() throws IOException {
    CommandLineRun run = merge(SUM.formatted("[{from: '.*', to: same}]"));

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("recipe.yml:6: `rename` from `.*`: ").contains("would both be");
  }

  @Test
  void aNameOfNothingIsRefused() throws IOException {
    CommandLineRun run = merge(SUM.formatted("[{from: '^net.final$', to: ''}]"));

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("recipe.yml:6: `rename` leaves nothing of a name of odd");
  }

  @Test
  void aRuleThatChangesNothingIsTold() throws IOException {
    String rules = RULES.replace("]", ", {from: '^absent', to: x}]").replaceFirst("^\\[", "[");
    CommandLineRun run = merge(SUM.formatted(rules)).succeeds();

    assertThat(run.err())
        .contains("recipe.yml:6: `rename` from `^absent` changes no name of odd, such as model.");
  }
}
