package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Classifiers whose classes differ, and parts that stay what they were. */
class HeadsMergeTest {
  private static final String LINEAR =
      """
      merge_method: linear
      parameters: {weight: 1}
      models:
        - model: a
        - model: b
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    ModelFolder.at(folder.resolve("a"))
        .file(
            "config.json",
            "{\"id2label\": {\"0\": \"x\", \"1\": \"y\"}, \"label2id\": {\"x\": 0, \"y\": 1}}")
        .floats("body", 1, 3)
        .matrix("head.weight", new float[] {1, 2, 3, 4}, 2, 2)
        .floats("head.bias", 5, 6)
        .write();
    ModelFolder.at(folder.resolve("b"))
        .file("config.json", "{\"id2label\": {\"0\": \"z\", \"1\": \"y\", \"2\": \"w\"}}")
        .floats("body", 3, 5)
        .matrix("head.weight", new float[] {10, 20, 30, 40, 50, 60}, 3, 2)
        .floats("head.bias", 70, 80, 90)
        .write();
  }

  private CommandLineRun merge(String recipe) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    return CommandLineRun.of(
        "merge", file, folder.resolve("out"), "--overwrite", "--set", "model-root=" + folder);
  }

  private Tensors merged(String more) throws IOException {
    merge(LINEAR + more).succeeds();
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
    return new Tensors(folder.resolve("out"));
  }

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out").resolve(file).toFile());
  }

  @Test
  void withoutARuleHeadsOfOtherShapesAreRefused() throws IOException {
    assertThat(merge(LINEAR).exitCode()).isNotZero();
  }

  @Test
  void aHeadIsThatOfOneModel() throws IOException {
    Tensors out = merged("heads: [{match: '^head', from: b}]\n");
    assertThat(out.values("body")).containsExactly(2, 4);
    assertThat(out.values("head.weight")).containsExactly(10, 20, 30, 40, 50, 60);
    assertThat(out.values("head.bias")).containsExactly(70, 80, 90);
  }

  @Test
  void aHeadIsLeftOut() throws IOException {
    assertThat(merged("heads: [{match: '^head', leave_out: true}]\n").checkpoint().tensors())
        .containsOnlyKeys("body");
  }

  @Test
  void aHeadIsNew() throws IOException {
    Tensors out =
        merged(
            "heads: [{match: weight, init: normal, std: 0.02, shape: [5, 2]}, {match: bias, init: zeros, shape: [5]}]\n");
    assertThat(out.checkpoint().tensors().get("head.weight").shape()).isEqualTo(Shape.of(5, 2));
    assertThat(DoubleStream.of(out.values("head.weight")).map(Math::abs).max().getAsDouble())
        .isLessThan(0.2);
    assertThat(out.values("head.weight")[0]).isNotZero();
    assertThat(out.values("head.bias")).containsExactly(0, 0, 0, 0, 0);
    assertThat(json("config.json").get("num_labels").asInt()).isEqualTo(5);
    assertThat(json("config.json").has("id2label")).isFalse();
  }

  @Test
  void aNewHeadMayKeepItsShape() throws IOException {
    Tensors out = merged("heads: [{match: '^head', init: ones}]\n");
    assertThat(out.values("head.weight")).containsExactly(1, 1, 1, 1);
    assertThat(json("config.json").get("id2label")).hasSize(2);
  }

  @Test
  void classesStandOneBehindTheOther() throws IOException {
    Tensors out = merged("heads: [{match: '^head', labels: concatenate}]\n");
    assertThat(out.values("head.weight")).containsExactly(1, 2, 3, 4, 10, 20, 30, 40, 50, 60);
    assertThat(out.values("head.bias")).containsExactly(5, 6, 70, 80, 90);
    JsonNode labels = json("config.json").get("id2label");
    assertThat(labels.get("0").asText()).isEqualTo("x");
    assertThat(labels.get("1").asText()).isEqualTo("y (a)");
    assertThat(labels.get("3").asText()).isEqualTo("y (b)");
    assertThat(json("config.json").get("label2id").get("w").asInt()).isEqualTo(4);
  }

  @Test
  void classesOfOneNameAreTheMeanOfThoseThatHaveThem() throws IOException {
    Tensors out = merged("heads: [{match: '^head', labels: union}]\n");
    assertThat(out.values("head.weight")).containsExactly(1, 2, 16.5, 22, 10, 20, 50, 60);
    assertThat(out.values("head.bias")).containsExactly(5, 43, 70, 90);
    JsonNode labels = json("config.json").get("id2label");
    assertThat(labels).hasSize(4);
    assertThat(labels.get("1").asText()).isEqualTo("y");
    assertThat(labels.get("2").asText()).isEqualTo("z");
  }

  @Test
  void headsAreRoundedOnceToTheTypeThatIsAskedFor() throws IOException {
    Tensors out = merged("heads: [{match: '^head', labels: union}]\ndtype: bfloat16\n");
    assertThat(out.checkpoint().tensors().get("head.weight").dtype()).isEqualTo(DType.BF16);
    assertThat(out.values("head.bias")[1]).isEqualTo(Bfloat16.toFloat(Bfloat16.fromFloat(43)));
  }

  @Test
  void frozenPartsStayAndAreListed() throws IOException {
    String recipe =
        """
        merge_method: task_arithmetic
        base_model: a
        parameters: {weight: 1}
        models:
          - model: c
        freeze: [body]
        """;
    ModelFolder.at(folder.resolve("c"))
        .file("config.json", "{}")
        .floats("body", 9, 9)
        .matrix("head.weight", new float[] {2, 2, 2, 2}, 2, 2)
        .floats("head.bias", 0, 0)
        .write();
    CommandLineRun run = merge(recipe).succeeds();
    Tensors out = new Tensors(folder.resolve("out"));
    assertThat(out.values("body")).containsExactly(1, 3);
    assertThat(out.values("head.bias")).containsExactly(0, 0);
    JsonNode lists = json("trainable.json");
    assertThat(lists.get("frozen")).hasSize(1);
    assertThat(lists.get("frozen").get(0).asText()).isEqualTo("body");
    assertThat(lists.get("trainable")).hasSize(2);
    assertThat(run.err()).contains("1 tensor by line 6 of the recipe instead of merged: body");
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
  }

  @Test
  void mergesWithoutFrozenPartsListNothing() throws IOException {
    merged("heads: [{match: '^head', from: a}]\n");
    assertThat(folder.resolve("out/trainable.json")).doesNotExist();
  }

  @Test
  void deeperModelsListTheirNewBlocks() throws IOException {
    ModelFolder model =
        ModelFolder.at(folder.resolve("d")).file("config.json", "{\"num_hidden_layers\": 2}");
    for (int layer = 0; layer < 2; layer++) {
      model.filled("model.layers.%s.mlp.down_proj.weight".formatted(layer), layer + 1, 2, 2);
    }
    model.floats("model.norm.weight", 1).write();
    merge(
            """
            merge_method: passthrough
            slices:
              - sources: [{model: d, layer_range: [0, 2]}]
              - sources: [{model: d, layer_range: [1, 2], parameters: {scale: 0}}]
            freeze: ['^model\\.norm', '^model\\.layers\\.[01]\\.']
            """)
        .succeeds();
    assertThat(json("trainable.json").get("trainable").get(0).asText())
        .isEqualTo("model.layers.2.mlp.down_proj.weight");
    assertThat(json("trainable.json").get("frozen")).hasSize(3);
    assertThat(new Tensors(folder.resolve("out")).values("model.layers.2.mlp.down_proj.weight"))
        .containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heads: [{match: absent, from: a}] | no tensor of the output matches `absent`",
        "heads: [{match: '^head', from: e}] | e has no such tensor to take, for head.",
        "heads: [{match: weight, init: zeros}, {match: bias, init: orthogonal}] | it cannot be initialised so",
        "heads: [{match: d, labels: union}] | names 2 classes in id2label"
      })
  void whatCannotBeIsRefusedBeforeATensorIsRead(String rule, String message) throws IOException {
    ModelFolder.at(folder.resolve("e")).file("config.json", "{}").floats("body", 1, 1).write();
    if (message.startsWith("names")) {
      ModelFolder.at(folder.resolve("b"))
          .file("config.json", "{\"id2label\": {\"0\": \"z\", \"1\": \"y\"}}")
          .floats("body", 3, 5)
          .matrix("head.weight", new float[] {1, 2, 3, 4, 5, 6}, 3, 2)
          .floats("head.bias", 7, 8, 9)
          .write();
    }
    CommandLineRun run = merge(LINEAR + rule + "\n");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("recipe.yml:6: ").contains(message);
  }
}
