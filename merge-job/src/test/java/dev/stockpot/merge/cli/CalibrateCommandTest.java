package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.spark.frames.FrameSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calibrated predictions, and temperatures that are folded into heads. */
class CalibrateCommandTest {
  private static final int WIDTH = 8;
  private static final int CLASSES = 4;
  private static final int EXAMPLES = 400;

  @TempDir private Path folder;
  private static FrameSession spark;
  private final float[] weight = new float[CLASSES * WIDTH];
  private final float[] bias = new float[CLASSES];
  private final double[][] hidden = new double[EXAMPLES][WIDTH];
  private Path table;

  @BeforeAll
  static void startOneForAll() {
    spark = FrameSession.ofSmallTables(/* hasKryo= */ false);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  /** A head of large weights, which is too sure of what half of the labels say. */
  @BeforeEach
  void writeLogits() throws IOException {
    Random random = new Random(11);
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) (2 * random.nextGaussian());
    }
    for (int c = 0; c < CLASSES; c++) {
      bias[c] = (float) random.nextGaussian();
    }
    StringBuilder text = new StringBuilder("id,label,c0,c1,c2,c3\n");
    for (int i = 0; i < EXAMPLES; i++) {
      for (int k = 0; k < WIDTH; k++) {
        hidden[i][k] = random.nextGaussian();
      }
      double[] logits = logits(weight, bias, hidden[i]);
      int label = random.nextInt(2) == 0 ? random.nextInt(CLASSES) : largest(logits);
      text.append(i).append(',').append(label);
      for (double logit : logits) {
        text.append(',').append(logit);
      }
      text.append('\n');
    }
    table = Files.writeString(folder.resolve("logits.csv"), text);
  }

  private static double[] logits(float[] weight, float[] bias, double[] hidden) {
    double[] logits = new double[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      logits[c] = bias[c];
      for (int k = 0; k < WIDTH; k++) {
        logits[c] += weight[c * WIDTH + k] * hidden[k];
      }
    }
    return logits;
  }

  private static int largest(double[] numbers) {
    int best = 0;
    for (int c = 1; c < numbers.length; c++) {
      best = numbers[c] > numbers[best] ? c : best;
    }
    return best;
  }

  private CommandLineRun calibrate(Object... more) {
    List<Object> words = new ArrayList<>(List.of("calibrate", table, "--scores", "logits"));
    words.addAll(List.of("--output", folder.resolve("out"), "--bootstrap", "0"));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray());
  }

  private double temperature() throws Exception {
    JsonObject made =
        Json.parse(Files.readAllBytes(folder.resolve("out/ensemble.json"))).object().orElseThrow();
    return made.object("calibration")
        .flatMap(found -> found.get("temperature"))
        .orElseThrow()
        .number()
        .orElseThrow();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Test
  void aFoldedHeadGivesTheLogitsDividedByTheTemperature() throws Exception {
    Path model = folder.resolve("model");
    ModelFolder.at(model)
        .file("config.json", "{\"model_type\": \"bert\"}")
        .matrix("bert.pooler.weight", new float[] {1, 2, 3, 4}, 2, 2)
        .matrix("classifier.weight", weight, CLASSES, WIDTH)
        .floats("classifier.bias", bias)
        .write();
    Path folded = folder.resolve("folded");
    CommandLineRun run = calibrate("--model", model, "--folded", folded).succeeds();
    assertThat(run.out()).contains("The temperature is ", "logits, calibrated", "Merged 1 model");
    double temperature = temperature();
    assertThat(temperature).isGreaterThan(2);
    Tensors tensors = new Tensors(folded);
    float[] newWeight = floats(tensors.values("classifier.weight"));
    float[] newBias = floats(tensors.values("classifier.bias"));
    for (double[] one : hidden) {
      double[] before = logits(weight, bias, one);
      double[] after = logits(newWeight, newBias, one);
      for (int c = 0; c < CLASSES; c++) {
        assertThat(after[c]).isCloseTo(before[c] / temperature, within(1e-6));
      }
      assertThat(largest(after)).isEqualTo(largest(before));
    }
    assertThat(tensors.values("bert.pooler.weight")).containsExactly(1, 2, 3, 4);
    assertThat(folded.resolve("stockpot-manifest.json")).content().contains("classifier");
    assertThat(CommandLineRun.of("verify", folded).succeeds().exitCode()).isZero();
  }

  @Test
  void whereTheHeadIsTheEmbeddingTheNormTakesIt() throws Exception {
    Path model = folder.resolve("model");
    float[] norm = {1, 2, 3, 4, 5, 6, 7, 8};
    ModelFolder.at(model)
        .file(
            "config.json",
            "{\"model_type\": \"llama\", \"tie_word_embeddings\": true, \"num_hidden_layers\": 1}")
        .matrix("model.embed_tokens.weight", weight, CLASSES, WIDTH)
        .matrix("model.layers.0.mlp.up_proj.weight", new float[] {1, 2}, 1, 2)
        .floats("model.norm.weight", norm)
        .write();
    calibrate("--model", model, "--folded", folder.resolve("folded")).succeeds();
    Tensors tensors = new Tensors(folder.resolve("folded"));
    assertThat(floats(tensors.values("model.embed_tokens.weight"))).containsExactly(weight);
    double[] scaled = tensors.values("model.norm.weight");
    for (int k = 0; k < WIDTH; k++) {
      assertThat(scaled[k]).isCloseTo(norm[k] / temperature(), within(1e-6));
    }
  }

  private CommandLineRun refused(String config, String... tensors) throws IOException {
    ModelFolder model = ModelFolder.at(folder.resolve("model")).file("config.json", config);
    for (String tensor : tensors) {
      model.matrix(tensor, weight, CLASSES, WIDTH);
    }
    model.write();
    CommandLineRun run =
        calibrate("--model", folder.resolve("model"), "--folded", folder.resolve("folded"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(folder.resolve("folded")).doesNotExist();
    return run;
  }

  @Test
  void refusesLogitsThatAreBent() throws IOException {
    CommandLineRun run =
        refused(
            "{\"model_type\": \"gemma2\", \"final_logit_softcapping\": 30.0}", "lm_head.weight");
    assertThat(run.err()).contains("has final_logit_softcapping: 30", "bends its logits");
  }

  @Test
  void refusesATiedHeadBehindANormThatAddsOne() throws IOException {
    CommandLineRun run =
        refused(
            "{\"model_type\": \"gemma\", \"tie_word_embeddings\": true}",
            "model.embed_tokens.weight",
            "model.norm.weight");
    assertThat(run.err()).contains("is its embedding", "of model_type gemma");
  }

  @Test
  void refusesHeadsThatNobodyCanTell() throws IOException {
    assertThat(refused("{}", "a.weight").err()).contains("None of its 1 is called like a head");
  }

  @Test
  void refusesTwoHeads() throws IOException {
    assertThat(refused("{}", "classifier.weight", "lm_head.weight").err())
        .contains("There are classifier, lm_head", "--head classifier.weight");
  }

  @Test
  void takesTheHeadThatIsNamed() throws Exception {
    ModelFolder.at(folder.resolve("model"))
        .file("config.json", "{}")
        .matrix("classifier.weight", weight, CLASSES, WIDTH)
        .matrix("odd.weight", weight, CLASSES, WIDTH)
        .write();
    calibrate(
            "--model",
            folder.resolve("model"),
            "--folded",
            folder.resolve("folded"),
            "--head",
            "odd.weight")
        .succeeds();
    Tensors tensors = new Tensors(folder.resolve("folded"));
    assertThat(floats(tensors.values("classifier.weight"))).containsExactly(weight);
    assertThat(tensors.values("odd.weight")[0]).isCloseTo(weight[0] / temperature(), within(1e-6));
  }

  @Test
  void refusesWordsThatDoNotGoTogether() {
    assertThat(calibrate("--by", "magic").exitCode()).isEqualTo(2);
    assertThat(calibrate("--model", "m").err()).contains("--model and --folded go together");
    assertThat(calibrate("--by", "vector", "--model", "m", "--folded", "f").err())
        .contains("A scale for each class is not folded into m");
  }

  @Test
  void scalesForEachClassAreThoseOfSciPy() throws Exception {
    try (InputStream digits = getClass().getResourceAsStream("/dev/stockpot/merge/predict/a.csv")) {
      table = folder.resolve("a.csv");
      Files.copy(digits, table);
    }
    CommandLineRun run = calibrate("--by", "vector", "--json").succeeds();
    JsonObject metrics = Json.parse(run.out().getBytes(UTF_8)).object().orElseThrow();
    ResultJsonTest.keepsItsSchema("calibrate", metrics);
    JsonObject calibrated = metrics.objects("measures").get(1);
    assertThat(calibrated.text("name")).isEqualTo("a, calibrated");
    assertThat(calibrated.get("ece").orElseThrow().number().orElseThrow()).isLessThan(0.08);
    assertThat(metrics.object("ensemble").flatMap(made -> made.object("calibration")))
        .hasValueSatisfying(found -> assertThat(found.list("scale")).hasSize(10));
  }
}
