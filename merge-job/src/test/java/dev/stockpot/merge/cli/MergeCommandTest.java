package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merges from the command line, and what they leave in the output folder. */
class MergeCommandTest {
  private static final String LEFT_BEHIND = "Note: left behind of a: optimizer.pt (weights)\n";
  private static final String LINEAR =
      """
      merge_method: linear
      models:
        - model: a
          parameters: {weight: 0.25}
        - model: b
          parameters: {weight: 0.75}
      """;

  @TempDir private static Path models;
  @TempDir private Path folder;

  @BeforeAll
  static void writeModels() throws IOException {
    for (int i = 1; i <= 3; i++) {
      ModelFolder.at(models.resolve("abc".substring(i - 1, i)))
          .file(
              "config.json",
              "{\"num_hidden_layers\": 12, \"torch_dtype\": \"float32\", \"_name_or_path\": \"m%s\"}"
                  .formatted(i))
          .file("tokenizer.json", "{\"model\": {\"vocab\": {\"a\": 0}}, \"id\": %s}".formatted(i))
          .file("tokenizer_config.json", "{}")
          .file("chat_template.jinja", "{{ messages }}")
          .file("generation_config.json", "{\"temperature\": 0.7}")
          .file("optimizer.pt", "is no part of the model")
          .floats("model.layers.10.weight", i * 4, i * 8)
          .floats("model.layers.2.weight", i * 12, i * 16, 0)
          .floats("model.norm.weight", i)
          .write();
    }
  }

