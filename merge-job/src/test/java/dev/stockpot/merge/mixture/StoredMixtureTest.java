package dev.stockpot.merge.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a mixture belongs to which expert, in either layout of its files. */
class StoredMixtureTest {
  private static final int EXPERTS = 3;

  private static StoredMixture open(ModelHeaders model) {
    return StoredMixture.of("mix", model.open()).orElseThrow();
  }

  private static ModelHeaders mixtral() {
    ModelHeaders model =
        ModelHeaders.named("mix")
            .config("{\"model_type\": \"mixtral\", \"num_local_experts\": 3}")
            .tensor("model.embed_tokens.weight", 32, 8)
            .tensor("model.layers.0.self_attn.q_proj.weight", 8, 8)
            .tensor("model.layers.0.block_sparse_moe.gate.weight", EXPERTS, 8);
    for (int expert = 0; expert < EXPERTS; expert++) {
      String prefix = "model.layers.0.block_sparse_moe.experts.%s.".formatted(expert);
      model.tensor(prefix + "w1.weight", 16, 8).tensor(prefix + "w3.weight", 16, 8);
      model.tensor(prefix + "w2.weight", 8, 16);
    }
    return model;
  }

  private static ModelHeaders fused(String type) {
    return ModelHeaders.named("mix")
        .config("{\"model_type\": \"%s\", \"num_experts\": 3}".formatted(type))
        .tensor("model.layers.0.mlp.gate.weight", EXPERTS, 8)
        .tensor("model.layers.0.mlp.experts.gate_up_proj", EXPERTS, 32, 8)
        .tensor("model.layers.0.mlp.experts.down_proj", EXPERTS, 8, 16);
  }

  private static String place(Map<String, TensorSource> tensors, String name, long element) {
    return tensors.get(name).place(element).tensor()
        + " "
        + tensors.get(name).place(element).element();
  }

  @Test
  void anExpertIsADenseModelUnderItsNames() {
    Map<String, TensorSource> dense = open(mixtral()).dense(1);
    assertThat(dense)
        .containsOnlyKeys(
            "model.embed_tokens.weight",
            "model.layers.0.self_attn.q_proj.weight",
            "model.layers.0.mlp.gate_proj.weight",
            "model.layers.0.mlp.up_proj.weight",
            "model.layers.0.mlp.down_proj.weight");
    assertThat(place(dense, "model.layers.0.mlp.up_proj.weight", 5))
        .isEqualTo("model.layers.0.block_sparse_moe.experts.1.w3.weight 5");
    assertThat(dense.get("model.layers.0.mlp.down_proj.weight").shape()).isEqualTo(Shape.of(8, 16));
  }

  @Test
  void aFusedExpertIsCutOutOfTheStacksOfAll() {
    Map<String, TensorSource> dense = open(fused("qwen3_moe")).dense(2);
    assertThat(dense.get("model.layers.0.mlp.gate_proj.weight").shape()).isEqualTo(Shape.of(16, 8));
    assertThat(place(dense, "model.layers.0.mlp.gate_proj.weight", 0))
        .isEqualTo("model.layers.0.mlp.experts.gate_up_proj " + 2 * 32 * 8);
    assertThat(place(dense, "model.layers.0.mlp.up_proj.weight", 0))
        .as("behind the rows of the gate")
        .isEqualTo("model.layers.0.mlp.experts.gate_up_proj " + (2 * 32 * 8 + 16 * 8));
    assertThat(place(dense, "model.layers.0.mlp.down_proj.weight", 9))
        .isEqualTo("model.layers.0.mlp.experts.down_proj " + (2 * 8 * 16 + 9));
    assertThat(dense).doesNotContainKey("model.layers.0.mlp.gate.weight");
  }

