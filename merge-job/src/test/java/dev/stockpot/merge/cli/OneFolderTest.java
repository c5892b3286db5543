package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder that a recipe names in two ways is one model. */
class OneFolderTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    for (int step : new int[] {100, 200, 900}) {
      model("run/checkpoint-" + step, step);
    }
    model("a", 1);
    model("b", 4);
    Files.createSymbolicLink(folder.resolve("alias"), Path.of("a"));
    Files.createSymbolicLink(folder.resolve("run/checkpoint-best"), Path.of("checkpoint-900"));
  }

  private void model(String name, int value) throws IOException {
    ModelFolder.at(folder.resolve(name)).floats("w", value, -value).write();
  }

  private Path recipe(String text) throws IOException {
    return Files.writeString(folder.resolve("recipe.yml"), text);
  }

  private CommandLineRun merge(String recipe) throws IOException {
    return CommandLineRun.of(
        "merge",
        recipe(recipe),
        folder.resolve("out"),
        "--overwrite",
        "--set",
        "model-root=" + folder,
        "--set",
        "report=false");
  }

  private double[] merged() throws IOException {
    return new Tensors(folder.resolve("out")).values("w");
  }

  private static String average(String... models) {
    return "merge_method: uniform_soup\nmodels:\n- model: %s\n"
        .formatted(String.join("\n- model: ", models));
  }

  @Test
  void aLinkToWhatAPatternMatchesCountsOnce() throws IOException {
    CommandLineRun run = merge(average("run/checkpoint-*")).succeeds();

    assertThat(merged()).containsExactly(400, -400);
    assertThat(run.err())
        .contains(
            "recipe.yml:3: run/checkpoint-best is the folder run/checkpoint-900, and counts once");
  }

  @Test
  void aLinkThatAlonePointsSomewhereIsAModel() throws IOException {
    merge(average("run/checkpoint-b*", "run/checkpoint-1*")).succeeds();

    assertThat(merged()).containsExactly(500, -500);
  }

  @Test
  void whatTheRecipeNamesIsNotMatchedAgainByAnotherName() throws IOException {
    merge(average("run/checkpoint-best", "run/checkpoint-*")).succeeds();

    assertThat(merged()).containsExactly(400, -400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"./a", "alias", "b/../a", "alias/", "./alias"})
  void aFolderThatIsListedTwiceCountsOnceWhereModelsHaveNoWeights(String name) throws IOException {
    CommandLineRun run = merge(average("a", "b", name)).succeeds();

    assertThat(merged()).containsExactly(2.5, -2.5);
    assertThat(run.err())
        .contains(
            "recipe.yml:5: `a` is listed twice, here and in line 3, and counts once, as uniform_soup"
                + " weighs no models");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "./a", "alias"})
  void weightsOfAFolderThatIsListedTwiceAdd(String name) throws IOException {
    CommandLineRun run =
        merge(
                """
                merge_method: linear
                models:
                - {model: a, parameters: {weight: 0.5}}
                - {model: b, parameters: {weight: 0.25}}
                - {model: %s, parameters: {weight: 0.25}}
                """
                    .formatted(name))
            .succeeds();

    assertThat(merged()).containsExactly(1.75, -1.75);
    assertThat(run.err())
        .contains("recipe.yml:5: `a` is listed twice, here and in line 3, and counts for both");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "./a", "alias", "./a/"})
  void theBaseModelIsListedByWhateverName(String name) throws IOException {
    merge(
            """
            merge_method: ties
            base_model: a
            models:
            - {model: %s, parameters: {weight: 1}}
            - {model: b, parameters: {weight: 1}}
            parameters: {normalize: true}
            """
                .formatted(name))
        .succeeds();

    assertThat(merged()).containsExactly(4, -4);
  }

  @Test
  void aBaseModelThatIsAllThereIsByAnotherNameIsTooFew() throws IOException {
    CommandLineRun run =
        merge(
            "merge_method: ties\nbase_model: a\nmodels:\n- {model: ./a, parameters: {weight: 1}}\n");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("recipe.yml:3: ties takes at least 1 model beside its base model");
  }

  @Test
  void slicesMayNameAModelInTwoWays() throws IOException {
    ModelFolder.at(folder.resolve("layered"))
        .file("config.json", "{\"num_hidden_layers\": 1}")
        .floats("model.layers.0.w", 3)
        .write();
    merge(
            """
            merge_method: passthrough
            slices:
            - sources: [{model: layered, layer_range: [0, 1]}]
            - sources: [{model: ./layered, layer_range: [0, 1]}]
            """)
        .succeeds();

    Tensors out = new Tensors(folder.resolve("out"));
    assertThat(out.values("model.layers.1.w")).isEqualTo(out.values("model.layers.0.w"));
    assertThat(Files.readString(folder.resolve("out/stockpot-manifest.json")))
        .contains("layered\"")
        .doesNotContain("\"./layered\"");
  }

  @Test
  void aParameterWithoutItsSchemeIsRefused() throws IOException {
    CommandLineRun run =
        merge(
            "merge_method: checkpoint_average\nmodels: [{model: 'run/checkpoint-*'}]\nparameters: {last: 2}\n");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "recipe.yml:3: `last` changes nothing here: it counts with `scheme: last_k`; change it,"
                + " or remove it");
  }

  @Test
  void whatMergekitTakesInSilenceIsTold() throws IOException {
    String recipe =
        """
        merge_method: task_arithmetic
        base_model: a
        models:
        - model: b
          parameters:
            weight: [{filter: mlp, value: 2}, {value: 1}]
            density: 0.5
        """;
    CommandLineRun run = merge(recipe).succeeds();

    assertThat(merged()).containsExactly(4, -4);
    assertThat(run.err())
        .contains(
            "recipe.yml:6: of `weight`, the value with filter `mlp` matches no tensor that is merged")
        .contains("recipe.yml:7: `density` changes nothing here");
    CommandLineRun plan =
        CommandLineRun.of("plan", recipe(recipe), "--set", "model-root=" + folder).succeeds();
    assertThat(plan.out()).contains("Note: " + folder.resolve("recipe.yml") + ":7: `density`");
  }
}
