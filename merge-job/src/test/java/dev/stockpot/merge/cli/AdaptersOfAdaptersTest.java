package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
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

/** Adapters of one base become one adapter, by the command line. */
class AdaptersOfAdaptersTest {
  private static final String Q = "model.layers.0.self_attn.q_proj";
  private static final String UP = "model.layers.0.mlp.up_proj";
  private static final int D = 12;
  private static final int WIDE = 20;

  @TempDir private Path folder;
  private Path base;

  @BeforeEach
  void writeABaseAndAdapters() throws IOException {
    base =
        ModelFolder.at(folder.resolve("base"))
            .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 1}")
            .bfloats(Q + ".weight", 0, D, D)
            .bfloats(UP + ".weight", 0, WIDE, D)
            .bfloats("model.norm.weight", 0, D)
            .write();
    adapter("one", 3, Q, UP);
    adapter("two", 2, Q);
  }

  private void adapter(String name, int rank, String... modules) throws IOException {
    ModelFolder at = ModelFolder.at(folder.resolve(name));
    for (String module : modules) {
      int rows = module.equals(UP) ? WIDE : D;
      String prefix = "base_model.model." + module;
      at.matrix(prefix + ".lora_A.weight", numbers(name + module + "a", rank * D), rank, D);
      at.matrix(prefix + ".lora_B.weight", numbers(name + module + "b", rows * rank), rows, rank);
    }
    at.adapter("\"r\": %s, \"lora_alpha\": %s".formatted(rank, 2 * rank));
  }

  private static float[] numbers(String name, int count) {
    Random random = new Random(name.hashCode());
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() / 8;
    }
    return numbers;
  }

  private CommandLineRun merge(String output, String... more) throws IOException {
    String text =
        """
        merge_method: task_arithmetic
        base_model: %1$s
        dtype: float32
        models:
          - {model: %1$s+%2$s, parameters: {weight: 0.5}}
          - {model: %1$s+%3$s, parameters: {weight: -2}}
        output: {kind: adapter, %4$s}
        """
            .formatted(base, folder.resolve("one"), folder.resolve("two"), output);
    Path recipe = Files.writeString(folder.resolve("recipe.yml"), text);
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("merge", recipe, out()));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray());
  }

  private Path out() {
    return folder.resolve("out");
  }

  /** The change that an adapter makes, by its factors. */
  private static double[] change(String name, String module, int rank) {
    float[] a = numbers(name + module + "a", rank * D);
    int rows = module.equals(UP) ? WIDE : D;
    float[] b = numbers(name + module + "b", rows * rank);
    double[] change = new double[rows * D];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < D; j++) {
        for (int k = 0; k < rank; k++) {
          change[i * D + j] += 2.0 * b[i * rank + k] * a[k * D + j];
        }
      }
    }
    return change;
  }

  private static double[] expectedQ() {
    double[] one = change("one", Q, 3);
    double[] two = change("two", Q, 2);
    for (int i = 0; i < one.length; i++) {
      one[i] = 0.5 * one[i] - 2 * two[i];
    }
    return one;
  }

  private static void assertNear(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void besideEachOtherTheyAreTheSumWhateverTheBasesType() throws IOException {
    merge("combination_type: cat").succeeds();
    WrittenPairs pairs = new WrittenPairs(out());
    assertThat(pairs.rank(Q)).isEqualTo(5);
    assertThat(pairs.rank(UP)).isEqualTo(3);
    assertNear(pairs.change(Q), expectedQ());
    assertThat(pairs.names()).hasSize(4); // the norm, which no adapter touches, is not there
    assertThat(pairs.config().object("rank_pattern").orElseThrow().whole(UP, 0)).isEqualTo(3);
    CommandLineRun.of("verify", out()).succeeds();
  }

  @ParameterizedTest
  @CsvSource({"dense", "core", "knots"})
  void ofTheRankOfAllTogetherTheSumIsExactInEverySpace(String space) throws IOException {
    CommandLineRun run =
        merge("combination_type: svd, rank: 5, space: %s".formatted(space)).succeeds();
    assertNear(new WrittenPairs(out()).change(Q), expectedQ());
    assertThat(run.out()).containsPattern(" 5 +0\\.00 % +\\d\\.\\d\\d +" + Q);
  }

  @Test
  void withoutARankItIsTheLargestOfAnyAdapter() throws IOException {
    merge("combination_type: svd").succeeds();
    WrittenPairs pairs = new WrittenPairs(out());
    assertThat(pairs.rank(Q)).isEqualTo(3);
    assertThat(pairs.rank(UP)).isEqualTo(3);
  }

  @Test
  void dropsAtRandomAreThoseOfTheSeed() throws IOException {
    String drops = "combination_type: dare_ties_svd, density: 0.5, rank: 4";
    merge(drops, "--seed", "1").succeeds();
    byte[] first = Files.readAllBytes(out().resolve("adapter_model.safetensors"));
    merge(drops, "--seed", "1", "--overwrite", "--set", "provider=scalar").succeeds();
    assertThat(out().resolve("adapter_model.safetensors")).hasBinaryContent(first);
    merge(drops, "--seed", "2", "--overwrite").succeeds();
    assertThat(Files.readAllBytes(out().resolve("adapter_model.safetensors"))).isNotEqualTo(first);
  }

  @Test
  void addsFactorsOnlyWhereRanksAreEqualAndWarns() throws IOException {
    CommandLineRun refused = merge("combination_type: linear");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err())
        .contains("all must have one rank, but those of %s.weight have several".formatted(Q));
    adapter("two", 3, Q);
    CommandLineRun run = merge("combination_type: linear").succeeds();
    assertThat(run.err()).contains("cross terms");
    assertThat(new WrittenPairs(out()).rank(Q)).isEqualTo(3);
  }

  /** Σ s w B times Σ w A, from the numbers alone. */
  private static double[] composed(String module, String... names) {
    double[] weights = {0.5, -2};
    int rows = module.equals(UP) ? WIDE : D;
    double[] left = new double[rows * 3];
    double[] right = new double[3 * D];
    for (int i = 0; i < names.length; i++) {
      float[] a = numbers(names[i] + module + "a", right.length);
      float[] b = numbers(names[i] + module + "b", left.length);
      for (int j = 0; j < left.length; j++) {
        left[j] += 2 * weights[i] * b[j];
      }
      for (int j = 0; j < right.length; j++) {
        right[j] += weights[i] * a[j];
      }
    }
    double[] change = new double[rows * D];
    for (int i = 0; i < change.length; i++) {
      for (int k = 0; k < 3; k++) {
        change[i] += left[i / D * 3 + k] * right[k * D + i % D];
      }
    }
    return change;
  }

  @Test
  void composesFactorsAsLoraHubDoes() throws IOException {
    assertThat(merge("combination_type: lorahub").err())
        .contains("`combination_type: lorahub` adds factors, so all must have one rank");
    adapter("two", 3, Q);
    merge("combination_type: lorahub").succeeds();
    WrittenPairs pairs = new WrittenPairs(out());
    assertThat(pairs.rank(Q)).isEqualTo(3);
    assertNear(pairs.change(Q), composed(Q, "one", "two"));
    assertNear(pairs.change(UP), composed(UP, "one"));
  }

  private CommandLineRun lorahub(String compose, String output, String... more) throws IOException {
    adapter("two", 3, Q, UP);
    String text =
        """
        soup: {kind: lorahub, evaluations: 12, seed: 4%1$s}
        base_model: %2$s
        dtype: float32
        models: [{model: %2$s+%3$s}, {model: %2$s+%4$s}]
        evaluate:
          command: [sh, -c, 'cat "$0"/a*.safetensors "$0"/m*.safetensors 2> /dev/null | cksum | cut -c 1-4', '{model}']
          direction: max
        %5$s
        """
            .formatted(compose, base, folder.resolve("one"), folder.resolve("two"), output);
    Path recipe = Files.writeString(folder.resolve("lorahub.yml"), text);
    List<Object> words = new ArrayList<>(List.of("merge", recipe, out()));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray());
  }

  @Test
  void aLoraHubOfFactorsIsAnAdapterWhoseRecipeMakesItByItself() throws Exception {
    lorahub(", compose: factor", "").succeeds();
    WrittenPairs pairs = new WrittenPairs(out());
    assertThat(pairs.rank(Q)).as("that of each").isEqualTo(3);
    byte[] chosen = Files.readAllBytes(out().resolve("adapter_model.safetensors"));
    byte[] manifest = Files.readAllBytes(out().resolve("stockpot-manifest.json"));
    JsonObject found = Json.parse(manifest).object().orElseThrow();
    assertThat(found.object("chosen").orElseThrow().objects("trials")).hasSize(12);
    Path recipe = Files.writeString(folder.resolve("found.yml"), found.text("recipe"));
    assertThat(recipe).content().contains("combination_type: lorahub", "task_arithmetic");
    Path again = folder.resolve("again");
    CommandLineRun.of("merge", recipe, again).succeeds();
    assertThat(again.resolve("adapter_model.safetensors")).hasBinaryContent(chosen);
  }

  @Test
  void aLoraHubOfChangesIsAModelOrAnAdapterOfIt() throws IOException {
    lorahub("", "").succeeds();
    assertThat(out().resolve("model.safetensors")).isNotEmptyFile();
    lorahub("", "output: {kind: adapter, combination_type: cat}", "--overwrite").succeeds();
    assertThat(new WrittenPairs(out()).rank(Q)).as("of both together").isEqualTo(6);
  }

  @Test
  void refusesModelsThatAreMoreThanTheBaseWithAdapters() throws IOException {
    Path tuned =
        ModelFolder.at(folder.resolve("tuned"))
            .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 1}")
            .bfloats(Q + ".weight", 1, D, D)
            .bfloats(UP + ".weight", 0, WIDE, D)
            .bfloats("model.norm.weight", 0, D)
            .write();
    Path recipe =
        Files.writeString(
            folder.resolve("other.yml"),
            """
            merge_method: task_arithmetic
            base_model: %1$s
            models:
              - {model: %2$s, parameters: {weight: 1}}
            output: {kind: adapter, combination_type: svd}
            """
                .formatted(base, tuned));
    CommandLineRun run = CommandLineRun.of("merge", recipe, out());
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .contains(
            "each model must be %s with LoRA adapters on top and nothing else".formatted(base))
        .contains(Q + ".weight");
  }
}
