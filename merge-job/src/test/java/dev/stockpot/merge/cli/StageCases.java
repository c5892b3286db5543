package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Small models, and recipes of several stages for them. */
abstract class StageCases {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String Q = "model.layers.0.self_attn.q_proj";
  static final int WIDTH = 8;

  static final String MEAN =
      """
      merge_method: linear
      models:
      - {model: a, parameters: {weight: 0.25}}
      - {model: b, parameters: {weight: 0.75}}
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    model("a", 1, "x", "y", "z");
    model("b", 2, "z", "x", "w", "y");
    model("c", 3, "x", "y", "z", "w");
  }

  void model(String name, int fineTune, String... words) throws IOException {
    List<String> entries = new ArrayList<>();
    for (int id = 0; id < words.length; id++) {
      entries.add("\"%s\": %s".formatted(words[id], id));
    }
    ModelFolder.at(folder.resolve(name))
        .file(
            "config.json",
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "num_hidden_layers": 1,
             "hidden_size": 8, "vocab_size": %s, "tie_word_embeddings": false}"""
                .formatted(words.length))
        .file("README.md", "---\nlicense: mit\nbase_model: org/%s\n---\n".formatted(name))
        .file(
            "tokenizer.json",
            "{\"version\": \"1.0\", \"added_tokens\": [], \"model\": {\"type\": \"WordLevel\", \"vocab\": {%s}, \"unk_token\": \"x\"}}"
                .formatted(String.join(", ", entries)))
        .bfloats(EMBEDDING, fineTune, words.length, WIDTH)
        .bfloats("lm_head.weight", fineTune, words.length, WIDTH)
        .bfloats(Q + ".weight", fineTune, WIDTH, WIDTH)
        .bfloats("model.norm.weight", fineTune, WIDTH)
        .write();
  }

  CommandLineRun merge(String output, String recipe, String... more) throws IOException {
    return CommandLineRun.merging(folder, output, recipe, more);
  }

  /** Names of all files but those that tell how it was made, which are told otherwise. */
  static List<String> files(Path output) throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  void areSame(String one, String other) throws IOException {
    assertThat(files(folder.resolve(one))).isEqualTo(files(folder.resolve(other)));
    for (String file : files(folder.resolve(one))) {
      if (!file.equals("stockpot-manifest.json") && !file.equals("README.md")) {
        assertThat(folder.resolve(one).resolve(file))
            .as(file)
            .hasSameBinaryContentAs(folder.resolve(other).resolve(file));
      }
    }
    assertThat(frontMatter(one)).isEqualTo(frontMatter(other));
  }

  String frontMatter(String output) throws IOException {
    return Files.readString(folder.resolve(output).resolve("README.md")).split("---\n", -1)[1];
  }

  JsonNode manifest(String output) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve(output).resolve("stockpot-manifest.json").toFile());
  }

  static void isRefused(CommandLineRun run, int exitCode, String message) {
    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(exitCode);
  }
}
