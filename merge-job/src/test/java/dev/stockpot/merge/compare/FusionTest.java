package dev.stockpot.merge.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusionTest {
  private static final List<String> GATE_AND_UP =
      List.of(
          "l.0.mlp.experts.0.gate_proj.weight",
          "l.0.mlp.experts.0.up_proj.weight",
          "l.0.mlp.experts.1.gate_proj.weight",
          "l.0.mlp.experts.1.up_proj.weight");
  private static final List<String> SINGLE =
      List.of(
          "m.layers.0.self_attn.q_proj.weight",
          "m.layers.0.self_attn.k_proj.weight",
          "m.layers.0.self_attn.v_proj.weight",
          "m.layers.0.mlp.gate_proj.weight",
          "m.layers.0.mlp.up_proj.weight");

  @Test
  void gathersGateAndUpOfEachExpertInOrder() {
    assertThat(Fusion.of(List.of("l.0.mlp.experts.gate_up_proj"), GATE_AND_UP, List.of()))
        .containsExactly(
            new Fusion(
                "l.0.mlp.experts.gate_up_proj",
                List.of(GATE_AND_UP.subList(0, 2), GATE_AND_UP.subList(2, 4)),
                true));
  }

  @Test
  void knowsTheWordsOfMixtral() {
    List<String> single =
        List.of("l.experts.0.w1.weight", "l.experts.0.w2.weight", "l.experts.0.w3.weight");
    assertThat(
            Fusion.of(List.of("l.experts.gate_up_proj", "l.experts.down_proj"), single, List.of()))
        .containsExactly(
            new Fusion(
                "l.experts.gate_up_proj",
                List.of(List.of("l.experts.0.w1.weight", "l.experts.0.w3.weight")),
                true),
            new Fusion("l.experts.down_proj", List.of(List.of("l.experts.0.w2.weight")), true));
  }

  @Test
  void joinsExpertsWithoutAGate() {
    List<String> single = List.of("l.experts.0.up_proj.weight", "l.experts.1.up_proj.weight");
    assertThat(Fusion.of(List.of("l.experts.up_proj"), single, List.of()).get(0).names())
        .isEqualTo(single);
  }

  @Test
  void goesNoFurtherThanExpertsAreThere() {
    List<String> single = List.of("l.experts.0.up_proj.weight", "l.experts.2.up_proj.weight");
    assertThat(Fusion.of(List.of("l.experts.up_proj"), single, List.of()).get(0).names())
        .containsExactly("l.experts.0.up_proj.weight");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "l.0.mlp.experts.gate_up_proj_bias", // gpt-oss: gate and up by turns
        "l.0.mlp.experts.gate_up_proj_blocks",
        "l.0.mlp.shared_experts.gate_up_proj",
        "l.0.mlp.gate_up_proj"
      })
  void leavesAloneWhatItDoesNotKnow(String name) {
    assertThat(Fusion.of(List.of(name), GATE_AND_UP, List.of("phi3"))).isEmpty();
  }

  @Test
  void readsTheProjectionsOfPhi() {
    assertThat(
            Fusion.of(
                List.of(
                    "m.layers.0.self_attn.qkv_proj.weight", "m.layers.0.mlp.gate_up_proj.weight"),
                SINGLE,
                List.of("llama", "phi3")))
        .containsExactly(
            new Fusion(
                "m.layers.0.self_attn.qkv_proj.weight", List.of(SINGLE.subList(0, 3)), false),
            new Fusion("m.layers.0.mlp.gate_up_proj.weight", List.of(SINGLE.subList(3, 5)), false));
  }

  @ParameterizedTest
  @CsvSource({
    "codegen, m.layers.0.self_attn.qkv_proj.weight", // in blocks of heads
    "minimax, m.layers.0.self_attn.qkv_proj.weight", // head by head
    "llama, m.layers.0.self_attn.qkv_proj.weight", // by whom, nobody knows
    "llama, m.layers.0.mlp.gate_up_proj.weight",
    "phi3, m.layers.0.self_attn.query_key_value.weight",
    "phi4_multimodal, m.audio.encoders.0.feed_forward_in.gate_up_proj.weight" // up, then gate
  })
  void guessesNoOrderOfRows(String family, String name) {
    assertThat(Fusion.of(List.of(name), SINGLE, List.of(family))).isEmpty();
  }

  @Test
  void needsAllPartsOfAProjection() {
    assertThat(
            Fusion.of(
                List.of("m.layers.0.self_attn.qkv_proj.weight"),
                SINGLE.subList(0, 2),
                List.of("phi3")))
        .isEmpty();
  }
}
