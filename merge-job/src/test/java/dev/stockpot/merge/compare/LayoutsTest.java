package dev.stockpot.merge.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutsTest {
  private static Optional<String> difference(String a, String b) {
    return Layouts.difference("a", List.of("x", a), "b", List.of("x", b));
  }

  @ParameterizedTest
  @CsvSource({
    "experts, l.0.mlp.experts.gate_up_proj, l.0.mlp.experts.0.gate_proj.weight",
    "experts, l.0.mlp.experts.gate_up_proj, l.0.block_sparse_moe.experts.7.w1.weight",
    "'queries, keys and values', l.0.attn.qkv_proj.weight, l.0.attn.q_proj.weight",
    "'queries, keys and values', l.0.attn.query_key_value.bias, l.0.attn.query.bias",
    "gate and up projections, l.0.mlp.gate_up_proj.weight, l.0.mlp.gate_proj.weight"
  })
  void namesWhatOneHasInOneTensor(String what, String joined, String single) {
    assertThat(difference(joined, single))
        .contains(
            "a has %s in one tensor (%s), b has each in its own (%s)"
                .formatted(what, joined, single));
    assertThat(difference(single, joined))
        .contains(
            "b has %s in one tensor (%s), a has each in its own (%s)"
                .formatted(what, joined, single));
  }

  @Test
  void findsNothingWhereBothAreAlike() {
    List<String> names = List.of("mlp.experts.gate_up_proj", "mlp.experts.0.w.weight");
    assertThat(Layouts.difference("a", names, "b", names)).isEmpty();
  }

  @Test
  void takesASharedExpertForNoneOfTheOthers() {
    assertThat(difference("mlp.shared_experts.gate_proj.weight", "mlp.experts.0.gate_proj.weight"))
        .isEmpty();
  }
}
