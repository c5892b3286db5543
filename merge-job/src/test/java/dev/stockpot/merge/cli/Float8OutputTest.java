package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FP8 models with scales by blocks merge into an FP8 model, with the scales of the base. */
class Float8OutputTest {
  private static final int ROWS = 200;
  private static final int COLUMNS = 130;
  private static final String CONFIG =
      """
      {"num_hidden_layers": 1, "torch_dtype": "bfloat16",
       "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]}}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    fp8("a", 1).write();
    fp8("b", 2).write();
  }

  /** Blocks whose largest codes are 448, 416, 240 and all zero. */
  private static byte[] codes(int seed) {
    Random random = new Random(seed);
    byte[] codes = new byte[ROWS * COLUMNS];
    for (int i = 0; i < codes.length; i++) {
      boolean isEmpty = i / COLUMNS >= 128 && i % COLUMNS >= 128;
      int code = random.nextInt(0x74) | (random.nextBoolean() ? 0x80 : 0);
      codes[i] = (byte) (isEmpty || (code & 0x7F) == 0 ? 0 : code);
    }
    codes[0] = 0x7E;
    codes[129] = 0x7D;
    codes[130 * COLUMNS] = 0x77;
    return codes;
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private ModelFolder fp8(String name, int seed) throws IOException {
    return ModelFolder.at(folder.resolve(name))
        .file("config.json", CONFIG)
        .bfloats("model.norm.weight", seed, 8)
        .tensor("model.layers.0.up.weight", DType.F8_E4M3, codes(seed), ROWS, COLUMNS)
        .tensor(
            "model.layers.0.up.weight_scale_inv",
            DType.F32,
            floats(0.0123f * seed, 0.37f, 1e-3f, 1),
            2,
            2);
  }

  private CommandLineRun merge(String recipe) throws IOException {
    Path file = folder.resolve("recipe.yml");
    Files.writeString(file, recipe.replace("DIR", folder.toString()));
    return CommandLineRun.of("merge", file, folder.resolve("out"), "--set", "report=false");
  }

  private static String linear(String a, String weightOfA, String b, String weightOfB) {
    return """
    merge_method: linear
    models:
      - {model: DIR/%s, parameters: {weight: %s}}
      - {model: DIR/%s, parameters: {weight: %s}}
    out_dtype: float8_e4m3fn
    """
        .formatted(a, weightOfA, b, weightOfB);
  }

  private Tensors output() throws IOException {
    return new Tensors(folder.resolve("out"));
  }

  private void assertSame(String tensor) throws IOException {
    assertThat(output().bytes(tensor)).isEqualTo(new Tensors(folder.resolve("a")).bytes(tensor));
  }

  @Test
  void aModelMergedWithItselfKeepsItsCodesAndScales() throws IOException {
    fp8("same", 1).write();
    merge(linear("a", "0.5", "same", "0.5")).succeeds();
    assertSame("model.layers.0.up.weight");
    assertSame("model.layers.0.up.weight_scale_inv");
    assertSame("model.norm.weight");
    assertThat(Files.readString(folder.resolve("out/config.json")))
        .contains("weight_block_size")
        .contains("bfloat16");
  }

  @Test
  void aModelAloneIsTheSameBytes() throws IOException {
    merge("merge_method: linear\nmodels: [{model: DIR/a, parameters: {weight: 1}}]\n").succeeds();
    for (String file : new String[] {"model.safetensors", "config.json"}) {
      assertThat(folder.resolve("out").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("a").resolve(file));
    }
  }

  @Test
  void numbersAreTheMergeRoundedOnce() throws IOException {
    CommandLineRun run = merge(linear("a", "0.5", "b", "0.5")).succeeds();
    assertThat(run.err())
        .contains("merged and written as FP8 again")
        .contains("changes that are smaller than that are lost");
    ByteBuffer merged = output().bytes("model.layers.0.up.weight");
    ByteBuffer scales = output().bytes("model.layers.0.up.weight_scale_inv");
    byte[] a = codes(1);
    byte[] b = codes(2);
    float[] ofA = {0.0123f, 0.37f, 1e-3f, 1};
    float[] ofB = {0.0246f, 0.37f, 1e-3f, 1};
    for (int i = 0; i < a.length; i++) {
      int block = i / COLUMNS / 128 * 2 + i % COLUMNS / 128;
      float scale = scales.getFloat(block * 4);
      float expected =
          0.5f * (Float8.e4m3ToFloat(a[i]) * ofA[block])
              + 0.5f * (Float8.e4m3ToFloat(b[i]) * ofB[block]);
      assertThat(merged.get(i)).as("%s", i).isEqualTo(Float8.toE4m3(expected / scale));
    }
    assertThat(scales.getFloat(12)).as("of a block of zeros").isEqualTo(1);
  }

  @Test
  void scalesGrowWhereNumbersWouldNotFit() throws IOException {
    merge(linear("a", "2", "b", "2").replace("models:", "parameters: {normalize: false}\nmodels:"))
        .succeeds();
    ByteBuffer scales = output().bytes("model.layers.0.up.weight_scale_inv");
    float largest = 0;
    for (byte code : output().bytes("model.layers.0.up.weight").array()) {
      largest = Math.max(largest, Math.abs(Float8.e4m3ToFloat(code)));
    }
    assertThat(largest).isEqualTo(448);
    assertThat(scales.getFloat(0)).isGreaterThan(0.0123f);
  }

  @Test
  void modulesOfOneModelAreCopiedWithTheirScales() throws IOException {
    merge(
            linear(
                "a",
                "[{filter: up, value: 0}, {value: 0.5}]",
                "b",
                "[{filter: up, value: 1}, {value: 0.5}]"))
        .succeeds();
    Tensors b = new Tensors(folder.resolve("b"));
    for (String tensor : b.checkpoint().tensors().keySet()) {
      if (tensor.contains("up")) {
        assertThat(output().bytes(tensor)).isEqualTo(b.bytes(tensor));
      }
    }
  }

  @Test
  void scalesOfActivationsGoAlongAndAreTold() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      fp8(name, 1).tensor("model.layers.0.up.input_scale", DType.F32, floats(0.5f), 1).write();
    }
    CommandLineRun run = merge(linear("a", "0.5", "b", "0.5")).succeeds();
    assertSame("model.layers.0.up.input_scale");
    assertThat(run.err()).contains("scales of activations are those of a");
  }

  /** Half of what numbers lie above the codes of `a`, of which `c` has them by that much more. */
  private CommandLineRun mergeWithNear(float factor) throws IOException {
    ModelFolder.at(folder.resolve("c"))
        .file("config.json", "{\"num_hidden_layers\": 1}")
        .bfloats("model.norm.weight", 1, 8)
        .matrix("model.layers.0.up.weight", nearlyTheSame(codes(1), factor), ROWS, COLUMNS)
        .write();
    return merge("base_model: DIR/a\n" + linear("a", "0.5", "c", "0.5")).succeeds();
  }

  private JsonNode weight() throws IOException {
    JsonNode manifest =
        new ObjectMapper().readTree(Files.readString(folder.resolve("out/stockpot-manifest.json")));
    for (JsonNode tensor : manifest.at("/shards/0/tensors")) {
      if (tensor.get("name").textValue().equals("model.layers.0.up.weight")) {
        return tensor;
      }
    }
    throw new AssertionError("the manifest lacks the tensor");
  }

  @Test
  void whatDrownsInRoundingIsAWarning() throws IOException {
    CommandLineRun run = mergeWithNear(0.999f);
    assertThat(run.out() + run.err())
        .contains(
            "Written as F8_E4M3, in 1 tensor: the merge changes them by 0.050 % of their size, and"
                + " rounding moves that by 0.050 %; 100 % of the parameters that changed were lost,"
                + " stored as in the base.")
        .contains("so that what it changed drowns: model.layers.0.up.weight. Write bfloat16")
        .doesNotContain("rounding=stochastic");
    JsonNode lengths = weight().get("lengths");
    double change = lengths.get("change").doubleValue();
    assertThat(change / lengths.get("base").doubleValue()).isCloseTo(0.0005, within(1e-6));
    assertThat(lengths.get("error").doubleValue()).isCloseTo(change, within(1e-3 * change));
  }

  @Test
  void changesThatAreLongerThanTheErrorAreToldWithoutAWarning() throws IOException {
    CommandLineRun run = merge(linear("a", "0.5", "b", "0.5")).succeeds();
    JsonNode lengths = weight().get("lengths");
    assertThat(run.err()).doesNotContain("drowns");
    assertThat(run.out()).contains("Written as F8_E4M3, in 1 tensor: the merge changes them by");
    assertThat(lengths.get("error").doubleValue() / lengths.get("base").doubleValue())
        .isBetween(0.01, 0.04);
  }

  @Test
  void aResumedMergeKnowsWhatIsThereAlready() throws IOException {
    mergeWithNear(1.2f);
    CommandLineRun again =
        CommandLineRun.of(
                "merge",
                folder.resolve("recipe.yml"),
                folder.resolve("out"),
                "--resume",
                "--set",
                "report=false")
            .succeeds();
    assertThat(again.out()).contains("is this merge already");
  }

  private static float[] nearlyTheSame(byte[] codes, float factor) {
    float[] scales = {0.0123f, 0.37f, 1e-3f, 1};
    float[] numbers = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      int block = i / COLUMNS / 128 * 2 + i % COLUMNS / 128;
      numbers[i] = Float8.e4m3ToFloat(codes[i]) * scales[block] * factor;
    }
    return numbers;
  }

  @Test
  void refusesFp8WhereNobodyWouldBeToldOfScales() throws IOException {
    ModelFolder.at(folder.resolve("d"))
        .file("config.json", "{\"num_hidden_layers\": 1}")
        .bfloats("model.norm.weight", 1, 8)
        .write();
    CommandLineRun run = merge(linear("d", "0.5", "d", "0.5"));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .contains("the output's type is float8_e4m3fn, but config.json of")
        .contains("Write bfloat16");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
