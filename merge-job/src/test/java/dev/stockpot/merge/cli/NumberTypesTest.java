package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Merges of models of every type, beside float64 code. */
class NumberTypesTest {
  private static final int ELEMENTS = 5_000;
  private static final String FP8_CONFIG =
      """
      {"torch_dtype": "bfloat16", "quantization_config": {"quant_method": "fp8"}, "id": 1}\
      """;

  @TempDir private Path folder;

  private CommandLineRun merge(String recipe, Object... options) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    Object[] arguments = new Object[5 + options.length];
    System.arraycopy(
        new Object[] {"merge", file, out(), "--set", "model-root=" + folder}, 0, arguments, 0, 5);
    System.arraycopy(options, 0, arguments, 5, options.length);
    return CommandLineRun.of(arguments);
  }

  private Path out() {
    return folder.resolve("out");
  }

  private static String linear(String... models) {
    StringBuilder recipe = new StringBuilder("merge_method: linear\nmodels:\n");
    for (int i = 0; i < models.length; i++) {
      recipe.append("- {model: %s, parameters: {weight: %s}}%n".formatted(models[i], i + 1));
    }
    return recipe.toString();
  }

  private void write(String model, DType dtype, byte[] bytes) throws IOException {
    ModelFolder.at(folder.resolve(model))
        .file("config.json", FP8_CONFIG)
        .tensor("weight", dtype, bytes, bytes.length / dtype.bytes())
        .write();
  }

  /** Values of any 16-bit or larger type, by its own patterns, and what they are. */
  private double[] random(String model, DType dtype, long seed) throws IOException {
    Random random = new Random(seed);
    ByteBuffer bytes = ByteBuffer.allocate(ELEMENTS * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < ELEMENTS; i++) {
      double value = random.nextGaussian();
      switch (dtype) {
        case F64 -> bytes.putDouble(value);
        case F32 -> bytes.putFloat((float) value);
        case BF16 -> bytes.putShort((short) (Float.floatToIntBits((float) value) >>> 16));
        // exponents 2 to 17 of float16, with any mantissa
        case F16 -> bytes.putShort((short) (random.nextInt(1 << 14) + (2 << 10)));
        default -> throw new IllegalArgumentException(dtype.name());
      }
    }
    write(model, dtype, bytes.array());
    return new Tensors(folder.resolve(model)).values("weight");
  }

  /** A weighted mean in float64, with weights 1, 2, …. */
  private static double[] mean(List<double[]> models) {
    double[] mean = new double[models.get(0).length];
    double weights = models.size() * (models.size() + 1) / 2.0;
    for (int m = 0; m < models.size(); m++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += models.get(m)[i] * (m + 1) / weights;
      }
    }
    return mean;
  }

  /** Rounded in its type, after sums in float32 of numbers around 1. */
  private void assertMerged(double[] expected, DType dtype, double step) throws IOException {
    Tensors merged = new Tensors(out());
    assertThat(merged.checkpoint().tensors().get("weight").dtype()).isEqualTo(dtype);
    double[] values = merged.values("weight");
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isCloseTo(expected[i], within(2e-6 + step / 2 * Math.abs(expected[i])));
    }
  }

  @ParameterizedTest
  @CsvSource({"BF16, 0.0078125", "F16, 0.0009765625", "F32, 0", "F64, 0"})
  void modelsOfFourTypesMergeIntoAnyOfThem(DType dtype, double step) throws IOException {
    List<double[]> models =
        List.of(
            random("a", DType.BF16, 1),
            random("b", DType.F16, 2),
            random("c", DType.F32, 3),
            random("d", DType.F64, 4));
    String word = dtype == DType.BF16 ? "bfloat16" : "float" + dtype.bits();
    merge(linear("a", "b", "c", "d"), "--dtype", word).succeeds();
    assertMerged(mean(models), dtype, step);
  }

  @Test
  void float64StaysFloat64() throws IOException {
    List<double[]> models = List.of(random("a", DType.F64, 1), random("b", DType.F64, 2));
    merge(linear("a", "b")).succeeds();
    assertMerged(mean(models), DType.F64, 0);
  }

  /** All 256 patterns but NaN and infinity, shuffled. */
  private double[] everyFloat8(String model, DType dtype, long seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = new byte[ELEMENTS];
    double[] values = new double[ELEMENTS];
    int most = dtype == DType.F8_E4M3 ? 0x7F : 0x7C;
    for (int i = 0; i < ELEMENTS; i++) {
      int magnitude = random.nextInt(most);
      int sign = random.nextInt(2);
      bytes[i] = (byte) (magnitude | sign << 7);
      values[i] = (sign == 0 ? 1 : -1) * meaning(dtype, magnitude);
    }
    write(model, dtype, bytes);
    return values;
  }

  /** As the paper defines the formats. */
  private static double meaning(DType dtype, int magnitude) {
    int mantissaBits = dtype == DType.F8_E4M3 ? 3 : 2;
    int bias = dtype == DType.F8_E4M3 ? 7 : 15;
    int exponent = magnitude >> mantissaBits;
    double mantissa = (magnitude % (1 << mantissaBits)) / (double) (1 << mantissaBits);
    return exponent == 0
        ? mantissa * Math.pow(2, 1 - bias)
        : (1 + mantissa) * Math.pow(2, exponent - bias);
  }

  @ParameterizedTest
  @EnumSource(names = {"F8_E4M3", "F8_E5M2"})
  void float8IsWidenedAndMergedIntoBfloat16(DType dtype) throws IOException {
    List<double[]> models = List.of(everyFloat8("a", dtype, 1), everyFloat8("b", dtype, 2));
    CommandLineRun run = merge(linear("a", "b")).succeeds();
    assertMergedRelative(mean(models));
    assertThat(run.err())
        .isEqualTo(
            """
            Note: 1 tensor of FP8 merged into BF16, as FP8 is read and not written: weight
            Note: config.json loses its quantization_config: no tensor is FP8 any more
            """);
    JsonNode config = new ObjectMapper().readTree(Files.readString(out().resolve("config.json")));
    assertThat(config.toString()).isEqualTo("{\"torch_dtype\":\"bfloat16\",\"id\":1}");
  }

  @Test
  void float8MergesWithOtherTypes() throws IOException {
    List<double[]> models =
        List.of(
            random("a", DType.BF16, 1),
            everyFloat8("b", DType.F8_E4M3, 2),
            everyFloat8("c", DType.F8_E5M2, 3));
    merge(linear("a", "b", "c")).succeeds();
    assertMergedRelative(mean(models));
  }

  /** Rounded to bfloat16, after sums in float32 of numbers of which the largest is 57,344. */
  private void assertMergedRelative(double[] expected) throws IOException {
    Tensors merged = new Tensors(out());
    assertThat(merged.checkpoint().tensors().get("weight").dtype()).isEqualTo(DType.BF16);
    double[] values = merged.values("weight");
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i])
          .isCloseTo(expected[i], within(57_344 * 0x1p-23 + 0x1p-8 * Math.abs(expected[i])));
    }
  }

  @Test
  void aTaskVectorOnAFloat8BaseIsExact() throws IOException {
    double[] base = everyFloat8("base", DType.F8_E4M3, 1);
    everyFloat8("a", DType.F8_E4M3, 2);
    merge(
            """
            merge_method: task_arithmetic
            base_model: base
            models:
            - {model: a, parameters: {weight: 0}}
            """)
        .succeeds();
    assertThat(new Tensors(out()).values("weight"))
        .containsExactly(base, within(0.0)); // but for signs of zero
  }

  @Test
  void float8IsPassedThroughAsItIs() throws IOException {
    everyFloat8("a", DType.F8_E4M3, 1);
    merge("merge_method: passthrough\nmodels:\n- model: a\n").succeeds();
    assertThat(new Tensors(out()).bytes("weight"))
        .isEqualTo(new Tensors(folder.resolve("a")).bytes("weight"));
    assertThat(out().resolve("config.json")).content().contains("quantization_config");
  }

  @ParameterizedTest
  @EnumSource(names = {"F8_E4M3FNUZ", "F8_E5M2FNUZ"})
  void otherFloatsOfEightBitsArePassedThroughAndNotMerged(DType type) throws IOException {
    byte[] codes = {1, (byte) 0x80, 3, 4};
    write("a", type, codes);
    write("b", type, new byte[] {1, 2, 3, 4});
    merge("merge_method: passthrough\nmodels:\n- model: a\n").succeeds();
    assertThat(new Tensors(out()).bytes("weight")).isEqualTo(ByteBuffer.wrap(codes));

    CommandLineRun run = merge(linear("a", "b"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(type.name() + " in ", "cannot be merged", "for weight");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7F, 0xFF})
  void notANumberInFloat8IsFound(int pattern) throws IOException {
    write("a", DType.F8_E4M3, new byte[] {1, 2, (byte) pattern, 3});
    write("b", DType.F8_E4M3, new byte[4]);
    CommandLineRun run = merge(linear("a", "b"), "--set", "check-finite=true");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("element 2 of weight is NaN");
  }
}
