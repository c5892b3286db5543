package dev.stockpot.merge.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Dequantised.Step;
import dev.stockpot.merge.model.Indexed;
import dev.stockpot.merge.model.Packing;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.model.Unpacked;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which integers the codes of a module stand for, and that none are guessed. */
class CodedNumbersTest extends CodedCase {
  @Test
  void integersShareAScaleInGroupsOfTheirRow() {
    compressed("pack-quantized", 4, 32)
        .tensor("weight_packed", DType.I32, 16, 8)
        .tensor("weight_scale", DType.BF16, 16, 2);
    assertRead(
        "weight",
        new Dequantised(
            unpacked("weight_packed", Packing.INT4, 16, 64),
            part("weight_scale"),
            List.of(1L, 32L)));
  }

  /** A row of 20 codes takes three words, the last of which is half full. */
  @Test
  void theLastWordOfARowNeedNotBeFull() {
    compressed("pack-quantized", 4, 10)
        .tensor("weight_packed", DType.I32, 16, 3)
        .tensor("weight_scale", DType.F32, 16, 2);
    assertRead(
        "weight",
        new Dequantised(
            unpacked("weight_packed", Packing.INT4, 16, 20),
            part("weight_scale"),
            List.of(1L, 10L)));
  }

  @Test
  void oneScaleMayBeForAll() {
    compressed("pack-quantized", 8, "null")
        .tensor("weight_packed", DType.I32, 16, 2)
        .tensor("weight_scale", DType.F32, 1, 1);
    assertRead(
        "weight",
        new Dequantised(
            unpacked("weight_packed", Packing.INT8, 16, 8),
            part("weight_scale"),
            List.of(16L, 8L)));
  }

  @Test
  void zeroPointsAreTakenAwayBeforeTheScaleCounts() {
    compressed("pack-quantized", 4, 32)
        .said(GROUPS + "weights.symmetric", false)
        .tensor("weight_packed", DType.I32, 16, 8)
        .tensor("weight_scale", DType.F16, 16, 2)
        .tensor("weight_zero_point", DType.I32, 2, 2);
    List<Long> block = List.of(1L, 32L);
    Unpacked zeros =
        new Unpacked(
            part("weight_zero_point"), Packing.INT4, Shape.of(16, 2), /* alongColumns= */ true);
    assertRead(
        "weight",
        new Dequantised(
            new Dequantised(
                unpacked("weight_packed", Packing.INT4, 16, 64), zeros, block, Step.MINUS),
            part("weight_scale"),
            block));
  }

  @Test
  void aColumnMayBeOfAnyGroup() {
    compressed("pack-quantized", 4, 32)
        .tensor("weight_packed", DType.I32, 16, 8)
        .tensor("weight_scale", DType.F16, 16, 2)
        .tensor("weight_g_idx", DType.I32, 64);
    assertRead(
        "weight",
        new Dequantised(
            unpacked("weight_packed", Packing.INT4, 16, 64),
            new Indexed(part("weight_scale"), part("weight_g_idx")),
            List.of(1L, 1L)));
  }

  @Test
  void bytesAreCodesWithSigns() {
    compressed("int-quantized", 8, "null")
        .said(GROUPS + "weights.symmetric", false)
        .tensor("weight", DType.I8, 4, 6)
        .tensor("weight_scale", DType.BF16, 4, 1)
        .tensor("weight_zero_point", DType.I8, 4, 1);
    List<Long> row = List.of(1L, 6L);
    assertRead(
        "weight",
        new Dequantised(
            new Dequantised(
                unpacked("weight", Packing.SIGNED, 4, 6),
                unpacked("weight_zero_point", Packing.SIGNED, 4, 1),
                row,
                Step.MINUS),
            part("weight_scale"),
            row));
  }

  /** Format, bits and group size that are said, and what is stored: rows and columns of each. */
  @ParameterizedTest
  @CsvSource({
    "pack-quantized, 3, 32, 16, 8, 16, 2",
    "pack-quantized, 4, 48, 16, 8, 16, 2",
    "pack-quantized, 4, 0, 16, 8, 16, 2",
    "pack-quantized, 4, null, 16, 8, 16, 3",
    "pack-quantized, 4, 32, 16, 8, 15, 2",
    "pack-quantized, 4, 32, 0, 8, 0, 2",
    "marlin-24, 4, 32, 16, 8, 16, 2"
  })
  void integersThatDoNotFitWhatIsSaidAreNotGuessed(
      String format, int bits, String group, long rows, long words, long scaleRows, long groups) {
    compressed(format, bits, group)
        .tensor("weight_packed", DType.I32, rows, words)
        .tensor("weight_scale", DType.BF16, scaleRows, groups);
    assertThat(numbers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, true"})
  void zeroPointsAreThereExactlyWhereZeroIsNotItself(boolean isSymmetric, boolean areThere) {
    compressed("pack-quantized", 4, 32)
        .said(GROUPS + "weights.symmetric", isSymmetric)
        .tensor("weight_packed", DType.I32, 16, 8)
        .tensor("weight_scale", DType.BF16, 16, 2);
    if (areThere) {
      tensor("weight_zero_point", DType.I32, 2, 2);
    }
    assertThat(numbers()).isEmpty();
  }

  /** Their scales are a vector or one number, and which way they are packed nobody can tell. */
  @ParameterizedTest
  @CsvSource({"16 8, 16", "16 8, ''", "2 16 8, 1 16"})
  void wordsWhoseScalesAreNoMatrixHaveNoNumbers(String codes, String scales) {
    tensor("qweight", DType.I32, lengths(codes)).tensor("scales", DType.F16, lengths(scales));
    Map<String, TensorSource> tensors = headers.open().tensors();
    assertThat(CodedModules.of(config, tensors).all())
        .singleElement()
        .satisfies(
            module -> {
              assertThat(module.codes()).containsExactly("x.qweight");
              assertThat(module.companions()).containsExactly("x.scales");
              assertThat(module.numbers(tensors, config)).isEmpty();
            });
  }

  /** Whoever quantised again may have left the file of who did before. */
  @Test
  void ofSeveralFilesOneIsBelievedEachTime() {
    said("quant_config.w_bit", 4).said("quant_config.bits", 4).said("quantize_config.bits", 4);
    assertThat(QuantMethod.of(config).word()).isEqualTo("gptq");
    said("quantization.bits", 4);
    assertThat(QuantMethod.of(config).word()).isEqualTo("mlx");
  }

  private static long[] lengths(String text) {
    return text.isEmpty()
        ? new long[0]
        : Arrays.stream(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }
}
