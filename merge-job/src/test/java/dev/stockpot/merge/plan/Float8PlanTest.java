package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.output.ConfigEdit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of FP8 tensors, with scales and without. */
class Float8PlanTest {
  private static final String REMEDY =
      "for example with `FineGrainedFP8Config(dequantize=True)` of transformers; or let each of"
          + " these modules come from one model alone, by passthrough, or by filters with weights"
          + " of 0 and 1, and without a `dtype`";
  private static final String PASSTHROUGH = "merge_method: passthrough\nmodels:\n  - model: a\n";

  private static ModelHeaders one(String model, DType dtype) {
    return ModelHeaders.named(model).tensor("x.weight", dtype, 6);
  }

  /** An FP8 model with that scale beside its tensor. */
  private static ModelHeaders scaled(String model, String scale) {
    return one(model, DType.F8_E4M3).tensor(scale, DType.F32, 1).tensor("norm", 6);
  }

  private static DType type(MergePlan plan) {
    return tensor(plan, "x.weight").output().dtype();
  }

  @ParameterizedTest
  @EnumSource(names = {"F8_E4M3", "F8_E5M2"})
  void mergesIntoBfloat16WhereNobodyAskedForAType(DType dtype) {
    MergePlan plan = Planning.of(linear("a", "b"), one("a", dtype), one("b", dtype)).plan();
    assertThat(tensor(plan, "x.weight").work()).isInstanceOf(Blockwise.class);
    assertThat(type(plan)).isEqualTo(DType.BF16);
    assertThat(plan.output().edits()).containsExactly(ConfigEdit.withoutFloat8(DType.BF16));
    assertThat(plan.notices())
        .containsExactly(
            "1 tensor of FP8 merged into BF16, as FP8 is read and not written: x.weight");
  }

  @Test
  void mergesIntoTheTypeThatWasAskedFor() {
    MergePlan plan =
        Planning.of(linear("a", "b"), one("a", DType.F8_E4M3), one("b", DType.BF16))
            .dtype(DType.F16)
            .plan();
    assertThat(type(plan)).isEqualTo(DType.F16);
    assertThat(plan.notices()).isEmpty();
  }

  @Test
  void keepsTheTypeOfABaseThatIsNotFp8() {
    MergePlan plan =
        Planning.of(
                "base_model: b\n" + linear("a", "b"), one("a", DType.F8_E4M3), one("b", DType.F32))
            .plan();
    assertThat(type(plan)).isEqualTo(DType.F32);
  }

  @Test
  void copiesAsItIsWhatIsPassedThrough() {
    MergePlan plan = Planning.of(PASSTHROUGH, one("a", DType.F8_E4M3)).plan();
    assertThat(tensor(plan, "x.weight").work()).isInstanceOf(Copy.class);
    assertThat(plan.output().edits()).isEmpty();
    assertThat(plan.notices()).isEmpty();
  }

  @Test
  void saysThatTheConfigurationNoLongerSpeaksOfFp8() {
    String config = "{\"quantization_config\": {\"quant_method\": \"fp8\"}}";
    MergePlan plan =
        Planning.of(PASSTHROUGH, one("a", DType.F8_E4M3).config(config)).dtype(DType.BF16).plan();
    assertThat(plan.notices())
        .containsExactly("config.json loses its quantization_config: no tensor is FP8 any more");
  }

