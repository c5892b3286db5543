package dev.stockpot.merge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Models that are put together, by the command line. */
abstract class ComposeCases {
  @TempDir Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    ModelFolder.at(folder.resolve("a"))
        .file("config.json", "{\"model_type\": \"x\", \"old\": {\"k\": 1}, \"n_head\": 2}")
        .file("tokenizer_config.json", "{}")
        .matrix("body.w", new float[] {1, 2, 3, 4}, 2, 2)
        .floats("body.b", 5, 6)
        .matrix("head.w", new float[] {7, 8}, 1, 2)
        .write();
    ModelFolder.at(folder.resolve("b"))
        .file("config.json", "{\"model_type\": \"y\"}")
        .matrix("net.q", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, 2)
        .matrix("net.k", new float[] {11, 12, 13, 14}, 2, 2)
        .matrix("net.v", new float[] {21, 22, 23, 24}, 2, 2)
        .write();
  }

  CommandLineRun run(String command, String recipe, Object... more) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    List<Object> words = new ArrayList<>(List.of(command, file));
    if (command.equals("merge")) {
      words.addAll(List.of(folder.resolve("out"), "--overwrite", "--set", "report=false"));
    }
    words.addAll(List.of("--set", "model-root=" + folder));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray());
  }

  Tensors merged(String recipe) throws IOException {
    run("merge", recipe).succeeds();
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
    return new Tensors(folder.resolve("out"));
  }

  JsonNode config() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/config.json").toFile());
  }

  static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }
}