  @Test
  void someExpertsAreNumberedAnewAndTheirRowsOfTheRouterGoAlong() {
    Map<String, TensorSource> some = open(mixtral()).only(List.of(2, 0));
    String block = "model.layers.0.block_sparse_moe.";
    assertThat(some).hasSize(3 + 2 * 3).doesNotContainKey(block + "experts.2.w1.weight");
    assertThat(place(some, block + "experts.0.w1.weight", 7))
        .isEqualTo(block + "experts.2.w1.weight 7");
    assertThat(place(some, block + "experts.1.w2.weight", 7))
        .isEqualTo(block + "experts.0.w2.weight 7");
    assertThat(some.get(block + "gate.weight").shape()).isEqualTo(Shape.of(2, 8));
    assertThat(place(some, block + "gate.weight", 1)).isEqualTo(block + "gate.weight 17");
    assertThat(place(some, block + "gate.weight", 9)).isEqualTo(block + "gate.weight 1");
  }

  @Test
  void anExpertThatIsTakenTwiceIsThereTwice() {
    Map<String, TensorSource> some = open(mixtral()).only(List.of(1, 1));
    String block = "model.layers.0.block_sparse_moe.experts.";
    assertThat(place(some, block + "0.w1.weight", 3)).isEqualTo(block + "1.w1.weight 3");
    assertThat(place(some, block + "1.w1.weight", 3)).isEqualTo(block + "1.w1.weight 3");
  }

  @Test
  void someFusedExpertsAreSectionsOfTheStacks() {
    Map<String, TensorSource> some = open(fused("qwen3_moe")).only(List.of(2, 0));
    String stack = "model.layers.0.mlp.experts.down_proj";
    assertThat(some.get(stack).shape()).isEqualTo(Shape.of(2, 8, 16));
    assertThat(place(some, stack, 0)).isEqualTo(stack + " " + 2 * 8 * 16);
    assertThat(place(some, stack, 8 * 16)).isEqualTo(stack + " 0");
  }

  @ParameterizedTest
  @CsvSource({"qwen2_moe, shared_expert", "deepseek, shared_experts"})
  void theSharedExpertIsADenseModelToo(String type, String word) {
    ModelHeaders model = fused(type);
    for (String projection : MixtureKind.DENSE) {
      model.tensor("model.layers.0.mlp.%s.%s.weight".formatted(word, projection), 4, 8);
    }
    StoredMixture mixture =
        open(model.tensor("model.layers.0.mlp.shared_expert_gate.weight", 1, 8));
    assertThat(mixture.hasShared()).isTrue();
    assertThat(mixture.shared())
        .containsOnlyKeys(
            "model.layers.0.mlp.gate_proj.weight",
            "model.layers.0.mlp.up_proj.weight",
            "model.layers.0.mlp.down_proj.weight");
    assertThat(mixture.strange()).isEmpty();
    assertThat(open(fused(type)).hasShared()).isFalse();
  }

  @Test
  void whatIsNoNumberOfAnExpertIsStrange() {
    String scale = "model.layers.0.mlp.experts.0.gate_proj.weight_scale_inv";
    String blocks = "model.layers.0.mlp.experts.gate_up_proj_blocks";
    assertThat(open(fused("qwen3_moe").tensor(scale, 1).tensor(blocks, 1)).strange())
        .containsExactlyInAnyOrder(scale, blocks);
    assertThat(open(mixtral()).strange()).isEmpty();
  }

  @Test
  void layersWithoutExpertsAreNamed() {
    String dense = "model.layers.1.mlp.up_proj.weight";
    assertThat(open(fused("qwen3_moe").tensor(dense, 16, 8)).layersWithoutExperts())
        .containsExactly(dense);
    assertThat(open(fused("qwen3_moe")).layersWithoutExperts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "num_local_experts, num_local_experts, 5",
    "num_experts, num_experts, 5",
    "n_routed_experts, n_routed_experts, 5",
    "experts, num_local_experts, 0"
  })
  void theConfigurationCountsThemUnderOneOfThreeNames(String key, String found, int count) {
    StoredMixture mixture =
        open(
            ModelHeaders.named("mix")
                .config("{\"model_type\": \"mixtral\", \"%s\": 5}".formatted(key)));
    assertThat(mixture.experts()).isEqualTo(Map.entry(found, count));
  }

  @Test
  void aDenseModelIsNoMixture() {
    assertThat(StoredMixture.of("a", ModelHeaders.llama("a", 1).open())).isEmpty();
  }
}
