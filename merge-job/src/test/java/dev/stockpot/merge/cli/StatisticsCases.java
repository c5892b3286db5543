package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two models with Gram matrices. */
abstract class StatisticsCases {
  static final String UP = "model.layers.0.mlp.up_proj";

  static final String GATE = "model.layers.0.mlp.gate_proj";

  static final String RECIPE =
      """
      merge_method: regmean
      models:
        - model: a
          statistics: {gram: stats-a}
        - model: b
          statistics: {gram: stats-b}
      dtype: float32
      """;

  static final float[] IDENTITY = {1, 0, 0, 1};

  @TempDir Path folder;

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

  ModelFolder empty(String of) throws IOException {
    return ModelFolder.at(folder.resolve("stats-" + of))
        .metadata("kind", "gram")
        .metadata("normalised", "sum")
        .metadata("shared", "{\"gate_proj\": \"up_proj\"}");
  }

  ModelFolder grams(String of) throws IOException {
    float tokens = of.equals("a") ? 10 : 20;
    return empty(of)
        .matrix(UP + ".gram", new float[] {tokens, 0, 0, 2 * tokens}, 2, 2)
        .tensor(UP + ".count", DType.I64, count((long) tokens), 1);
  }

  static byte[] count(long count) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(count).array();
  }

  CommandLineRun run(String verb, String recipe) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    String root = "model-root=" + folder;
    return verb.equals("plan")
        ? CommandLineRun.of("plan", file, "--set", root)
        : CommandLineRun.of("merge", file, folder.resolve("out"), "--set", root);
  }

  void refused(String recipe, String message) throws IOException {
    CommandLineRun plan = run("plan", recipe);
    assertThat(plan.exitCode()).as(plan.err()).isEqualTo(2);
    assertThat(plan.err()).contains(message);
  }

  static String digest(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
