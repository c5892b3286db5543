package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Dense models become mixtures of experts, or a message says why not. */
class MixtureMergeTest extends MixtureCases {
  @Test
  void blocksOfExpertsAreCopiedByteForByte() throws IOException {
    Tensors made = merged(ZERO);
    for (int layer = 0; layer < 2; layer++) {
      for (String[] names : new String[][] {{"w1", "gate"}, {"w3", "up"}, {"w2", "down"}}) {
        String dense = "model.layers.%s.mlp.%s_proj.weight".formatted(layer, names[1]);
        assertThat(made.bytes(expert(layer, 0, names[0]))).isEqualTo(model("a").bytes(dense));
        assertThat(made.bytes(expert(layer, 1, names[0]))).isEqualTo(model("b").bytes(dense));
      }
      String attention = "model.layers.%s.self_attn.q_proj.weight".formatted(layer);
      assertThat(made.bytes(attention)).isEqualTo(model("base").bytes(attention));
      String router = "model.layers.%s.block_sparse_moe.gate.weight".formatted(layer);
      assertThat(made.values(router)).hasSize(16).containsOnly(0);
      assertThat(made.checkpoint().tensors().get(router).dtype()).isEqualTo(DType.BF16);
    }
    assertThat(made.checkpoint().tensors()).hasSize(3 + 2 * (6 + 1 + 6));
    assertThat(here.text("config.json"))
        .contains("\"MixtralForCausalLM\"", "\"mixtral\"", "\"num_local_experts\": 2");
  }

  @Test
  void fusedExpertsHoldWhatSingleOnesDo() throws IOException {
    Tensors made = merged(ZERO + "expert_layout: fused\n");
    double[] up = made.values("model.layers.1.mlp.experts.gate_up_proj");
    double[] down = made.values("model.layers.1.mlp.experts.down_proj");
    int block = 12 * 8;
    String[] models = {"a", "b"};
    for (int expert = 0; expert < 2; expert++) {
      Tensors dense = model(models[expert]);
      assertThat(slice(up, 2 * expert * block, block))
          .isEqualTo(dense.values("model.layers.1.mlp.gate_proj.weight"));
      assertThat(slice(up, (2 * expert + 1) * block, block))
          .isEqualTo(dense.values("model.layers.1.mlp.up_proj.weight"));
      assertThat(slice(down, expert * block, block))
          .isEqualTo(dense.values("model.layers.1.mlp.down_proj.weight"));
    }
    assertThat(made.checkpoint().tensors()).containsKey("model.layers.0.mlp.gate.weight");
    assertThat(
            made.checkpoint()
                .tensors()
                .get("model.layers.1.mlp.experts.gate_up_proj")
                .shape()
                .dimensions())
        .containsExactly(2L, 24L, 8L);
  }

  @Test
  void noiseHangsOnTheSeedAndNotOnTheCut() throws IOException {
    String noisy =
        ZERO.replace("{source_model: b}", "{source_model: b, noise_scale: 0.5}")
            + "dtype: float32\n";
    String name = expert(0, 1, "w1");
    double[] one = merged(noisy).values(name);
    double[] plain = model("b").values("model.layers.0.mlp.gate_proj.weight");
    assertThat(one).isNotEqualTo(plain);
    assertThat(merged(noisy, "--set", "part-size=1KiB").values(name)).isEqualTo(one);
    assertThat(merged(noisy, "--seed", "7").values(name)).isNotEqualTo(one);
    Tensors made = merged(noisy);
    assertThat(made.values(expert(0, 0, "w1")))
        .isEqualTo(model("a").values("model.layers.0.mlp.gate_proj.weight"));
    double[] joined =
        merged(noisy + "expert_layout: fused\n").values("model.layers.0.mlp.experts.gate_up_proj");
    assertThat(slice(joined, 2 * 96, 96)).isEqualTo(one); // the same in both layouts
  }

