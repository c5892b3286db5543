package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of other widths and vocabularies in one composition. */
class WidthsMergeTest {
  private static final int NARROW = 3;
  private static final int WIDE = 5;
  private static final int TOKENS = 12;

  @TempDir private Path folder;
  private final float[] map = random(99, WIDE * NARROW);

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

  private static float[] random(long seed, int count) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static List<String> words(int from, int to) {
    List<String> words = new ArrayList<>();
    for (int i = from; i < to; i++) {
      words.add("w" + i);
    }
    return words;
  }

  private void model(String name, List<String> words, float[] embedding, int width)
      throws IOException {
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

  private CommandLineRun run(String recipe) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    return CommandLineRun.of(
        "merge", file, folder.resolve("out"), "--overwrite", "--set", "model-root=" + folder);
  }

  private Tensors merged(String recipe) throws IOException {
    run(recipe).succeeds();
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
    return new Tensors(folder.resolve("out"));
  }

  private static final String BOTH =
      """
      compose:
        - {from: narrow, under: first}
        - {from: wide, under: second}
        - {as: stitch.weight, fit: least_squares, from: narrow, to: wide, explained: stitch.explained}
      """;

  @Test
  void aMapBetweenWidthsIsFoundBySharedTokens() throws IOException {
    Tensors out = merged(BOTH);
    assertThat(out.checkpoint().tensors().get("stitch.weight").shape())
        .isEqualTo(Shape.of(WIDE, NARROW));
    double[] found = out.values("stitch.weight");
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(map[i], within(1e-5));
    }
    assertThat(out.values("stitch.explained")[0]).isCloseTo(1, within(1e-6));
  }

  @Test
  void whatNoLibraryLoadsIsSaidBefore() throws IOException {
    assertThat(run(BOTH).succeeds().err())
        .contains("stitch.weight maps states between layers of other widths: no class of transformers loads");
  }

  @Test
  void matricesAreCarriedToTheOtherWidth() throws IOException {
    Tensors out =
        merged(
            """
            base_model: narrow
            compose:
              - {as: map, fit: least_squares, from: narrow, to: wide, hidden: true}
              - {as: back, fit: least_squares, from: wide, to: narrow, ridge: 0.000001, hidden: true}
              - {from: wide, match: up_proj, through: map}
              - {from: wide, match: down_proj, onto: back}
              - {from: wide, leave_out: true}
              - {from: narrow, leave_out: true}
            """);
    assertThat(out.checkpoint().tensors()).hasSize(3);
    assertThat(out.checkpoint().tensors().get("model.layers.0.mlp.up_proj.weight").shape())
        .isEqualTo(Shape.of(2, NARROW));
    assertThat(out.checkpoint().tensors().get("model.layers.0.mlp.down_proj.weight").shape())
        .isEqualTo(Shape.of(NARROW, 2));
    assertThat(out.checkpoint().tensors().get("model.layers.0.mlp.down_proj.bias").shape())
        .isEqualTo(Shape.of(NARROW));
    float[] up = random(7, 2 * WIDE);
    double[] made = out.values("model.layers.0.mlp.up_proj.weight");
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < NARROW; column++) {
        double expected = 0;
        for (int i = 0; i < WIDE; i++) {
          expected += up[row * WIDE + i] * map[i * NARROW + column];
        }
        assertThat(made[row * NARROW + column]).isCloseTo(expected, within(1e-4));
      }
    }
  }

  @Test
  void equalWidthsMayBeTurned() throws IOException {
    float[] narrow = random(1, TOKENS * NARROW);
    float[] turned = new float[narrow.length];
    for (int token = 0; token < TOKENS; token++) { // a permutation with a sign is orthogonal
      turned[token * NARROW] = narrow[token * NARROW + 1];
      turned[token * NARROW + 1] = -narrow[token * NARROW];
      turned[token * NARROW + 2] = narrow[token * NARROW + 2];
    }
    model("turned", words(0, TOKENS), turned, NARROW);
    Tensors out =
        merged(
            "base_model: narrow\ncompose:\n  - {as: turn, fit: procrustes, from: narrow, to: turned}\n");
    assertThat(out.values("turn"))
        .containsExactly(new double[] {0, 1, 0, -1, 0, 0, 0, 0, 1}, within(1e-6));
  }

  @Test
  void sumsOfProductsGiveTheMap() throws IOException {
    float[] gram = {4, 0, 0, 2};
    float[] cross = {4, 8, 12, 2, 4, 6};
    ModelFolder.at(folder.resolve("sums"))
        .matrix("mlp.gram", gram, 2, 2)
        .matrix("mlp.crossgram", cross, 2, 3)
        .write();
    Tensors out =
        merged(
            "base_model: wide\ncompose:\n  - {as: map, fit: crossgram, from: sums, gram: mlp.gram, crossgram: mlp.crossgram, ridge: 0}\n");
    assertThat(out.values("map")).containsExactly(new double[] {1, 1, 2, 2, 3, 3}, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"omp, 3", "interpolation, 2", "mean, 1"})
  void aModelGetsTheTokensOfAnother(String method, int most) throws IOException {
    List<String> words = words(4, TOKENS);
    words.add(0, "new");
    float[] donor = random(5, words.size() * 2);
    model("donor", words, donor, 2);
    Tensors out =
        merged(
            """
            base_model: donor
            compose:
              - {from: narrow, except: embed_tokens}
              - {from: narrow, match: embed_tokens, tokens: {of: donor, method: %s, k: %s}}
            config: {template: narrow}
            """
                .formatted(method, method.equals("omp") ? 2 : most));
    double[] rows = out.values("model.embed_tokens.weight");
    assertThat(rows).hasSize(words.size() * NARROW);
    float[] before = random(1, TOKENS * NARROW);
    for (int id = 1; id < words.size(); id++) { // w4 is token 1 now
      for (int i = 0; i < NARROW; i++) {
        assertThat(rows[id * NARROW + i]).isEqualTo(before[(id + 3) * NARROW + i]);
      }
    }
    JsonNode config =
        new ObjectMapper().readTree(folder.resolve("out/config.json").toFile());
    assertThat(config.get("vocab_size").asInt()).isEqualTo(words.size());
    assertThat(config.get("hidden_size").asInt()).isEqualTo(NARROW);
    assertThat(config.get("eos_token_id").asInt()).isEqualTo(words.size() - 1);
    assertThat(Files.readString(folder.resolve("out/tokenizer.json"))).contains("\"new\"");
    if (method.equals("mean")) {
      double mean = 0;
      for (int id = 4; id < TOKENS; id++) {
        mean += before[id * NARROW] / (TOKENS - 4.0);
      }
      assertThat(rows[0]).isCloseTo(mean, within(1e-5));
    }
  }

  /** Where the donor's space is a map of ours, sums there are the same sums here. */
  @Test
  void rowsOfNewTokensAreExactWhereSpacesAgree() throws IOException {
    float[] narrow = random(1, TOKENS * NARROW);
    List<String> known = words(0, TOKENS - 1);
    float[] shorter = new float[(TOKENS - 1) * WIDE];
    double[] all = wideRows();
    for (int i = 0; i < shorter.length; i++) {
      shorter[i] = (float) all[i];
    }
    model("lacking", known, shorter, WIDE);
    Tensors out =
        merged(
            """
            base_model: narrow
            compose:
              - {from: lacking, except: embed_tokens}
              - {from: lacking, match: embed_tokens, tokens: {of: narrow, k: 3}}
            config: {template: lacking}
            """);
    double[] rows = out.values("model.embed_tokens.weight");
    assertThat(rows).hasSize(TOKENS * WIDE);
    for (int i = (TOKENS - 1) * WIDE; i < rows.length; i++) {
      assertThat(rows[i]).isCloseTo(all[i], within(1e-4));
    }
    assertThat(narrow).hasSize(TOKENS * NARROW);
  }

  private double[] wideRows() throws IOException {
    return new Tensors(folder.resolve("wide")).values("model.embed_tokens.weight");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{as: s, fit: procrustes, from: narrow, to: wide} | an orthogonal map needs equal widths, and they are 3 and 5",
        "{as: s, fit: squares, from: narrow, to: wide} | `fit` is squares",
        "{as: s, fit: least_squares, from: narrow} | a fit has `from` and `to`",
        "{fit: least_squares, from: narrow, to: wide} | a map needs a name",
        "{as: s, fit: least_squares, from: narrow, to: wide, ridge: -1} | `ridge` is -1.0",
        "{as: s, fit: least_squares, from: narrow, to: wide, gram: x} | `gram` is the name of a tensor",
        "{as: s, fit: crossgram, from: narrow} | which is missing beside `fit: crossgram`",
        "{as: s, fit: crossgram, from: narrow, gram: x, crossgram: y} | narrow has no tensor x",
        "{as: s, fit: least_squares, from: narrow, to: wide, match: x} | `match` is out of place here",
        "{from: wide, through: absent} | no rule above makes absent",
        "{from: wide, tokens: {method: omp}} | `tokens` names the model whose tokens they are",
        "{from: wide, tokens: {of: narrow, method: guess}} | `method` is guess",
        "{from: wide, tokens: {of: narrow, k: 0}} | `k` is 0.0, must be a whole number",
        "{from: wide, tokens: {of: narrow}, through: s} | `through` and `onto` belong to another rule"
      })
  void whatCannotBeIsRefusedBeforeATensorIsRead(String rule, String message) throws IOException {
    CommandLineRun run = run("base_model: narrow\ncompose:\n  - %s\n".formatted(rule));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("recipe.yml:3: ").contains(message);
  }

  @Test
  void tooFewSharedTokensAreRefused() throws IOException {
    model("other", List.of("w1", "w2", "z"), random(2, 3 * WIDE), WIDE);
    CommandLineRun run =
        run(
            "base_model: wide\ncompose:\n  - {as: s, fit: least_squares, from: other, to: narrow}\n");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("share 2 tokens, too few for a width of 5; give a `ridge`");
  }

  @Test
  void modelsWithoutTokenizersAreRefused() throws IOException {
    Files.delete(folder.resolve("wide/tokenizer.json"));
    CommandLineRun run = run(BOTH);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("tokenizer.json").doesNotContain("fault of Stockpot");
  }
}
