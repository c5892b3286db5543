package dev.stockpot.merge.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Dequantised.Step;
import dev.stockpot.merge.model.Packing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which numbers the small floats of a module stand for, with scales of several kinds. */
class CodedFloatsTest extends CodedCase {
  @Test
  void smallFloatsOfCompressedTensorsAreOverOneScaleForAll() {
    compressed("nvfp4-pack-quantized", 4, 16)
        .tensor("weight_packed", DType.U8, 4, 16)
        .tensor("weight_scale", DType.F8_E4M3, 4, 2)
        .tensor("weight_global_scale", DType.F32, 1);
    Dequantised scales =
        new Dequantised(
            part("weight_scale"), part("weight_global_scale"), List.of(4L, 2L), Step.OVER);
    assertRead(
        "weight",
        new Dequantised(unpacked("weight_packed", Packing.E2M1, 4, 32), scales, List.of(1L, 16L)));
  }

  @Test
  void smallFloatsOfTheModelOptimizerAreTimesOneScaleForAll() {
    said("quantization_config.quant_algo", "NVFP4")
        .tensor("weight", DType.U8, 4, 16)
        .tensor("weight_scale", DType.F8_E4M3, 4, 2)
        .tensor("weight_scale_2", DType.F32);
    Dequantised scales =
        new Dequantised(part("weight_scale"), part("weight_scale_2"), List.of(4L, 2L), Step.TIMES);
    assertRead(
        "weight",
        new Dequantised(unpacked("weight", Packing.E2M1, 4, 32), scales, List.of(1L, 16L)));
  }

  @Test
  void exponentsAloneAreScalesOfGroupsOfThirtyTwo() {
    compressed("mxfp4-pack-quantized", 4, 32)
        .tensor("weight_packed", DType.U8, 4, 32)
        .tensor("weight_scale", DType.U8, 4, 2);
    assertRead(
        "weight",
        new Dequantised(
            unpacked("weight_packed", Packing.E2M1, 4, 64),
            unpacked("weight_scale", Packing.EXPONENT, 4, 2),
            List.of(1L, 32L)));
  }

  /**
   * Types of the scales and of the one for all, columns of codes, and how many there are for all.
   */
  @ParameterizedTest
  @CsvSource({
    "F8_E4M3, -, 16, 1",
    "F8_E4M3, F32, 16, 2",
    "F8_E4M3, F32, 12, 1",
    "U8, F32, 16, 1",
    "U8, -, 16, 1",
    "BF16, F32, 16, 1"
  })
  void otherScalesOfSmallFloatsAreNotRead(DType scale, String forAll, long bytes, long count) {
    compressed("nvfp4-pack-quantized", 4, 16)
        .tensor("weight_packed", DType.U8, 4, bytes)
        .tensor("weight_scale", scale, 4, 2);
    if (!forAll.equals("-")) {
      tensor("weight_global_scale", DType.valueOf(forAll), count);
    }
    assertThat(numbers()).isEmpty();
  }

  @Test
  void expertsAreTheTransposesOfTheirBlocks() {
    said("quantization_config.quant_method", "mxfp4")
        .tensor("down_proj_blocks", DType.U8, 2, 6, 3, 16)
        .tensor("down_proj_scales", DType.U8, 2, 6, 3);
    Dequantised stored =
        new Dequantised(
            unpacked("down_proj_blocks", Packing.E2M1, 2, 6, 96),
            unpacked("down_proj_scales", Packing.EXPONENT, 2, 6, 3),
            List.of(1L, 1L, 32L));
    assertRead("down_proj", stored.exchanged(1, 2));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4})
  void expertsOfWhichOneCannotBeReadAreNotReadAtAll(long groups) {
    said("quantization_config.quant_method", "mxfp4")
        .tensor("down_proj_blocks", DType.U8, 2, 6, 3, 16)
        .tensor("down_proj_scales", DType.U8, 2, 6, 3)
        .tensor("up_proj_blocks", DType.U8, 2, 6, 3, 16);
    if (groups > 0) {
      tensor("up_proj_scales", DType.U8, 2, 6, groups);
    }
    assertThat(numbers()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void floatsOfEightBitsHaveAScaleForEachBlock(DType type) {
    said("quantization_config.quant_method", "fp8")
        .said("quantization_config.weight_block_size", "[128, 64]")
        .tensor("weight", DType.F8_E4M3, 256, 100)
        .tensor("weight_scale_inv", type, 2, 2);
    assertRead(
        "weight",
        new Dequantised(part("weight"), part("weight_scale_inv"), List.of(128L, 64L), Step.TIMES));
  }

  @Test
  void theirScalesMayBePowersOfTwo() {
    said("quantization_config.quant_method", "fp8")
        .tensor("weight", DType.F8_E4M3, 4, 64)
        .tensor("weight_scale", DType.F8_E8M0, 4, 2);
    assertRead(
        "weight",
        new Dequantised(
            part("weight"), unpacked("weight_scale", Packing.EXPONENT, 4, 2), List.of(1L, 32L)));
  }

  @Test
  void eachOfSeveralHasItsOwnScales() {
    said("quantization_config.quant_method", "fp8")
        .tensor("gate", DType.F8_E4M3, 4, 8)
        .tensor("gate_scale", DType.F32, 4, 1)
        .tensor("up", DType.F8_E4M3, 4, 8)
        .tensor("up_scale", DType.F32, 1);
    assertThat(numbers().orElseThrow())
        .isEqualTo(
            Map.of(
                "x.gate", new Dequantised(part("gate"), part("gate_scale"), List.of(1L, 8L)),
                "x.up", new Dequantised(part("up"), part("up_scale"), List.of(4L, 8L))));
  }

  @ParameterizedTest
  @CsvSource({"I32, 1", "F32, 3"})
  void floatsOfEightBitsWithoutScalesThatFitAreNotRead(DType type, long scales) {
    said("quantization_config.quant_method", "fp8")
        .tensor("weight", DType.F8_E4M3, 4, 8)
        .tensor("weight_scale", type, scales);
    assertThat(numbers()).isEmpty();
  }
}
