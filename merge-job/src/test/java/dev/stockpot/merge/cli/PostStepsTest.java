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
import org.junit.jupiter.params.provider.ValueSource;

/** Steps behind merges, as a user meets them. */
class PostStepsTest {
  private static final String UP = "model.layers.0.mlp.up_proj.weight";
  private static final String DOWN = "model.layers.0.mlp.down_proj.weight";
  private static final String NORM = "model.norm.weight";
  private static final String SUM =
      """
      merge_method: task_arithmetic
      base_model: base
      models:
      - {model: x, parameters: {weight: 1.0}}
      - {model: y, parameters: {weight: 1.0}}
      """;
  private static final String TIES =
      """
      merge_method: ties
      base_model: base
      models:
      - {model: x, parameters: {weight: 0.7, density: 0.4}}
      - {model: y, parameters: {weight: 0.9, density: 0.4}}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    String[] models = {"base", "x", "y"};
    for (int i = 0; i < models.length; i++) {
      ModelFolder.at(folder.resolve(models[i]))
          .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 1}")
          .bfloats(UP, i, 24, 16)
          .bfloats(DOWN, i, 16, 24)
          .bfloats(NORM, i, 16)
          .write();
    }
  }

  private CommandLineRun run(String verb, String recipe, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    String root = "model-root=" + folder;
    if (verb.equals("plan")) {
      return CommandLineRun.of("plan", file, "--set", root);
    }
    return CommandLineRun.of("merge", file, folder.resolve(more[0]), "--set", root);
  }

  private Tensors merged(String recipe, String output) throws IOException {
    run("merge", recipe, output).succeeds();
    return new Tensors(folder.resolve(output));
  }

  private void refused(String recipe, String message) throws IOException {
    CommandLineRun plan = run("plan", recipe);
    assertThat(plan.exitCode()).as(plan.out()).isEqualTo(2);
    assertThat(plan.err()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "merge_method: task_arithmetic\nparameters: {weight: 1.0}\n",
        "merge_method: ties\nparameters: {weight: 1.0, density: 0.4}\n",
        "merge_method: ties\nparameters: {weight: 1.0, density: 0.4, reading: paper}\n",
        "merge_method: dare_linear\nparameters: {weight: 1.0, density: 0.5}\n",
        "merge_method: della\nparameters: {weight: 1.0, density: 0.5, epsilon: 0.1}\n",
        "merge_method: model_stock\n",
        "merge_method: linear\nparameters: {weight: 1.0}\n",
        "merge_method: tsv_m\n",
        "merge_method: median\n",
      })
  void aStepLeavesWhatItSkipsAsTheMethodMergesIt(String method) throws IOException {
    String recipe = method + "base_model: base\nmodels: [{model: x}, {model: y}]\n";
    String post =
        "post: [subspace_boosting: {beta: 0.5, skip: [{filter: up_proj, value: true}, {value: false}]}]\n";
    Tensors plain = merged(recipe, "plain");
    Tensors revised = merged(recipe + post, "revised");

    assertThat(revised.values(UP)).containsExactly(plain.values(UP));
    assertThat(revised.values(NORM)).containsExactly(plain.values(NORM));
    assertThat(revised.values(DOWN)).isNotEqualTo(plain.values(DOWN));
  }

  @ParameterizedTest
  @ValueSource(strings = {SUM, TIES})
  void aStepThatFindsNothingToChangeKeepsEveryBit(String recipe) throws IOException {
    // of one model and a merge that goes less far than it, nothing is scaled down
    String one = recipe.replace("- {model: y, parameters: {weight: 1.0}}\n", "");
    String alone = one.replace("- {model: y, parameters: {weight: 0.9, density: 0.4}}\n", "");
    Tensors plain = merged(alone, "plain");
    Tensors revised = merged(alone + "post: [svc]\n", "revised");
    for (String name : new String[] {UP, DOWN, NORM}) {
      double[] expected = plain.values(name);
      double[] made = revised.values(name);
      for (int i = 0; i < made.length; i++) {
        assertThat(made[i]).as(name).isCloseTo(expected[i], within(0x1p-12));
      }
    }
  }

  @Test
  void equalModelsAreCalibratedToOneOfThem() throws IOException {
    String twice =
        """
        merge_method: task_arithmetic
        base_model: base
        models:
        - {model: x, parameters: {weight: 1.0}}
        - {model: z, parameters: {weight: 1.0}}
        post:
        - svc: {alpha: 1.0}
        """;
    ModelFolder.at(folder.resolve("z"))
        .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 1}")
        .bfloats(UP, 1, 24, 16)
        .bfloats(DOWN, 1, 16, 24)
        .bfloats(NORM, 1, 16)
        .write();
    Tensors made = merged(twice, "made");
    Tensors model = new Tensors(folder.resolve("x"));

    for (String name : new String[] {UP, DOWN}) {
      double[] expected = model.values(name);
      double[] values = made.values(name);
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).as(name).isCloseTo(expected[i], within(1e-12));
      }
    }
  }

  @Test
  void stepsRunInTheirOrder() throws IOException {
    String boost = "- subspace_boosting: {beta: 0.4}\n";
    Tensors first = merged(SUM + "dtype: float32\npost:\n" + boost + "- svc\n", "first");
    Tensors last = merged(SUM + "dtype: float32\npost:\n- svc\n" + boost, "last");

    assertThat(first.values(UP)).isNotEqualTo(last.values(UP));
  }

  @Test
  void theOutputsTypeIsRoundedToOnceAfterAllSteps() throws IOException {
    String post = "post: [subspace_boosting: {beta: 0.4}, svc]\n";
    double[] wide = merged(SUM + "dtype: float64\n" + post, "wide").values(DOWN);
    double[] narrow = merged(SUM + "dtype: bfloat16\n" + post, "narrow").values(DOWN);
    for (int i = 0; i < wide.length; i++) {
      float ulp = Math.ulp((float) narrow[i]) * (1 << 16); // of bfloat16
      assertThat(narrow[i]).isCloseTo(wide[i], within(ulp / 2.0));
    }
  }

  @Test
  void aPlanSaysWhatStaysAndThatTasksHoldWholeTensors() throws IOException {
    CommandLineRun plan = run("plan", SUM + "post: [svc]\n").succeeds();

    assertThat(plan.out())
        .contains("1 tensor stay as merged, as svc is for matrices of layers: " + NORM)
        .contains("svc: one task holds all of a tensor, of every model, to revise it");
  }

  @Test
  void aStepThatChangesNothingIsTold() throws IOException {
    CommandLineRun plan = run("plan", SUM + "post:\n- subspace_boosting: {beta: 1.0}\n").succeeds();

    assertThat(plan.out())
        .contains(
            "recipe.yml:7: `subspace_boosting` changes nothing: no matrix of a layer is left to it"
                + " with these parameters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[svd] | 6: `svd` is no step behind a merge; did you mean `svc`?",
        "[sharpen] | `sharpen` is no step behind a merge; the steps are `svc`, `subspace_boosting`",
        "[{svc: {beta: 1}}] | svc has no parameter `beta`",
        "[{svc: {alpha: -1}}] | `alpha` is -1, must be a number from 1.0E-6 up",
        "[{subspace_boosting: {beta: 1.5}}] | `beta` is 1.5, must be a number from 0 to 1",
        "[{svc: {}, subspace_boosting: {}}] | an element of `post` must be one step",
        "[{svc: 3}] | `svc` must be a mapping of its parameters, not 3",
        "svc | `post` must be a list",
        "[] | `post` is empty",
      })
  void whatIsNoStepIsRefusedWithItsLine(String post, String message) throws IOException {
    refused(SUM + "post: " + post + "\n", message);
  }

  @Test
  void aFilterThatMatchesNothingIsTold() throws IOException {
    CommandLineRun plan =
        run(
            "plan",
            SUM + "post: [{svc: {skip: [{filter: nowhere, value: true}, {value: false}]}}]\n");

    assertThat(plan.out() + plan.err())
        .contains("the value with filter `nowhere` matches no tensor that is merged");
  }

  @Test
  void aStepWithoutABaseIsRefused() throws IOException {
    refused(
        "merge_method: linear\nmodels:\n- {model: x, parameters: {weight: 1.0}}\npost: [svc]\n",
        "recipe.yml:4: `svc` compares with the base model, and there is none; add `base_model`");
  }

  @Test
  void aBaseWithoutTheTensorIsRefused() throws IOException {
    ModelFolder.at(folder.resolve("base"))
        .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 1}")
        .bfloats(UP, 0, 24, 16)
        .bfloats(NORM, 0, 16)
        .write();
    refused(
        """
        merge_method: linear
        base_model: base
        models: [{model: x}, {model: y}]
        parameters: {weight: 1.0}
        post: [svc]
        """,
        "recipe.yml:5: `svc` compares with the base model, which has no such tensor of that shape");
  }

  @Test
  void oneTellsWhatTheyAreFor() {
    CommandLineRun methods = CommandLineRun.of("methods").succeeds();
    assertThat(methods.out()).contains("Steps behind any merge").contains("svc: scales down");

    CommandLineRun svc = CommandLineRun.of("methods", "svc").succeeds();
    assertThat(svc.out())
        .contains("Models     a step behind a merge, under `post`; the base model is required")
        .contains("default 1");
  }
}