  private CommandLineRun merge(String recipe, Object... options) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    return CommandLineRun.of(
        Stream.concat(
                Stream.of("merge", file, out(), "--set", "model-root=" + models),
                Stream.of(options))
            .toArray());
  }

  private Path out() {
    return folder.resolve("out");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(out())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(file));
  }

  @Test
  void mergesTensorsAndSaysWhatItDid() throws IOException {
    CommandLineRun run = merge(LINEAR).succeeds();
    assertThat(new Tensors(out()).values("model.layers.2.weight")).containsExactly(21, 28, 0);
    assertThat(run.err()).isEqualTo(LEFT_BEHIND);
    assertThat(run.out())
        .matches(
            "Merged 2 models by linear into \\Q%s\\E: 3 tensors, \\d+ B in 1 file\\.\n"
                    .formatted(out())
                + "Read 48 B and wrote \\d+ B in [0-9.]+ s, .+/s\\.\n"
                + "Time of 1 task: \\d+ % waiting for input \\(reading took \\d+ %\\), \\d+ % merging, \\d+ % uploading\\.\n");
  }

  @Test
  void printsNothingIfAskedToBeQuiet() throws IOException {
    CommandLineRun run =
        merge("base_model: base\n" + LINEAR.replace("model: b", "model: c"), "--quiet");
    assertThat(run.exitCode()).isEqualTo(1); // and says why it failed
    assertThat(run.err()).contains("there is no such folder");
    run = merge(LINEAR, "--quiet").succeeds();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void carriesTheFilesOfTheTokenizerAndListsWhatStays() throws IOException {
    merge("base_model: b\n" + LINEAR).succeeds();
    assertThat(files())
        .containsExactly(
            "README.md",
            "chat_template.jinja",
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "report",
            "stockpot-manifest.json",
            "tokenizer.json",
            "tokenizer_config.json");
    assertThat(out().resolve("tokenizer.json")).content(UTF_8).endsWith("\"id\": 2}");
    assertThat(json(out().resolve("stockpot-manifest.json")).get("left_behind").toString())
        .isEqualTo("[{\"file\":\"optimizer.pt\",\"why\":\"weights\"}]");
    assertThat(json(out().resolve("config.json")).get("_name_or_path").asText()).isEqualTo("m2");
    assertThat(out().resolve("README.md")).content(UTF_8).contains("    merge_method: linear\n");
  }

  @Test
  void writesSeveralShardsAndTheirIndex() throws IOException {
    merge(LINEAR, "--shard-size", "20").succeeds();
    assertThat(files())
        .contains(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json")
        .doesNotContain("model.safetensors");
    JsonNode index = json(out().resolve("model.safetensors.index.json"));
    assertThat(index.at("/metadata/total_size").longValue()).isEqualTo(24);
    assertThat(index.get("weight_map").toString())
        .isEqualTo(
            """
            {"model.layers.10.weight":"model-00001-of-00002.safetensors",
            "model.layers.2.weight":"model-00001-of-00002.safetensors",
            "model.norm.weight":"model-00002-of-00002.safetensors"}"""
                .replace("\n", ""));
    assertThat(new Tensors(out()).values("model.norm.weight")).containsExactly(1.75);
  }

  @Test
  void writesHeadersThatTellThePlaceOfEachTensor() throws IOException {
    merge(LINEAR).succeeds();
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(out().resolve("model.safetensors")))
            .order(ByteOrder.LITTLE_ENDIAN);
    int begin = Long.BYTES + Math.toIntExact(file.getLong());
    JsonNode header =
        new ObjectMapper()
            .readTree(new String(file.array(), Long.BYTES, begin - Long.BYTES, UTF_8));
    assertThat(header.get("__metadata__").toString()).isEqualTo("{\"format\":\"pt\"}");
    assertThat(header.fieldNames())
        .toIterable()
        .containsExactly(
            "__metadata__", "model.layers.10.weight", "model.layers.2.weight", "model.norm.weight");
    assertThat(begin % 8).isZero();
    assertThat(header.at("/model.layers.10.weight/data_offsets").toString()).isEqualTo("[0,8]");
    assertThat(header.at("/model.layers.2.weight/data_offsets").toString()).isEqualTo("[8,20]");
    assertThat(header.at("/model.norm.weight/data_offsets").toString()).isEqualTo("[20,24]");
    assertThat(file.capacity()).isEqualTo(begin + 24);
  }

  @Test
  void writesTheTypeThatWasAskedForAndNamesItInTheConfiguration() throws IOException {
    merge(LINEAR, "--dtype", "BFLOAT16").succeeds();
    assertThat(new Tensors(out()).checkpoint().tensors().values())
        .allMatch(tensor -> tensor.dtype() == DType.BF16);
    assertThat(json(out().resolve("config.json")).get("torch_dtype").textValue())
        .isEqualTo("bfloat16");
  }

  @Test
  void stacksLayersAndCountsThem() throws IOException {
    ModelFolder.at(folder.resolve("small"))
        .file("config.json", "{\"num_hidden_layers\": 2, \"layer_types\": [\"x\", \"y\"]}")
        .floats("model.layers.0.weight", 1)
        .floats("model.layers.1.weight", 2)
        .write();
    String recipe =
        """
        merge_method: passthrough
        slices:
          - sources: [{model: %1$s, layer_range: [0, 2]}]
          - sources: [{model: %1$s, layer_range: [1, 2], parameters: {scale: -3}}]
        """
            .formatted(folder.resolve("small"));
    merge(recipe).succeeds();
    assertThat(new Tensors(out()).values("model.layers.2.weight")).containsExactly(-6);
    assertThat(json(out().resolve("config.json")).toString())
        .isEqualTo("{\"num_hidden_layers\":3,\"layer_types\":[\"x\",\"y\",\"y\"]}");
  }

  @Test
  void refusesAFolderThatHoldsAMergeAndReplacesItIfAsked() throws IOException {
    merge(LINEAR, "--shard-size", "20").succeeds();
    Files.writeString(out().resolve("mine.txt"), "keep me");
    List<String> before = files();
    CommandLineRun refused = merge(LINEAR);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo(
            LEFT_BEHIND
                + "%s is not empty. Name another folder, or pass --overwrite to replace what it holds\n"
                    .formatted(out()));
    assertThat(files()).isEqualTo(before);

    assertThat(merge(LINEAR, "--overwrite").err()).contains("holds 1 file", "mine.txt");
    assertThat(files()).isEqualTo(before);

    Files.delete(out().resolve("mine.txt"));
    merge(LINEAR, "--overwrite").succeeds();
    assertThat(files())
        .contains("model.safetensors")
        .doesNotContain("model.safetensors.index.json");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(out(), folder.resolve("recipe.yml"));
    }
  }

  @Test
  void saysWhatAUserShouldKnowThoughNothingIsWrong() throws IOException {
    CommandLineRun run =
        merge("base_model: a\n" + LINEAR.replace("model: a", "model: c")).succeeds();
    assertThat(run.err())
        .isEqualTo(
            "Note: linear does not merge the base model a; it gives configuration and tokenizer\n"
                + LEFT_BEHIND);
  }

  @Test
  void mergesARecipeInHocon() throws IOException {
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.conf"),
            """
            merge_method = linear
            weight = 1
            models = [{ model = a, parameters.weight = 1 }, { model = b, parameters.weight = 1 }]
            """
                .replace("weight = 1\n", ""));
    CommandLineRun.of("merge", recipe, out(), "--set", "model-root=" + models).succeeds();
    assertThat(new Tensors(out()).values("model.norm.weight")).containsExactly(1.5);
  }
}
