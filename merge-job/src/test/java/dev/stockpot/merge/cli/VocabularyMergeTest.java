package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merges of models with several vocabularies, from the command line to the files. */
class VocabularyMergeTest {
  private static final int WIDTH = 8;
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  @TempDir private Path folder;

  /** A model with a row for each word, of values that tell the word, and rows beyond. */
  private void model(String name, int rows, float scale, String... words) throws IOException {
    List<String> entries = new ArrayList<>();
    for (int id = 0; id < words.length; id++) {
      entries.add("\"%s\": %s".formatted(words[id], id));
    }
    ModelFolder.at(folder.resolve(name))
        .file("config.json", "{\"model_type\": \"llama\", \"vocab_size\": %s}".formatted(rows))
        .file(
            "tokenizer.json",
            "{\"version\": \"1.0\", \"added_tokens\": [], \"model\": {\"type\": \"WordLevel\", \"vocab\": {%s}, \"unk_token\": \"x\"}}"
                .formatted(String.join(", ", entries)))
        .tensor(EMBEDDING, DType.F32, rows(rows, scale, words), rows, WIDTH)
        .tensor(HEAD, DType.F32, rows(rows, -scale, words), rows, WIDTH)
        .floats("model.norm.weight", scale, 2 * scale)
        .write();
  }

  private static byte[] rows(int rows, float scale, String... words) {
    ByteBuffer bytes =
        ByteBuffer.allocate(rows * WIDTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      float value = row < words.length ? value(words[row]) : 1_000 + row;
      for (int column = 0; column < WIDTH; column++) {
        bytes.putFloat(scale * (value + column));
      }
    }
    return bytes.array();
  }

  private static float value(String word) {
    return 10 * word.charAt(0);
  }

  private CommandLineRun merge(String output, String recipe, String... more) throws IOException {
    return CommandLineRun.merging(folder, output, recipe, more);
  }

  private static String linear(String options) {
    return """
        merge_method: linear
        models:
          - {model: a, parameters: {weight: 0.25}}
          - {model: b, parameters: {weight: 0.75}}
        """
        + options;
  }

  private double[] column(String output, String tensor) throws IOException {
    double[] values = new Tensors(folder.resolve(output)).values(tensor);
    double[] column = new double[values.length / WIDTH];
    Arrays.setAll(column, row -> values[row * WIDTH]);
    return column;
  }

  @Test
  void oneVocabularyGivesTheBytesOfAMergeThatSaysNothingOfTokens() throws IOException {
    model("a", 3, 1, "x", "y", "z");
    model("b", 3, 2, "x", "y", "z");
    merge("plain", linear("")).succeeds();
    merge("union", linear("tokenizer_source: union\n")).succeeds();
    merge("base", linear("tokenizer: {source: base, pad: keep}\n")).succeeds();
    byte[] plain = Files.readAllBytes(folder.resolve("plain/model.safetensors"));
    for (String output : List.of("union", "base")) {
      assertThat(Files.readAllBytes(folder.resolve(output).resolve("model.safetensors")))
          .isEqualTo(plain);
      assertThat(folder.resolve(output).resolve("tokenizer.json"))
          .hasSameTextualContentAs(folder.resolve("a/tokenizer.json"));
    }
  }

  @Test
  void rowsAreThoseOfTheirTokens() throws IOException {
    model("a", 3, 1, "x", "y", "z");
    model("b", 4, 2, "z", "x", "w", "y");
    CommandLineRun run = merge("out", linear("tokenizer_source: union\n")).succeeds();
    double factor = 0.25 + 0.75 * 2;
    assertThat(column("out", EMBEDDING))
        .containsExactly(
            factor * value("x"), factor * value("y"), factor * value("z"), 2 * value("w"));
    assertThat(column("out", HEAD)[3]).isEqualTo(-2 * value("w"));
    assertThat(new Tensors(folder.resolve("out")).values("model.norm.weight"))
        .containsExactly(factor, 2 * factor);
    assertThat(folder.resolve("out/config.json")).content().contains("\"vocab_size\": 4");
    assertThat(run.err()).contains("the union has 1 ordinary token");
  }

