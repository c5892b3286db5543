package dev.stockpot.merge.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Kinds of mixtures: how they are called, what they are made of, and where their tensors lie. */
class MixtureKindTest {
  @ParameterizedTest
  @CsvSource({
    "mixtral, MIXTRAL",
    "Mix, MIXTRAL",
    "deepseek-moe, DEEPSEEK",
    "Deep Seek_MoE, DEEPSEEK",
    "qwen moe, QWEN2",
    "QWEN3, QWEN3"
  })
  void isNamedByABeginningWhateverItsCaseAndSpaces(String said, MixtureKind kind) {
    assertThat(MixtureKind.named(said)).containsExactly(kind);
  }

  @Test
  void aBeginningMayBeOfSeveralOrOfNone() {
    assertThat(MixtureKind.named("qwen")).containsExactly(MixtureKind.QWEN2, MixtureKind.QWEN3);
    assertThat(MixtureKind.named("llama")).isEmpty();
    assertThat(MixtureKind.named("")).containsExactly(MixtureKind.values());
  }

  @Test
  void isFoundByItsType() {
    assertThat(MixtureKind.types())
        .containsExactly("mixtral", "deepseek", "qwen2_moe", "qwen3_moe")
        .allMatch(type -> MixtureKind.ofType(type).isPresent());
    assertThat(MixtureKind.ofType("qwen2")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "MIXTRAL | false | false | -",
        "MIXTRAL | true | true | has no shared expert",
        "QWEN3 | true | false | has no shared expert",
        "QWEN2 | false | false | needs exactly one shared expert",
        "QWEN2 | true | true | -",
        "DEEPSEEK | false | true | -",
        "DEEPSEEK | true | false | -",
        "DEEPSEEK | true | true | has a shared expert without a gate, so it takes no prompts"
      })
  void saysWhyASharedExpertCannotBe(
      MixtureKind kind, boolean hasShared, boolean hasPrompts, String obstacle) {
    assertThat(kind.obstacle(hasShared, hasPrompts).orElse(null)).isEqualTo(obstacle);
  }

  @Test
  void tensorsLieWhereTransformersLooksForThem() {
    assertThat(MixtureKind.MIXTRAL.expert(3, 7, 0))
        .isEqualTo("model.layers.3.block_sparse_moe.experts.7.w1.weight");
    assertThat(MixtureKind.MIXTRAL.expert(3, 7, 1)).endsWith("experts.7.w3.weight");
    assertThat(MixtureKind.MIXTRAL.expert(3, 7, 2)).endsWith("experts.7.w2.weight");
    assertThat(MixtureKind.MIXTRAL.router(3, false))
        .isEqualTo("model.layers.3.block_sparse_moe.gate.weight");
    assertThat(MixtureKind.MIXTRAL.router(3, true)).isEqualTo("model.layers.3.mlp.gate.weight");
    assertThat(MixtureKind.QWEN3.expert(0, 1, 2))
        .isEqualTo("model.layers.0.mlp.experts.1.down_proj.weight");
    assertThat(MixtureKind.QWEN2.shared(4, 1))
        .isEqualTo("model.layers.4.mlp.shared_expert.up_proj.weight");
    assertThat(MixtureKind.DEEPSEEK.shared(4, 1))
        .isEqualTo("model.layers.4.mlp.shared_experts.up_proj.weight");
    assertThat(MixtureKind.sharedGate(2)).isEqualTo("model.layers.2.mlp.shared_expert_gate.weight");
    assertThat(MixtureKind.fused(2, "down_proj")).isEqualTo("model.layers.2.mlp.experts.down_proj");
  }

  @ParameterizedTest
  @EnumSource(MixtureKind.class)
  void itsWordsForProjectionsAreThoseOfDenseModelsInOrder(MixtureKind kind) {
    for (int i = 0; i < MixtureKind.DENSE.size(); i++) {
      String expert = kind.expert(0, 0, i);
      String word = expert.replaceAll(".*\\.(\\w+)\\.weight", "$1");
      assertThat(kind.dense(word)).isEqualTo(MixtureKind.DENSE.get(i));
    }
    assertThat(kind.dense("bias")).as("what it does not know stays").isEqualTo("bias");
    assertThat(kind.inputs()).isNotEmpty();
    assertThat(kind.denseArchitecture()).endsWith("ForCausalLM");
  }

  @Test
  void onlyBiasesThatNobodyHasAreZero() {
    assertThat(MixtureKind.QWEN2.extras())
        .isEqualTo(
            List.of("self_attn.q_proj.bias", "self_attn.k_proj.bias", "self_attn.v_proj.bias"))
        .allMatch(MixtureKind.QWEN2::isZero);
    assertThat(MixtureKind.QWEN3.extras()).hasSize(2).noneMatch(MixtureKind.QWEN3::isZero);
  }

  @Test
  void oneKindGatesItsSharedExpertAndOneCannotFuse() {
    assertThat(MixtureKind.values())
        .filteredOn(MixtureKind::gatesShared)
        .containsExactly(MixtureKind.QWEN2);
    assertThat(MixtureKind.values())
        .filteredOn(kind -> !kind.canFuse())
        .containsExactly(MixtureKind.DEEPSEEK);
  }
}
