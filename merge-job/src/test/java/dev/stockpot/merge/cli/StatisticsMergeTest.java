package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.gguf.GgufBytes;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Statistics beside models are looked at before a merge begins, and told with line and remedy. */
class StatisticsMergeTest extends StatisticsCases {
  @Test
  void solvesAndAveragesAndSaysWhich() throws IOException {
    CommandLineRun plan = run("plan", RECIPE).succeeds();
    assertThat(plan.out())
        .contains("Beside   gram " + folder.resolve("stats-a"))
        .contains(
            "Note: 2 tensors are solved for, with the Gram matrices of their inputs (`gram`):")
        .contains("Note: 2 tensors are averaged: model.embed_tokens.weight, model.norm.weight");

    assertThat(run("merge", RECIPE).succeeds().out())
        .contains(
            "share of inputs that examples of `regmean` fill: 1.0000 of %s.weight, 1.0000 of"
                    .formatted(GATE)
                + " %s.weight".formatted(UP));
    Tensors made = new Tensors(folder.resolve("out"));
    // Gram matrices are multiples of one, so each is the mean
    assertThat(made.values(UP + ".weight")).containsExactly(2, 0, 0, 2);
    assertThat(made.values(GATE + ".weight")).containsExactly(2, 0, 0, 2);
    assertThat(made.values("model.norm.weight")).containsExactly(2, 2);
  }

  @Test
  void importanceMatricesOfLlamaCppAreDiagonals() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      float share = name.equals("a") ? 3 : 1;
      Files.write(
          folder.resolve(name + ".gguf"),
          new GgufBytes()
              .text("general.type", "imatrix")
              .floats("blk.0.ffn_up.weight.in_sum2", new float[] {10 * share, 10}, 1, 2)
              .floats("blk.0.ffn_up.weight.counts", new float[] {10}, 1, 1)
              .floats("blk.0.ffn_gate.weight.in_sum2", new float[] {20, 20}, 1, 2)
              .floats("blk.0.ffn_gate.weight.counts", new float[] {20}, 1, 1)
              .floats("blk.0.ssm_in.weight.in_sum2", new float[] {20, 20}, 1, 2)
              .floats("blk.0.ssm_in.weight.counts", new float[] {20}, 1, 1)
              .bytes());
    }
    String recipe =
        """
        merge_method: regmean
        models:
          - model: a
            statistics: {gram_diag: a.gguf}
          - model: b
            statistics: {gram_diag: b.gguf}
        dtype: float32
        """;
    assertThat(run("plan", recipe).succeeds().out())
        .contains("of modules that have no known name nothing is taken (1): ");
    run("merge", recipe).succeeds();

    Tensors made = new Tensors(folder.resolve("out"));
    // a is 1 on the diagonal and b is 3: by 3 to 1 where the first input is, by halves elsewhere
    assertThat(made.values(UP + ".weight")).containsExactly(1.5, 0, 0, 2);
    assertThat(made.values(GATE + ".weight")).containsExactly(2, 0, 0, 2);
    CommandLineRun show =
        CommandLineRun.of("statistics", "show", folder.resolve("a.gguf")).succeeds();
    assertThat(show.out()).containsPattern(UP + "\\.gram_diag +F32 +\\[2] +10");
  }

  @Test
  void aModelWithoutStatisticsIsNamed() throws IOException {
    refused(
        """
        merge_method: regmean
        models:
          - model: a
            statistics: {gram: stats-a}
          - model: b
        """,
        "recipe.yml:5: regmean needs `gram` (the Gram matrix of each module's inputs,"
            + " MODULE.gram or MODULE.gram_upper) or `gram_diag` (the mean square of each input of"
            + " each module, MODULE.gram_diag) of b; add a line `statistics: {gram: PATH}` to the"
            + " model");
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws IOException {
    CommandLineRun plan = run("plan", RECIPE.replace("stats-b", "stats-c"));
    assertThat(plan.exitCode()).isEqualTo(1);
    assertThat(plan.err())
        .contains("recipe.yml:6: Checkpoint " + folder.resolve("stats-c") + " cannot be used")
        .contains("there is no such folder");
  }

  @Test
  void whatOneModelLacksIsNamed() throws IOException {
    empty("b").matrix("model.layers.0.mlp.upproj.gram", IDENTITY, 2, 2).write();
    refused(
        RECIPE,
        "recipe.yml:2: only 1 of 2 models have `gram`; give it for all of them, or for none, for "
            + GATE);
  }

  @Test
  void aMisspeltModuleOfAllModelsIsNamed() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      empty(name).matrix("model.layers.0.mlp.upproj.gram", IDENTITY, 2, 2).write();
    }
    refused(
        RECIPE,
        "no model's statistics have a Gram matrix; compute it, or average such with lacking: mean,"
            + " for "
            + GATE);

    assertThat(run("plan", RECIPE + "parameters: {lacking: mean}\n").succeeds().out())
        .contains(
            "stats-a (`gram`) has 1 tensor that nothing in this merge needs:"
                + " model.layers.0.mlp.upproj.gram");
  }

  @Test
  void anotherShapeIsNamed() throws IOException {
    empty("a").matrix(UP + ".gram", new float[9], 3, 3).write();
    refused(
        RECIPE,
        "recipe.yml:4: stats-a (`gram`) has 1 tensor of another shape than the models' inputs: "
            + UP
            + ".gram is [3, 3], but [2, 2] in the models");
  }

  @Test
  void anotherTypeIsNamed() throws IOException {
    empty("a").tensor(UP + ".gram", DType.BF16, new byte[8], 2, 2).write();
    refused(RECIPE, UP + ".gram is BF16, but gram must be one of [F32, F64]. Convert it");
  }
}
