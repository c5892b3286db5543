package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which tensors of two models are compared, and how that is dealt out. */
class DifferencePlanTest {
  private static ModelHeaders base() {
    return ModelHeaders.named("base")
        .tensor("h.10.w", DType.F32, 4, 4)
        .tensor("h.2.w", DType.BF16, 8)
        .tensor("norm", DType.BF16, 8);
  }

  private static DifferencePlan plan(ModelHeaders changed) {
    return DifferencePlan.of(base().open(), changed.open(), Planning.DEFAULTS);
  }

  private static List<String> looked(DifferencePlan plan) {
    return plan.looks().works().stream().map(scanned -> scanned.work().name()).toList();
  }

  @Test
  void comparesWhatBothHaveAndReadsItAsItLies() {
    DifferencePlan plan =
        plan(
            ModelHeaders.named("b")
                .tensor("norm", DType.F16, 8)
                .tensor("h.2.w", DType.F32, 8)
                .tensor("h.10.w", DType.BF16, 4, 4));

    assertThat(plan.tensors())
        .extracting(OutputTensor::name, OutputTensor::dtype)
        .containsExactly(
            tuple("h.2.w", DType.F32), tuple("h.10.w", DType.BF16), tuple("norm", DType.F16));
    assertThat(looked(plan)).containsExactly("h.10.w", "h.2.w", "norm");
    assertThat(plan.looks().bytesRead()).isEqualTo(16 * (4 + 2) + 8 * (2 + 4) + 8 * (2 + 2));
    assertThat(plan.notices()).isEmpty();
  }

  @Test
  void tellsWhatIsNotComparedAndWhyOnceForEachReason() {
    DifferencePlan plan =
        plan(
            ModelHeaders.named("b")
                .tensor("h.10.w", DType.F32, 16)
                .tensor("added.1", 3)
                .tensor("added.2", 3)
                .tensor("norm", DType.I16, 8));

    assertThat(plan.tensors()).isEmpty();
    assertThat(plan.notices())
        .containsExactly(
            "1 tensor not compared, because b has no such tensor: h.2.w",
            "1 tensor not compared, because their shapes differ between base and b: h.10.w",
            "1 tensor not compared, because their elements are no floating-point numbers: norm",
            "2 tensors not compared, because base has no such tensor: added.1, added.2");
  }

  @Test
  void emptyTensorsAreNotCompared() {
    Model empty = ModelHeaders.named("a").tensor("x", 0, 3).open();

    assertThat(DifferencePlan.of(empty, empty, Planning.DEFAULTS).notices())
        .containsExactly("1 tensor not compared, because they have no elements: x");
  }

  @Test
  void codesThatNobodyReadsAreNotCompared() {
    ModelHeaders codes =
        ModelHeaders.named("q")
            .config(
                """
                {"quantization_config": {
                 "quant_method": "compressed-tensors", "format": "marlin-24",
                 "config_groups": {"group_0": {"weights": {"num_bits": 4, "group_size": 32}}}}}\
                """)
            .tensor("x.weight_packed", DType.I32, 16, 8)
            .tensor("x.weight_scale", DType.BF16, 16, 2)
            .tensor("x.weight_shape", DType.I64, 2)
            .tensor("norm", DType.BF16, 8);

    DifferencePlan plan = DifferencePlan.of(base().open(), codes.open(), Planning.DEFAULTS);

    assertThat(looked(plan)).containsExactly("norm");
    assertThat(plan.notices())
        .containsExactly(
            "3 tensors of q not compared, because they are codes that nobody here can read",
            "2 tensors not compared, because q has no such tensor: h.2.w, h.10.w");
  }

  @Test
  void aTaskReadsAPartOfEitherModel() {
    PlanSettings settings = Works.settings(1L << 40, 2 << 20, 1 << 20);
    Model half = ModelHeaders.named("a").tensor("x", DType.BF16, 3, 1 << 20).open();
    Model wide = ModelHeaders.named("b").tensor("x", DType.F64, 3, 1 << 20).open();

    DifferencePlan alike = DifferencePlan.of(half, half, settings);
    DifferencePlan other = DifferencePlan.of(wide, half, settings);

    assertThat(alike.looks().works().get(0).slices()).hasSize(3);
    assertThat(alike.looks().mostBytes()).isEqualTo(4 << 20);
    assertThat(other.looks().mostBytes()).isEqualTo(10 << 20); // a slice that is larger
  }
}