  @Test
  void residualScaleTouchesNothingButWhatIsAddedToTheStream() throws IOException {
    Tensors made =
        merged(ZERO.replace("{source_model: b}", "{source_model: b, residual_scale: 0.25}"));
    assertThat(made.bytes(expert(1, 1, "w1")))
        .isEqualTo(model("b").bytes("model.layers.1.mlp.gate_proj.weight"));
    double[] scaled = made.values(expert(1, 1, "w2"));
    double[] plain = model("b").values("model.layers.1.mlp.down_proj.weight");
    for (int i = 0; i < plain.length; i++) {
      assertThat(scaled[i]).isEqualTo(plain[i] / 4); // exact in bfloat16
    }
  }

  @Test
  void drawnRoutersAreTheSameInEveryCut() throws IOException {
    String router = "model.layers.1.block_sparse_moe.gate.weight";
    String random = ZERO.replace("zero", "random") + "dtype: float32\ngate_scale: 2\n";
    double[] drawn = merged(random).values(router);
    assertThat(drawn).doesNotContain(0.0);
    assertThat(merged(random, "--set", "part-size=1KiB").values(router)).isEqualTo(drawn);
    double[] single = merged(random.replace("gate_scale: 2\n", "")).values(router);
    for (int i = 0; i < drawn.length; i++) {
      assertThat(drawn[i]).isEqualTo(2 * single[i]);
    }
    double most = 1 / Math.sqrt(8);
    assertThat(Arrays.stream(merged(ZERO.replace("zero", "uniform_random")).values(router)).boxed())
        .allMatch(x -> Math.abs(x) <= most);
  }

  @Test
  void centredRowsSumToZero() throws IOException {
    String recipe =
        """
        base_model: base
        gate_mode: cheap_embed
        gate_center: true
        dtype: float32
        experts:
        - {source_model: a, positive_prompts: [x]}
        - {source_model: b, positive_prompts: [y]}
        prompt_ids: {x: [1, 2], y: [2, 3]}
        """;
    double[] rows = merged(recipe).values("model.layers.0.block_sparse_moe.gate.weight");
    for (int i = 0; i < 8; i++) {
      assertThat(rows[i]).isEqualTo(-rows[8 + i]); // of two, each is the other's opposite
    }
  }

  @Test
  void expertsMayBeStagesAndMixturesToo() throws IOException {
    String soup = "name: soup\n" + Situation.half("a", "b") + "dtype: bfloat16\n---\n";
    Tensors made = merged(soup + ZERO.replace("source_model: b", "source_model: soup"));
    double[] a = model("a").values("model.layers.0.mlp.gate_proj.weight");
    double[] b = model("b").values("model.layers.0.mlp.gate_proj.weight");
    double[] mean = made.values(expert(0, 1, "w1"));
    assertThat(mean[5]).isEqualTo((a[5] + b[5]) / 2);
    String two =
        "name: mixture\n"
            + ZERO
            + "---\n"
            + "name: other\n"
            + ZERO.replace("b}", "base}")
            + "---\n"
            + Situation.half("mixture", "other");
    Tensors merged = merged(two);
    double[] base = model("base").values("model.layers.0.mlp.gate_proj.weight");
    assertThat(merged.values(expert(0, 1, "w1"))[5]).isEqualTo((base[5] + b[5]) / 2);
    assertThat(here.text("config.json")).contains("\"num_local_experts\": 2");
  }

  @Test
  void expertsOfAnotherTypeGetTheBases() throws IOException {
    here.merge(
            "merge_method: linear\nmodels: [{model: b, parameters: {weight: 1}}]\ndtype: float32")
        .succeeds();
    Files.move(here.out(), here.path("wide"));
    Tensors made = merged(ZERO.replace("source_model: b", "source_model: wide"));
    assertThat(made.bytes(expert(0, 1, "w2")))
        .isEqualTo(model("b").bytes("model.layers.0.mlp.down_proj.weight"));
    assertThat(
            merged(ZERO.replace("source_model: b", "source_model: wide") + "expert_layout: fused\n")
                .checkpoint()
                .tensors()
                .get("model.layers.0.mlp.experts.down_proj")
                .dtype())
        .isEqualTo(DType.BF16);
  }
}
