package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.output.ConfigEdit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which type each output tensor has, and what becomes of types that are not merged. */
class DTypePlanTest {
  private static final String PASSTHROUGH =
      """
      merge_method: passthrough
      models:
        - model: a
      """;

  private static ModelHeaders one(String model, DType dtype) {
    return ModelHeaders.named(model).tensor("weight", dtype, 6);
  }

  private static DType type(MergePlan plan) {
    return tensor(plan, "weight").output().dtype();
  }

  @Test
  void keepsTheTypeOfTheFirstModelWhereNobodyAskedForOne() {
    MergePlan plan = Planning.of(linear("a", "b"), one("a", DType.F16), one("b", DType.F32)).plan();
    assertThat(type(plan)).isEqualTo(DType.F16);
    assertThat(plan.output().edits()).isEmpty();
  }

  @Test
  void keepsTheTypeOfTheBaseBeforeThatOfTheFirst() {
    String recipe = "base_model: b\n" + linear("a", "b");
    assertThat(type(Planning.of(recipe, one("a", DType.F16), one("b", DType.F32)).plan()))
        .isEqualTo(DType.F32);
  }

  @ParameterizedTest
  @CsvSource({
    "dtype: float32,                        F32",
    "out_dtype: float16,                    F16",
    "'dtype: float32\nout_dtype: bfloat16', BF16",
  })
  void writesTheTypeThatTheRecipeAsksFor(String lines, DType expected) {
    String recipe = lines + "\n" + linear("a", "b");
    MergePlan plan = Planning.of(recipe, one("a", DType.F64), one("b", DType.F64)).plan();
    assertThat(type(plan)).isEqualTo(expected);
    assertThat(plan.output().edits()).containsExactly(ConfigEdit.type(expected));
  }

  @Test
  void heedsTheOptionBeforeTheRecipe() {
    String recipe = "dtype: float32\nout_dtype: bfloat16\n" + linear("a", "b");
    MergePlan plan =
        Planning.of(recipe, one("a", DType.F64), one("b", DType.F64)).dtype(DType.F16).plan();
    assertThat(type(plan)).isEqualTo(DType.F16);
    assertThat(plan.output().edits()).containsExactly(ConfigEdit.type(DType.F16));
  }

  @ParameterizedTest
  @EnumSource(names = {"I64", "U8", "BOOL"})
  void copiesWholeNumbersAndFlagsWithANotice(DType dtype) {
    ModelHeaders a = one("a", DType.BF16).tensor("position_ids", dtype, 8);
    ModelHeaders b = one("b", DType.BF16).tensor("position_ids", dtype, 8);
    MergePlan plan = Planning.of(linear("a", "b"), a, b).dtype(DType.F32).plan();
    assertThat(tensor(plan, "position_ids").work()).isInstanceOf(Copy.class);
    assertThat(tensor(plan, "position_ids").output().dtype()).isEqualTo(dtype);
    assertThat(inputs(plan, "position_ids")).containsExactly("a/position_ids");
    assertThat(plan.notices())
        .containsExactly(
            "1 tensor copied from one model, because whole numbers and flags are copied, not"
                + " averaged: position_ids");
  }

  @ParameterizedTest
  @EnumSource(names = {"F8_E8M0", "F4", "C64"})
  void rejectsAMergeOfTypesThatCannotBeWidened(DType dtype) {
    Planning.of(linear("a", "b"), one("a", DType.BF16), one("b", dtype))
        .assertProblems(
            "recipe.yml:5: %s in b/model.safetensors cannot be merged; convert it to BF16, F16 or F32, for weight"
                .formatted(dtype));
  }

  @ParameterizedTest
  @EnumSource(names = {"F8_E8M0", "F4", "C64"})
  void passesTypesThatCannotBeWidenedThrough(DType dtype) {
    MergePlan plan = Planning.of(PASSTHROUGH, one("a", dtype)).dtype(DType.BF16).plan();
    assertThat(tensor(plan, "weight").work()).isInstanceOf(Copy.class);
    assertThat(type(plan)).isEqualTo(dtype);
  }

  @Test
  void passesBytesThroughWhereTheTypeStays() {
    MergePlan plan = Planning.of(PASSTHROUGH, one("a", DType.F16)).dtype(DType.F16).plan();
    assertThat(tensor(plan, "weight").work()).isInstanceOf(Copy.class);
  }

  @Test
  void convertsWhatIsPassedThroughWhereTheTypeChanges() {
    MergePlan plan = Planning.of(PASSTHROUGH, one("a", DType.F16)).dtype(DType.F32).plan();
    assertThat(tensor(plan, "weight").work()).isInstanceOf(Blockwise.class);
    assertThat(type(plan)).isEqualTo(DType.F32);
  }

  @Test
  void scalesWhatIsPassedThrough() {
    String recipe = PASSTHROUGH + "    parameters: {scale: 0.5}\n";
    assertThat(tensor(Planning.of(recipe, one("a", DType.F16)).plan(), "weight").work())
        .isInstanceOf(Blockwise.class);
  }

  @Test
  void rejectsAScaleOnTypesThatCannotBeWidened() {
    String recipe = PASSTHROUGH + "    parameters: {scale: 0.5}\n";
    Planning.of(recipe, one("a", DType.F8_E8M0))
        .assertProblems(
            "recipe.yml:3: F8_E8M0 in a/model.safetensors cannot be merged; convert it to BF16, F16"
                + " or F32, for weight");
  }
}
