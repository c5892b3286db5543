package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes too small for bfloat16: a fine-tune in float32, 1e-5 from weights of N(0, 0.02²). */
class LostUpdatesTest {
  private static final int ELEMENTS = 200_000;
  private static final String RECIPE =
      """
      merge_method: task_arithmetic
      base_model: base
      models:
      - {model: tuned, parameters: {weight: 1}}
      """;
  private static final String SENTENCE =
      "88 % of the parameters that the merge changed are stored as in the base, because the change"
          + " is too small for BF16. To keep such changes on average, merge with"
          + " --set rounding=stochastic; to keep them as they are, with --dtype float32.";

  private static final float[] BASE = new float[ELEMENTS];
  private static final float[] TUNED = new float[ELEMENTS];

  @TempDir private static Path models;
  @TempDir private Path folder;

  @BeforeAll
  static void writeModels() throws IOException {
    Random random = new Random(1);
    ByteBuffer base = ByteBuffer.allocate(ELEMENTS * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < ELEMENTS; i++) {
      short bits = Bfloat16.fromFloat((float) (0.02 * random.nextGaussian()));
      base.putShort(bits);
      BASE[i] = Bfloat16.toFloat(bits);
      TUNED[i] = BASE[i] + (float) (1e-5 * random.nextGaussian());
    }
    ModelFolder.at(models.resolve("base"))
        .tensor("weight", DType.BF16, base.array(), ELEMENTS)
        .floats("untouched", 1, 2, 3)
        .write();
    ModelFolder.at(models.resolve("tuned"))
        .floats("weight", TUNED)
        .floats("untouched", 1, 2, 3)
        .write();
  }

  private CommandLineRun merge(String recipe, String... settings) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    Stream<Object> options =
        Stream.concat(Stream.of("model-root=" + models), Stream.of(settings))
            .flatMap(setting -> Stream.of("--set", setting));
    return CommandLineRun.of(
            Stream.concat(Stream.of("merge", file, folder.resolve("out"), "--overwrite"), options)
                .toArray())
        .succeeds();
  }

  private JsonNode manifest() throws IOException {
    return new ObjectMapper()
        .readTree(Files.readString(folder.resolve("out/stockpot-manifest.json")));
  }

  private JsonNode tensor(String name) throws IOException {
    for (JsonNode tensor : manifest().at("/shards/0/tensors")) {
      if (tensor.get("name").textValue().equals(name)) {
        return tensor;
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void areReportedWithTheRemedyAndCountedInTheManifest() throws IOException {
    CommandLineRun run = merge(RECIPE, "tasks=2", "part-size=1", "chunk-elements=8192");
    long updated = 0;
    long lost = 0;
    for (int i = 0; i < ELEMENTS; i++) {
      float merged = BASE[i] + (TUNED[i] - BASE[i]);
      if (merged != BASE[i]) {
        updated++;
        lost += Bfloat16.toFloat(Bfloat16.fromFloat(merged)) == BASE[i] ? 1 : 0;
      }
    }
    assertThat(run.out().lines().skip(3)).containsExactly(SENTENCE);
    assertThat(tensor("weight").get("updated").longValue()).isEqualTo(updated);
    assertThat(tensor("weight").get("lost").longValue()).isEqualTo(lost);
    assertThat(tensor("untouched").has("updated")).isFalse();
    assertThat(manifest().has("rounding")).isFalse();
  }

  @Test
  void areNotReportedWhereFewWereLost() throws IOException {
    CommandLineRun run = merge(RECIPE.replace("weight: 1", "weight: 1000"));
    assertThat(run.out().lines()).hasSize(3);
    assertThat(tensor("weight").get("lost").longValue()).isBetween(1L, ELEMENTS / 100L);
  }

  @Test
  void areNotCountedInFloat32OrWhereThereIsNoBase() throws IOException {
    assertThat(merge(RECIPE + "dtype: float32\n").out().lines()).hasSize(3);
    assertThat(tensor("weight").has("updated")).isFalse();
    String linear =
        """
        merge_method: linear
        base_model: base
        parameters: {weight: 1}
        models: [{model: base}, {model: tuned}]
        """;
    assertThat(merge(linear).out().lines()).hasSize(3);
    assertThat(tensor("weight").has("updated")).isFalse();
  }

  @Test
  void surviveOnAverageInStochasticRounding() throws IOException {
    double[] means = new double[2];
    double square = 0;
    for (int seed = 0; seed < 2; seed++) {
      CommandLineRun run = merge(RECIPE, "rounding=stochastic", "seed=" + seed);
      assertThat(run.out().lines()).hasSize(3);
      double[] merged = new Tensors(folder.resolve("out")).values("weight");
      for (int i = 0; i < ELEMENTS; i++) {
        double update = (double) TUNED[i] - BASE[i];
        means[seed] += Math.signum(update) * (merged[i] - BASE[i]) / ELEMENTS;
        square += Math.pow(merged[i] - TUNED[i], 2) / 2;
      }
    }
    double expected = 0;
    for (int i = 0; i < ELEMENTS; i++) {
      expected += Math.abs((double) TUNED[i] - BASE[i]) / ELEMENTS;
    }
    double fourSigma = 4 * Math.sqrt(square / ELEMENTS) / Math.sqrt(ELEMENTS);
    assertThat(fourSigma).isLessThan(expected / 5);
    assertThat(means[0]).isCloseTo(expected, within(fourSigma)).isNotEqualTo(means[1]);
    assertThat(means[1]).isCloseTo(expected, within(fourSigma));
    assertThat(manifest().get("rounding").textValue()).isEqualTo("stochastic");
  }
}
