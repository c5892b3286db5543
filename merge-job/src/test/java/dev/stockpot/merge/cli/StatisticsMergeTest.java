package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.gguf.GgufBytes;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics beside models are looked at before a merge begins, and told with line and remedy. */
class StatisticsMergeTest {
  private static final String UP = "model.layers.0.mlp.up_proj";
  private static final String GATE = "model.layers.0.mlp.gate_proj";
  private static final String RECIPE =
      """
      merge_method: regmean
      models:
        - model: a
          statistics: {gram: stats-a}
        - model: b
          statistics: {gram: stats-b}
      dtype: float32
      """;
  private static final float[] IDENTITY = {1, 0, 0, 1};

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      float scale = name.equals("a") ? 1 : 3;
      ModelFolder.at(folder.resolve(name))
          .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 1}")
          .matrix(UP + ".weight", new float[] {scale, 0, 0, scale}, 2, 2)
          .matrix(GATE + ".weight", new float[] {scale, 0, 0, scale}, 2, 2)
          .matrix("model.embed_tokens.weight", new float[] {scale, scale}, 1, 2)
          .floats("model.norm.weight", scale, scale)
          .write();
      grams(name).write();
    }
  }

  private ModelFolder empty(String of) throws IOException {
    return ModelFolder.at(folder.resolve("stats-" + of))
        .metadata("kind", "gram")
        .metadata("normalised", "sum")
        .metadata("shared", "{\"gate_proj\": \"up_proj\"}");
  }

  private ModelFolder grams(String of) throws IOException {
    float tokens = of.equals("a") ? 10 : 20;
    return empty(of)
        .matrix(UP + ".gram", new float[] {tokens, 0, 0, 2 * tokens}, 2, 2)
        .tensor(UP + ".count", DType.I64, count((long) tokens), 1);
  }

  private static byte[] count(long count) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(count).array();
  }

  private CommandLineRun run(String verb, String recipe) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    String root = "model-root=" + folder;
    return verb.equals("plan")
        ? CommandLineRun.of("plan", file, "--set", root)
        : CommandLineRun.of("merge", file, folder.resolve("out"), "--set", root);
  }

  private void refused(String recipe, String message) throws IOException {
    CommandLineRun plan = run("plan", recipe);
    assertThat(plan.exitCode()).as(plan.err()).isEqualTo(2);
    assertThat(plan.err()).contains(message);
  }

  @Test
  void solvesAndAveragesAndSaysWhich() throws IOException {
    CommandLineRun plan = run("plan", RECIPE).succeeds();
    assertThat(plan.out())
        .contains("Beside   gram " + folder.resolve("stats-a"))
        .contains(
            "Note: 2 tensors are solved for, with the Gram matrices of their inputs (`gram`):")
        .contains("Note: 2 tensors are averaged: model.embed_tokens.weight, model.norm.weight");

    run("merge", RECIPE).succeeds();
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
        "merge_method: regmean\nmodels:\n  - model: a\n    statistics: {gram: stats-a}\n  - model: b\n",
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

  @ParameterizedTest
  @CsvSource({
    "NaN,  0, 'element 0 of model.layers.0.mlp.up_proj.gram is NaN. Compute it again'",
    "-1,   3, 'element 3 of model.layers.0.mlp.up_proj.gram is -1.0, but is a sum of squares'",
  })
  void brokenNumbersAreNamed(float value, int place, String message) throws IOException {
    float[] gram = IDENTITY.clone();
    gram[place] = value;
    empty("a")
        .matrix(UP + ".gram", gram, 2, 2)
        .tensor(UP + ".count", DType.I64, count(1), 1)
        .write();
    refused(RECIPE, "recipe.yml:4: stats-a (`gram`): " + message);
  }

  @Test
  void whatIsOffTheDiagonalMayBeNegative() throws IOException {
    empty("a")
        .matrix(UP + ".gram", new float[] {2, -1, -1, 2}, 2, 2)
        .tensor(UP + ".count", DType.I64, count(1), 1)
        .write();
    run("plan", RECIPE).succeeds();
    empty("a")
        .floats(UP + ".gram_upper", 2, -1, -1)
        .tensor(UP + ".count", DType.I64, count(1), 1)
        .write();
    refused(RECIPE, "element 2 of " + UP + ".gram_upper is -1.0, but is a sum of squares");
  }

  @Test
  void countsOfNothingAreNamed() throws IOException {
    empty("a")
        .matrix(UP + ".gram", IDENTITY, 2, 2)
        .tensor(UP + ".count", DType.I64, count(0), 1)
        .write();
    refused(RECIPE, UP + ".count is 0.0, must be one number above 0. Compute it again");
    empty("a").matrix(UP + ".gram", IDENTITY, 2, 2).write();
    refused(
        RECIPE,
        "`gram` has no count of its samples, which the mean of a sum needs;"
            + " write it beside as MODULE.count");
  }

  @Test
  void otherKindsAreNamed() throws IOException {
    grams("a").metadata("kind", "fisher_diag").write();
    refused(RECIPE, "recipe.yml:4: stats-a says that it is `fisher_diag`, and not `gram`");
    grams("a").metadata("normalised", "total").write();
    refused(RECIPE, "its metadata say normalised is 'total', must be mean or sum");
  }

  @Test
  void otherWeightsThanThoseOfTheStatisticsAreTold() throws Exception {
    String mine = digest(folder.resolve("a/model.safetensors"));
    grams("a").metadata("model_sha256", mine).write();
    run("plan", RECIPE).succeeds();

    grams("a").metadata("model_sha256", "0".repeat(64)).write();
    refused(
        RECIPE,
        "recipe.yml:4: stats-a (`gram`): it was made of other weights than a: their SHA-256 was "
            + "0".repeat(64)
            + ", and is "
            + mine
            + ". Compute it again");
  }

  @Test
  void severalFilesHaveTheDigestOfWhatSha256sumPrints() throws Exception {
    Path model = folder.resolve("c");
    ModelFolder.at(model)
        .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 1}")
        .matrix(UP + ".weight", IDENTITY, 2, 2)
        .matrix(GATE + ".weight", IDENTITY, 2, 2)
        .matrix("model.embed_tokens.weight", new float[] {1, 1}, 1, 2)
        .floats("model.norm.weight", 1, 1)
        .write(SafetensorsLayout.CHECKPOINT, 2);
    StringBuilder printed = new StringBuilder();
    for (int i = 1; i <= 2; i++) {
      String name = SafetensorsLayout.CHECKPOINT.file(i, 2);
      printed.append(digest(model.resolve(name))).append("  ").append(name).append("\n");
    }
    Path lines = Files.writeString(folder.resolve("lines"), printed);
    grams("a").metadata("model_sha256", digest(lines)).write();

    run("plan", RECIPE.replace("model: a", "model: c")).succeeds();
    refused(RECIPE, "it was made of other weights than a");
  }

  private static String digest(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void fisherInformationIsLookedAtToo() throws IOException {
    String recipe = RECIPE.replace("regmean", "fisher").replace("gram", "fisher_diag");
    for (String name : new String[] {"a", "b"}) {
      ModelFolder.at(folder.resolve("stats-" + name))
          .metadata("kind", "adam_v")
          .filled(UP + ".weight.exp_avg_sq", 1e-14f, 2, 2)
          .filled(GATE + ".weight", name.equals("a") ? 1e-14f : 0, 2, 2)
          .filled("model.embed_tokens.weight", 1e-14f, 1, 2)
          .filled("model.norm.weight", 0, 2)
          .write();
    }
    run("merge", recipe).succeeds();
    Tensors made = new Tensors(folder.resolve("out"));
    assertThat(made.values(GATE + ".weight")).containsExactly(1, 0, 0, 1);
    assertThat(made.values("model.norm.weight")).containsExactly(2, 2);

    ModelFolder.at(folder.resolve("stats-a")).filled(UP + ".weight", -1, 2, 2).write();
    refused(recipe, "element 0 of " + UP + ".weight is -1.0, but is a sum of squares");
    refused(recipe, "stats-a (`fisher_diag`) lacks 3 tensors of the models: ");
  }
}
