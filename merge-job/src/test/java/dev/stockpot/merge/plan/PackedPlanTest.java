package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.output.OutputTensor;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Packs of codes are merged as the numbers that they stand for; what nobody can read is refused.
 */
class PackedPlanTest {
  private static String compressed(String format, String weights) {
    return """
    {"quantization_config": {"quant_method": "compressed-tensors", "format": "%s",
      "config_groups": {"group_0": {"targets": ["Linear"], "weights": {%s}}}}}
    """
        .formatted(format, weights);
  }

  private static final String INT4 =
      compressed("pack-quantized", "\"num_bits\": 4, \"group_size\": 32, \"symmetric\": true");

  private static ModelHeaders int4(String model, String config) {
    return ModelHeaders.named(model)
        .config(config)
        .tensor("norm", 6)
        .tensor("x.weight_packed", DType.I32, 16, 8)
        .tensor("x.weight_scale", DType.BF16, 16, 2)
        .tensor("x.weight_shape", DType.I64, 2);
  }

  private static OutputTensor merged(ModelHeaders a, ModelHeaders b) {
    return tensor(Planning.of(linear("a", "b"), a, b).plan(), "x.weight").output();
  }

  private static void assertRefused(ModelHeaders a, ModelHeaders b, String problem) {
    Assertions.assertThatThrownBy(() -> Planning.of(linear("a", "b"), a, b).plan())
        .isInstanceOf(UserException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void integersOfFourBitsAreMergedIntoBfloat16() {
    MergePlan plan = Planning.of(linear("a", "b"), int4("a", INT4), int4("b", INT4)).plan();
    OutputTensor output = tensor(plan, "x.weight").output();
    assertThat(output.shape()).isEqualTo(Shape.of(16, 64));
    assertThat(output.dtype()).isEqualTo(DType.BF16);
    assertThat(PlannedTensor.of(plan))
        .extracting(planned -> planned.output().name())
        .containsExactlyInAnyOrder("norm", "x.weight");
    assertThat(plan.output().edits()).containsExactly(ConfigEdit.withoutCodes(DType.BF16));
    assertThat(plan.notices())
        .contains(
            "compressed-tensors of a, b is read times its scales; the output has BF16 in its place,"
                + " and no scales",
            "config.json loses its quantization_config: no tensor is quantised any more");
  }

  @Test
  void oneModelAloneIsCopiedAsItIs() {
    MergePlan plan =
        Planning.of(
                "merge_method: linear\nmodels:\n  - {model: a, parameters: {weight: 1}}\n",
                int4("a", INT4))
            .plan();
    assertThat(tensor(plan, "x.weight_packed").work()).isInstanceOf(Copy.class);
    assertThat(tensor(plan, "x.weight_scale").work()).isInstanceOf(Copy.class);
    assertThat(tensor(plan, "x.weight_shape").work()).isInstanceOf(Copy.class);
    assertThat(plan.output().edits()).isEmpty();
  }

  @Test
  void aTypeThatIsAskedForIsOfNumbers() {
    MergePlan plan =
        Planning.of("merge_method: passthrough\nmodels:\n  - model: a\n", int4("a", INT4))
            .dtype(DType.F16)
            .plan();
    assertThat(tensor(plan, "x.weight").output().dtype()).isEqualTo(DType.F16);
  }

  @Test
  void integersOfEightBitsLieFourInAWord() {
    String int8 =
        compressed("pack-quantized", "\"num_bits\": 8, \"group_size\": 16, \"symmetric\": true");
    assertThat(merged(int4("a", int8), int4("b", int8)).shape()).isEqualTo(Shape.of(16, 32));
  }

  @Test
  void rowsMayHaveOneScaleEach() {
    String channel = compressed("pack-quantized", "\"num_bits\": 4, \"strategy\": \"channel\"");
    ModelHeaders a = int4("a", channel).without("x.weight_scale");
    ModelHeaders b = int4("b", channel).without("x.weight_scale");
    a.tensor("x.weight_scale", DType.BF16, 16, 1);
    b.tensor("x.weight_scale", DType.F32, 16, 1);
    assertThat(merged(a, b).shape()).isEqualTo(Shape.of(16, 64));
  }

  @Test
  void zeroPointsAreWantedWhereZeroIsNotItself() {
    String asymmetric =
        compressed("pack-quantized", "\"num_bits\": 4, \"group_size\": 32, \"symmetric\": false");
    ModelHeaders b = int4("b", INT4);
    assertRefused(int4("a", asymmetric), b, "a is quantised (compressed-tensors)");
    ModelHeaders a = int4("a", asymmetric).tensor("x.weight_zero_point", DType.I32, 2, 2);
    assertThat(merged(a, b).shape()).isEqualTo(Shape.of(16, 64));
    ModelHeaders wrong = int4("a", asymmetric).tensor("x.weight_zero_point", DType.I32, 3, 2);
    assertRefused(wrong, b, "a is quantised (compressed-tensors)");
  }

  @Test
  void groupsMayBeScattered() {
    ModelHeaders a = int4("a", INT4).tensor("x.weight_g_idx", DType.I32, 64);
    assertThat(merged(a, int4("b", INT4)).shape()).isEqualTo(Shape.of(16, 64));
    ModelHeaders wrong = int4("a", INT4).tensor("x.weight_g_idx", DType.I32, 128);
    assertRefused(wrong, int4("b", INT4), "a is quantised");
  }

  @ParameterizedTest
  @CsvSource({
    "pack-quantized, '\"num_bits\": 3, \"group_size\": 32'",
    "pack-quantized, '\"num_bits\": 4, \"group_size\": 48'",
    "pack-quantized, '\"group_size\": 32'",
    "marlin-24, '\"num_bits\": 4, \"group_size\": 32'",
  })
  void refusesPacksThatNobodyCanRead(String format, String weights) {
    assertRefused(
        int4("a", compressed(format, weights)),
        int4("b", INT4),
        "is quantised (compressed-tensors)");
  }

  @Test
  void refusesGroupsOfLayersWithOtherBits() {
    String two =
        INT4.replace("\"group_0\":", "\"group_1\": {\"weights\": {\"num_bits\": 8}}, \"group_0\":");
    assertRefused(int4("a", two), int4("b", INT4), "a is quantised");
  }

  @Test
  void integersOfAByteEachAreRead() {
    String config = compressed("int-quantized", "\"num_bits\": 8, \"symmetric\": true");
    ModelHeaders a =
        ModelHeaders.named("a")
            .config(config)
            .tensor("x.weight", DType.I8, 4, 6)
            .tensor("x.weight_scale", DType.BF16, 4, 1);
    ModelHeaders b = ModelHeaders.named("b").config("{}").tensor("x.weight", 4, 6);
    assertThat(merged(a, b).shape()).isEqualTo(Shape.of(4, 6));
  }

  private static ModelHeaders gptOss(String model) {
    return ModelHeaders.named(model)
        .config("{\"quantization_config\": {\"quant_method\": \"mxfp4\"}}")
        .tensor("e.down_proj_blocks", DType.U8, 2, 6, 3, 16)
        .tensor("e.down_proj_scales", DType.U8, 2, 6, 3)
        .tensor("e.down_proj_bias", 2, 6);
  }

  @Test
  void expertsOfGptOssAreTurned() {
    MergePlan plan = Planning.of(linear("a", "b"), gptOss("a"), gptOss("b")).plan();
    assertThat(tensor(plan, "e.down_proj").output().shape()).isEqualTo(Shape.of(2, 96, 6));
    assertThat(PlannedTensor.of(plan)).hasSize(2);
  }

  @Test
  void expertsWithoutScalesAreRefused() {
    assertRefused(gptOss("a").without("e.down_proj_scales"), gptOss("b"), "a is quantised (MXFP4)");
  }

  @Test
  void smallFloatsHaveTwoScales() {
    ModelHeaders a =
        ModelHeaders.named("a")
            .config(compressed("nvfp4-pack-quantized", "\"num_bits\": 4, \"group_size\": 16"))
            .tensor("x.weight_packed", DType.U8, 4, 16)
            .tensor("x.weight_scale", DType.F8_E4M3, 4, 2)
            .tensor("x.weight_global_scale", DType.F32, 1)
            .tensor("x.input_global_scale", DType.F32, 1);
    ModelHeaders b =
        ModelHeaders.named("b")
            .config("{\"quantization_config\": {\"quant_algo\": \"NVFP4\"}}")
            .tensor("x.weight", DType.U8, 4, 16)
            .tensor("x.weight_scale", DType.F8_E4M3, 4, 2)
            .tensor("x.weight_scale_2", DType.F32)
            .tensor("x.input_scale", DType.F32);
    MergePlan plan = Planning.of(linear("a", "b"), a, b).plan();
    assertThat(tensor(plan, "x.weight").output().shape()).isEqualTo(Shape.of(4, 32));
    assertThat(PlannedTensor.of(plan)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"weight_scale_inv", "weight_scales_inv"})
  void fusedExpertsHaveBlocksOfTheirOwn(String scale) {
    String config =
        "{\"quantization_config\": {\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128]}}";
    ModelHeaders a =
        ModelHeaders.named("a")
            .config(config)
            .tensor("e.weight", DType.F8_E4M3, 3, 200, 130)
            .tensor("e." + scale, DType.F32, 3, 2, 2);
    ModelHeaders b = ModelHeaders.named("b").config("{}").tensor("e.weight", 3, 200, 130);
    MergePlan plan = Planning.of(linear("a", "b"), a, b).plan();
    assertThat(tensor(plan, "e.weight").output().shape()).isEqualTo(Shape.of(3, 200, 130));
    assertThat(PlannedTensor.of(plan)).hasSize(1);
  }
}
