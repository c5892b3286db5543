package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.output.ConfigEdit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The experts of one large FP8 model in another: bytes are chosen, and nothing else is read. */
class ChimeraPlanTest {
  private static final String CONFIG =
      "{\"num_hidden_layers\": 3, \"quantization_config\": {\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128]}}";

  private static final String EXPERTS_OF_B =
      """
      merge_method: linear
      models:
        - model: a
          parameters: {weight: [{filter: .mlp.experts., value: 0}, {value: 1}]}
        - model: b
          parameters: {weight: [{filter: .mlp.experts., value: 1}, {value: 0}]}
      """;

  private static ModelHeaders deepSeek(String name) {
    ModelHeaders model = ModelHeaders.named(name).config(CONFIG);
    model.tensor("model.embed_tokens.weight", 32, 256);
    for (int layer = 0; layer < 3; layer++) {
      String prefix = "model.layers." + layer;
      coded(model, prefix + ".self_attn.kv_a_proj_with_mqa", 576, 256);
      coded(model, prefix + ".mlp.shared_experts.up_proj", 200, 256);
      model.tensor(prefix + ".mlp.gate.weight", 4, 256);
      model.tensor(prefix + ".mlp.gate.e_score_correction_bias", DType.F32, 4);
      for (int expert = 0; expert < 4; expert++) {
        coded(model, prefix + ".mlp.experts." + expert + ".up_proj", 200, 256);
      }
    }
    return model;
  }

  private static void coded(ModelHeaders model, String module, int rows, int columns) {
    model.tensor(module + ".weight", DType.F8_E4M3, rows, columns);
    model.tensor(
        module + ".weight_scale_inv", DType.F32, (rows + 127) / 128, (columns + 127) / 128);
  }

  private static MergePlan plan(String recipe) {
    return Planning.of(recipe, deepSeek("a"), deepSeek("b")).plan();
  }

  private static String origin(MergePlan plan, String name) {
    List<Input> inputs = tensor(plan, name).work().inputs();
    assertThat(inputs).hasSize(1);
    return inputs.get(0).source().place(0).origin();
  }

  @Test
  void readsAsManyBytesAsItWrites() {
    MergePlan plan = plan(EXPERTS_OF_B);
    long written =
        PlannedTensor.of(plan).stream().mapToLong(planned -> planned.output().byteCount()).sum();
    long read = plan.parts().stream().mapToLong(PartTask::bytesRead).sum();
    assertThat(read).isEqualTo(written);
    assertThat(PlannedTensor.of(plan)).allMatch(planned -> planned.work() instanceof Copy);
  }

  @Test
  void takesExpertsWithTheirScalesFromOneAndAllElseFromTheOther() {
    MergePlan plan = plan(EXPERTS_OF_B);
    for (String end : List.of("weight", "weight_scale_inv")) {
      assertThat(origin(plan, "model.layers.2.mlp.experts.3.up_proj." + end)).startsWith("b/");
      assertThat(origin(plan, "model.layers.2.mlp.shared_experts.up_proj." + end)).startsWith("a/");
      assertThat(origin(plan, "model.layers.0.self_attn.kv_a_proj_with_mqa." + end))
          .startsWith("a/");
    }
    assertThat(origin(plan, "model.layers.0.mlp.gate.weight")).startsWith("a/");
    assertThat(origin(plan, "model.embed_tokens.weight")).startsWith("a/");
    assertThat(plan.output().edits()).isEmpty();
  }

  @Test
  void weightsBetweenZeroAndOneAreMergedIntoBfloat16() {
    MergePlan plan = plan(EXPERTS_OF_B.replace("experts., value: 0}", "experts., value: 0.5}"));
    assertThat(tensor(plan, "model.layers.2.mlp.experts.3.up_proj.weight").output().dtype())
        .isEqualTo(DType.BF16);
    assertThat(plan.output().edits()).containsExactly(ConfigEdit.withoutCodes(DType.BF16));
  }

  @Test
  void orIntoFp8AgainWithCopiesWhereOneAloneCounts() {
    MergePlan plan =
        plan(
            EXPERTS_OF_B.replace("{filter: .mlp.experts., value: 0}", "{filter: experts, value: 1}")
                + "out_dtype: float8_e4m3fn\n");
    String expert = "model.layers.2.mlp.experts.3.up_proj.";
    assertThat(tensor(plan, expert + "weight").work()).isInstanceOf(Requantised.class);
    assertThat(tensor(plan, expert + "weight_scale_inv").work()).isInstanceOf(Requantised.class);
    String attention = "model.layers.2.self_attn.kv_a_proj_with_mqa.";
    assertThat(tensor(plan, attention + "weight").work()).isInstanceOf(Copy.class);
    assertThat(tensor(plan, attention + "weight_scale_inv").work()).isInstanceOf(Copy.class);
    assertThat(plan.output().edits()).isEmpty();
    assertThat(plan.notices())
        .anyMatch(notice -> notice.contains("12 tensors merged and written as FP8 again"));
  }
}
