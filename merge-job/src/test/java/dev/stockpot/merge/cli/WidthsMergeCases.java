package dev.stockpot.merge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A narrow and a wide model with the same tokens, in compositions. */
abstract class WidthsMergeCases {
  static final int NARROW = 3;

  static final int WIDE = 5;

  static final int TOKENS = 12;

  @TempDir Path folder;

  final float[] map = random(99, WIDE * NARROW);

  @BeforeEach
  void writeModels() throws IOException {
    float[] narrow = random(1, TOKENS * NARROW);
    float[] wide = new float[TOKENS * WIDE];
    for (int token = 0; token < TOKENS; token++) { // the wide space is a map of the narrow one
      for (int i = 0; i < WIDE; i++) {
        for (int j = 0; j < NARROW; j++) {
          wide[token * WIDE + i] += map[i * NARROW + j] * narrow[token * NARROW + j];
        }
      }
    }
    model("narrow", words(0, TOKENS), narrow, NARROW);
    model("wide", words(0, TOKENS), wide, WIDE);
  }

  static float[] random(long seed, int count) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  static List<String> words(int from, int to) {
    List<String> words = new ArrayList<>();
    for (int i = from; i < to; i++) {
      words.add("w" + i);
    }
    return words;
  }

  void model(String name, List<String> words, float[] embedding, int width) throws IOException {
    List<String> entries = new ArrayList<>();
    for (int id = 0; id < words.size(); id++) {
      entries.add("\"%s\": %s".formatted(words.get(id), id));
    }
    ModelFolder.at(folder.resolve(name))
        .file(
            "config.json",
            "{\"model_type\": \"llama\", \"hidden_size\": %s, \"vocab_size\": %s, \"num_hidden_layers\": 1, \"eos_token_id\": %s}"
                .formatted(width, words.size(), words.size() - 1))
        .file(
            "tokenizer.json",
            "{\"version\": \"1.0\", \"added_tokens\": [], \"model\": {\"type\": \"WordLevel\", \"vocab\": {%s}, \"unk_token\": \"w0\"}}"
                .formatted(String.join(", ", entries)))
        .matrix("model.embed_tokens.weight", embedding, words.size(), width)
        .matrix("model.layers.0.mlp.up_proj.weight", random(7, 2 * width), 2, width)
        .matrix("model.layers.0.mlp.down_proj.weight", random(8, 2 * width), width, 2)
        .floats("model.layers.0.mlp.down_proj.bias", random(9, width))
        .write();
  }

  CommandLineRun run(String recipe) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    return CommandLineRun.of(
        "merge", file, folder.resolve("out"), "--overwrite", "--set", "model-root=" + folder);
  }

  Tensors merged(String recipe) throws IOException {
    run(recipe).succeeds();
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
    return new Tensors(folder.resolve("out"));
  }

  static final String BOTH =
      """
      compose:
        - {from: narrow, under: first}
        - {from: wide, under: second}
        - {as: stitch.weight, fit: least_squares, from: narrow, to: wide, explained: stitch.explained}
      """;

  double[] wideRows() throws IOException {
    return new Tensors(folder.resolve("wide")).values("model.embed_tokens.weight");
  }
}