  @Test
  void theBytesDoNotHangOnHowAMergeIsCut() throws IOException {
    String[] words = new String[3_000];
    String[] shuffled = new String[3_000];
    Arrays.setAll(words, i -> (char) ('a' + i % 26) + "w" + i);
    Arrays.setAll(shuffled, i -> words[(i * 1_009) % words.length]);
    model("a", 3_001, 1, words);
    model("b", 3_000, 2, shuffled);
    String recipe =
        """
        merge_method: ties
        base_model: a
        models:
          - {model: b, parameters: {weight: 1, density: 0.5}}
        tokenizer: {source: union, pad_to_multiple_of: 64}
        """;
    merge("one", recipe).succeeds();
    merge(
            "other",
            recipe,
            "--set",
            "part-size=64KiB",
            "--set",
            "task-memory=2MiB",
            "--set",
            "chunk-elements=4096")
        .succeeds();
    assertThat(Files.readAllBytes(folder.resolve("other/model.safetensors")))
        .isEqualTo(Files.readAllBytes(folder.resolve("one/model.safetensors")));
    assertThat(column("one", EMBEDDING)).hasSize(3_008);
  }

  @Test
  void rowsBeyondTheTokensAreTheirMean() throws IOException {
    model("a", 5, 1, "x", "y", "z");
    model("b", 3, 2, "x", "y", "z");
    merge("out", linear("tokenizer: {pad_to_multiple_of: 4}\n")).succeeds();
    double mean = (value("x") + value("y") + value("z")) / 3;
    assertThat(column("out", EMBEDDING)[3]).isEqualTo(0.25 * mean + 0.75 * 2 * mean);
  }

  @Test
  void aMergeOfOtherVocabulariesIsVerifiedAndGoesOnWhereItStopped() throws IOException {
    model("a", 3, 1, "x", "y", "z");
    model("b", 3, 2, "z", "y", "x");
    merge("out", linear("tokenizer_source: b\n")).succeeds();
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
    CommandLineRun again = merge("out", linear("tokenizer_source: b\n"), "--resume").succeeds();
    assertThat(again.out()).contains("already");
    CommandLineRun other = merge("out", linear("tokenizer_source: a\n"), "--resume");
    assertThat(other.exitCode()).isNotZero();
  }

  @Test
  void planTellsWithoutReadingTensors() throws IOException {
    model("a", 5, 1, "x", "y", "z");
    model("b", 3, 2, "x", "y", "z");
    Path recipe = Files.writeString(folder.resolve("r.yml"), linear("tokenizer_source: base\n"));
    CommandLineRun run =
        CommandLineRun.of("plan", recipe, "--set", "model-root=" + folder).succeeds();
    assertThat(run.out()).contains("Note: embeddings have 3 rows, one for each token, and a had 5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "chat_template: chatml\n"})
  void modelsOfTwoVocabulariesAreRefusedWithoutATokenizer(String options) throws IOException {
    model("a", 3, 1, "x", "y", "z");
    model("b", 3, 2, "z", "y", "x");
    CommandLineRun run = merge("out", linear(options));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("tokenizer_source");
  }

  @Test
  void aDamagedTokenizerIsNamedWithItsLine() throws IOException {
    model("a", 3, 1, "x", "y", "z");
    model("b", 3, 2, "x", "y", "z");
    Files.writeString(folder.resolve("b/tokenizer.json"), "{\"version\": \"1.0\", ");
    CommandLineRun run = merge("out", linear("tokenizer_source: base\n"));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("recipe.yml:4: ", "b/tokenizer.json: it is no tokenizer: ");
    assertThat(run.err()).doesNotContain("Exception", "\tat ");
  }
}