  @Test
  void keepsTheConfigurationWhereSomeTensorStaysFp8() {
    ModelHeaders a = one("a", DType.F8_E4M3).tensor("only", DType.F8_E4M3, 6);
    MergePlan plan = Planning.of(linear("a", "b"), a, one("b", DType.BF16)).copyingMissing().plan();
    assertThat(tensor(plan, "only").work()).isInstanceOf(Copy.class);
    assertThat(plan.output().edits()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x.weight_scale_2", "x.input_scale", "x.k_scale", "x.scale", "x.scale_weight"})
  void rejectsAMergeOfModelsWithScales(String scale) {
    Planning.of(linear("a", "b"), one("a", DType.BF16).tensor("norm", 6), scaled("b", scale))
        .assertProblems(
            ("recipe.yml:5: b has scales for 1 tensor of FP8, for example %s for x.weight, and they"
                    + " cannot be merged. De-quantise the model to bfloat16 first, "
                    + REMEDY)
                .formatted(scale));
  }

  @Test
  void namesEveryModelWithScales() {
    Planning.of(
            linear("a", "b"),
            scaled("a", "x.weight_scale").tensor("y.weight", DType.F8_E5M2, 6),
            scaled("b", "x.weight_scale")
                .tensor("y.weight", DType.F8_E5M2, 6)
                .tensor("y.input_scale", DType.F32, 1))
        .assertProblems(
            "recipe.yml:4: a has scales for 1 tensor of FP8, for example x.weight_scale for"
                + " x.weight, and they cannot be merged. De-quantise the model to bfloat16 first, "
                + REMEDY,
            "recipe.yml:5: b has scales for 2 tensors of FP8, for example x.weight_scale for"
                + " x.weight, and they cannot be merged. De-quantise the model to bfloat16 first, "
                + REMEDY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.weight_scale_inv", "x.weight_scale"})
  void mergesFp8TimesItsScales(String scale) {
    MergePlan plan =
        Planning.of(linear("a", "b"), one("a", DType.BF16).tensor("norm", 6), scaled("b", scale))
            .plan();
    assertThat(Planning.names(plan)).containsExactlyInAnyOrder("norm", "x.weight");
    assertThat(tensor(plan, "x.weight").work().inputs().get(1).source())
        .isInstanceOf(Dequantised.class);
    assertThat(tensor(plan, "x.weight").output().dtype()).isEqualTo(DType.BF16);
    assertThat(plan.notices())
        .contains(
            "FP8 of b is read times its scales; the output has BF16 in its place, and no scales");
  }

  @Test
  void changesTheTypeOfFp8WithItsScales() {
    String config = "{\"quantization_config\": {\"quant_method\": \"fp8\"}}";
    MergePlan plan =
        Planning.of(PASSTHROUGH, scaled("a", "x.weight_scale_inv").config(config))
            .dtype(DType.F32)
            .plan();
    assertThat(Planning.names(plan)).containsExactlyInAnyOrder("norm", "x.weight");
    assertThat(tensor(plan, "x.weight").output().dtype()).isEqualTo(DType.F32);
    assertThat(plan.output().edits()).contains(ConfigEdit.withoutCodes(DType.F32));
    assertThat(plan.notices())
        .contains("config.json loses its quantization_config: no tensor is FP8 any more");
  }

  /** Two rows of two blocks, the last of each cut short, as the configuration says. */
  @Test
  void takesTheSizeOfBlocksFromTheConfiguration() {
    String config =
        "{\"quantization_config\": {\"quant_method\": \"fp8\", \"weight_block_size\": [4, 3]}}";
    assertThat(blocks(config, new long[] {7, 5}, 2, 2)).isEqualTo(List.of(4L, 3L));
    assertThat(blocks(config, new long[] {2, 7, 5}, 2, 2, 2)).isEqualTo(List.of(1L, 4L, 3L));
  }

  @Test
  void tellsBlocksByTheShapeOfScales() {
    assertThat(blocks("{}", new long[] {8, 6})).isEqualTo(List.of(8L, 6L));
    assertThat(blocks("{}", new long[] {8, 6}, 1)).isEqualTo(List.of(8L, 6L));
    assertThat(blocks("{}", new long[] {8, 6}, 8)).isEqualTo(List.of(1L, 6L));
    assertThat(blocks("{}", new long[] {8, 6}, 8, 1)).isEqualTo(List.of(1L, 6L));
    assertThat(blocks("{}", new long[] {8, 6}, 8, 2)).isEqualTo(List.of(1L, 3L));
    assertThat(blocks("{}", new long[] {3, 8, 6}, 3)).isEqualTo(List.of(1L, 8L, 6L));
    assertThat(blocks("{}", new long[] {3, 8, 6}, 3, 1, 1)).isEqualTo(List.of(1L, 8L, 6L));
  }

  private static List<Long> blocks(String config, long[] codes, long... scales) {
    ModelHeaders model =
        ModelHeaders.named("a")
            .config(config)
            .tensor("x.weight", DType.F8_E4M3, codes)
            .tensor("x.weight_scale", DType.F32, scales);
    MergePlan plan = Planning.of(PASSTHROUGH, model).dtype(DType.F32).plan();
    return ((Dequantised) tensor(plan, "x.weight").work().inputs().get(0).source()).block();
  }

  @Test
  void refusesScalesThatFitNoBlocks() {
    ModelHeaders model =
        ModelHeaders.named("a")
            .tensor("x.weight", DType.F8_E4M3, 7, 5)
            .tensor("x.weight_scale_inv", DType.F32, 2, 2);
    Planning.of(PASSTHROUGH, model)
        .dtype(DType.BF16)
        .assertProblems(
            "recipe.yml:3: a has scales for 1 tensor of FP8, for example x.weight_scale_inv for"
                + " x.weight, and they cannot be merged. De-quantise the model to bfloat16 first, "
                + REMEDY);
  }

  @Test
  void leavesOutTheScalesOfActivations() {
    ModelHeaders model =
        scaled("a", "x.weight_scale")
            .tensor("x.input_scale", DType.F32)
            .tensor("attn.k_scale", DType.F32);
    MergePlan plan = Planning.of(PASSTHROUGH, model).dtype(DType.BF16).plan();
    assertThat(Planning.names(plan)).containsExactlyInAnyOrder("norm", "x.weight");
  }

  @Test
  void passesScalesThroughWithWhatTheyScale() {
    MergePlan plan = Planning.of(PASSTHROUGH, scaled("a", "x.weight_scale_inv")).plan();
    assertThat(tensor(plan, "x.weight").work()).isInstanceOf(Copy.class);
    assertThat(tensor(plan, "x.weight_scale_inv").work()).isInstanceOf(Copy.class);
  }

  @Test
  void mergesScalesOfOtherThings() {
    ModelHeaders a = one("a", DType.F8_E4M3).tensor("y.layer_scale", 6).tensor("logit_scale");
    ModelHeaders b = one("b", DType.F8_E4M3).tensor("y.layer_scale", 6).tensor("logit_scale");
    assertThat(tensor(Planning.of(linear("a", "b"), a, b).plan(), "y.layer_scale").work())
        .isInstanceOf(Blockwise.class);
  }
}
