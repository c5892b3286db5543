package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.observe.KinshipView;
import dev.stockpot.merge.model.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class KinshipPlanTest {
  private static final KinshipView PAIR = new KinshipView(2, KinshipView.NO_BASE);

  private static KinshipPlan plan(boolean isSample, ModelHeaders... models) {
    List<Model> opened = List.of(models).stream().map(ModelHeaders::open).toList();
    KinshipView view = new KinshipView(opened.size(), KinshipView.NO_BASE);
    return KinshipPlan.of(opened, view, isSample, Planning.DEFAULTS);
  }

  private static ModelHeaders large(String name) {
    ModelHeaders model = ModelHeaders.named(name);
    for (int layer = 0; layer < 80; layer++) {
      String prefix = "model.layers.%s.".formatted(layer);
      model.tensor(prefix + "self_attn.q_proj.weight", 8192, 8192);
      model.tensor(prefix + "mlp.up_proj.weight", 28_672, 8192);
      model.tensor(prefix + "mlp.down_proj.weight", 8192, 28_672);
      model.tensor(prefix + "input_layernorm.weight", 8192);
    }
    return model.tensor("model.embed_tokens.weight", 128_256, 8192);
  }

  @Test
  void ofALargePairLittleIsRead() {
    KinshipPlan plan = plan(true, large("a"), large("b"));
    assertThat(plan.shapes()).hasSize(321);
    // of each matrix 256 KiB, of one with long rows 917,504 bytes, of a model
    assertThat(plan.looks().bytesRead()).isLessThan(2 * 80 * 1_600_000L);
    assertThat(plan.looks().mostBytes()).isEqualTo(32 << 20);
    assertThat(plan.notices()).isEmpty();
  }

  @Test
  void allIsReadWhereThatIsAskedFor() {
    KinshipPlan plan = plan(false, large("a"), large("b"));
    assertThat(plan.looks().bytesRead())
        .isEqualTo(2 * 2 * (80 * (8192L * 8192 + 2 * 8192L * 28_672 + 8192) + 128_256L * 8192));
  }

  @Test
  void cutsOfAllHangOnNoSetting() {
    List<Model> models = List.of(large("a").open(), large("b").open());
    PlanSettings other =
        new PlanSettings(
            1_000_000_000,
            8 << 20,
            64 << 20,
            Planning.DEFAULTS.missing(),
            Planning.DEFAULTS.layout());
    assertThat(spans(KinshipPlan.of(models, PAIR, false, other)))
        .isEqualTo(spans(KinshipPlan.of(models, PAIR, false, Planning.DEFAULTS)));
  }

  private static List<String> spans(KinshipPlan plan) {
    return plan.looks().works().stream()
        .flatMap(work -> work.slices().stream())
        .map(slice -> slice.work().name() + slice.span())
        .toList();
  }

  @Test
  void whatCannotBeComparedIsTold() {
    KinshipPlan plan =
        plan(
            true,
            ModelHeaders.llama("a", 2).tensor("steps", DType.I64, 4).tensor("only.a", 4),
            ModelHeaders.llama("b", 2)
                .tensor("steps", DType.I64, 4)
                .without("lm_head.weight")
                .tensor("lm_head.weight", 33, 8));
    assertThat(plan.shapes()).hasSize(6).doesNotContainKey("lm_head.weight");
    assertThat(plan.notices())
        .containsExactlyInAnyOrder(
            "1 tensor not compared, because their shapes differ between a and b: lm_head.weight",
            "1 tensor not compared, because b has no such tensor: only.a",
            "1 tensor not compared, because their elements are no floating-point numbers: steps");
  }

  @Test
  void ofThreeModelsEachMustHaveIt() {
    KinshipPlan plan =
        plan(
            true,
            ModelHeaders.llama("a", 2),
            ModelHeaders.llama("b", 2),
            ModelHeaders.llama("c", 2).without("lm_head.weight").tensor("more", 3));
    assertThat(plan.shapes()).hasSize(6);
    assertThat(plan.notices())
        .containsExactlyInAnyOrder(
            "1 tensor not compared, because c has no such tensor: lm_head.weight",
            "1 tensor not compared, because a has no such tensor: more");
  }

  @Test
  void otherPrefixesOfNamesAreSeenThrough() {
    ModelHeaders inner = ModelHeaders.named("b");
    for (int layer = 0; layer < 2; layer++) {
      inner.tensor("layers.%s.mlp.up_proj.weight".formatted(layer), 16, 8);
      inner.tensor("layers.%s.input_layernorm.weight".formatted(layer), 8);
    }
    inner.tensor("embed_tokens.weight", 32, 8).tensor("norm.weight", 8);
    KinshipPlan plan = plan(true, ModelHeaders.llama("a", 2), inner);
    assertThat(plan.shapes()).hasSize(6).containsKey("model.layers.1.mlp.up_proj.weight");
  }
}
