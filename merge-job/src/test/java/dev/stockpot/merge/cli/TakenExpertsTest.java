package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Experts come out of mixtures as they went in. */
class TakenExpertsTest {
  private static final String MIXTURE =
      """
      base_model: base
      gate_mode: random
      experts: [{source_model: a}, {source_model: b}, {source_model: base}]
      """;
  private static final String CONFIG =
      """
      {"architectures": ["X"], "model_type": "%s", "hidden_size": 8, "intermediate_size": 12,
       "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2, "vocab_size": 16,
       "tie_word_embeddings": true}
      """;

  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void writeModels() throws IOException {
    here = new Situation(folder);
    dense("llama");
  }

  private void dense(String type) throws IOException {
    String[] names = {"base", "a", "b"};
    for (int fineTune = 0; fineTune < names.length; fineTune++) {
      ModelFolder model =
          here.model(names[fineTune])
              .file("config.json", CONFIG.formatted(type))
              .bfloats("model.embed_tokens.weight", fineTune, 16, 8)
              .bfloats("model.norm.weight", fineTune, 8);
      String prefix = "model.layers.0.";
      for (String norm : new String[] {"input_layernorm", "post_attention_layernorm"}) {
        model.bfloats(prefix + norm + ".weight", fineTune, 8);
      }
      for (String part : new String[] {"q", "k", "v", "o"}) {
        model.bfloats(prefix + "self_attn.%s_proj.weight".formatted(part), fineTune, 8, 8);
        if (type.equals("qwen2") && !part.equals("o")) {
          model.bfloats(prefix + "self_attn.%s_proj.bias".formatted(part), fineTune, 8);
        }
        if (type.equals("qwen3") && (part.equals("q") || part.equals("k"))) {
          model.bfloats(prefix + "self_attn.%s_norm.weight".formatted(part), fineTune, 4);
        }
      }
      model.bfloats(prefix + "mlp.gate_proj.weight", fineTune, 12, 8);
      model.bfloats(prefix + "mlp.up_proj.weight", fineTune, 12, 8);
      model.bfloats(prefix + "mlp.down_proj.weight", fineTune, 8, 12);
      model.write();
    }
  }

  /** Merges, and keeps what came of it under another name. */
  private void keep(String recipe, String name) throws IOException {
    here.merge(recipe).succeeds();
    Files.move(here.out(), here.path(name));
  }

  private Tensors merged(String recipe) throws IOException {
    here.merge(recipe).succeeds();
    return new Tensors(here.out());
  }

  private Tensors model(String name) throws IOException {
    return new Tensors(here.path(name));
  }

  private void assertIsExpertOfBase(Tensors taken, String expert) throws IOException {
    assertThat(taken.checkpoint().tensors().keySet())
        .containsExactlyElementsOf(model("base").checkpoint().tensors().keySet());
    for (String tensor : taken.checkpoint().tensors().keySet()) {
      String from = tensor.contains(".mlp.") ? expert : "base";
      assertThat(taken.bytes(tensor)).as(tensor).isEqualTo(model(from).bytes(tensor));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama, split, mistral, MistralForCausalLM",
    "llama, fused, mistral, MistralForCausalLM",
    "qwen3, split, qwen3, Qwen3ForCausalLM",
    "qwen3, fused, qwen3, Qwen3ForCausalLM"
  })
  void anExpertIsTheDenseModelThatItWas(
      String type, String layout, String denseType, String architecture) throws IOException {
    dense(type);
    keep(MIXTURE + "expert_layout: " + layout + "\n", "mixture");
    assertIsExpertOfBase(merged("base_model: mixture\nexpert: 1\n"), "b");
    assertThat(here.text("config.json"))
        .contains("\"model_type\": \"%s\"".formatted(denseType), architecture)
        .contains("\"intermediate_size\": 12")
        .doesNotContain("num_experts", "num_local_experts", "router_", "moe_");
  }

  @Test
  void theSharedExpertComesOut() throws IOException {
    dense("qwen2");
    keep(MIXTURE + "shared_experts: [{source_model: a}]\n", "mixture");
    assertIsExpertOfBase(merged("base_model: mixture\nexpert: shared\n"), "a");
    assertThat(here.text("config.json")).contains("Qwen2ForCausalLM").doesNotContain("shared");
    assertIsExpertOfBase(merged("base_model: mixture\nexpert: 2\n"), "base");
  }

  @Test
  void anUngatedSharedExpertComesOut() throws IOException {
    keep(MIXTURE + "architecture: deepseek\nshared_experts: [{source_model: b}]\n", "mixture");
    assertIsExpertOfBase(merged("base_model: mixture\nexpert: shared\n"), "b");
    assertThat(here.text("config.json"))
        .contains("LlamaForCausalLM")
        .doesNotContain("auto_map", "n_routed_experts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"split", "fused"})
  void expertsAreOrderedWithTheirRowsOfRouters(String layout) throws IOException {
    keep(MIXTURE + "expert_layout: " + layout + "\n", "mixture");
    String router =
        layout.equals("split")
            ? "model.layers.0.block_sparse_moe.gate.weight"
            : "model.layers.0.mlp.gate.weight";
    double[] rows = model("mixture").values(router);
    Tensors some = merged("base_model: mixture\nkeep_experts: [2, 0]\n");
    double[] left = some.values(router);
    assertThat(Arrays.copyOfRange(left, 0, 8)).isEqualTo(Arrays.copyOfRange(rows, 16, 24));
    assertThat(Arrays.copyOfRange(left, 8, 16)).isEqualTo(Arrays.copyOfRange(rows, 0, 8));
    if (layout.equals("split")) {
      assertThat(some.bytes("model.layers.0.block_sparse_moe.experts.1.w3.weight"))
          .isEqualTo(model("a").bytes("model.layers.0.mlp.up_proj.weight"));
    }
    assertThat(here.text("config.json"))
        .contains("\"num_local_experts\": 2", "\"num_experts_per_tok\": 2");
  }

  @Test
  void mixturesOfOtherOrdersAreMergedExpertByExpert() throws IOException {
    keep(MIXTURE, "first");
    keep(
        MIXTURE.replace(
            "{source_model: a}, {source_model: b}", "{source_model: b}, {source_model: a}"),
        "second");
    Tensors merged =
        merged(
            "name: ordered\nbase_model: second\nkeep_experts: [1, 0, 2]\n---\n"
                + Situation.half("first", "ordered"));
    for (int expert = 0; expert < 3; expert++) {
      String name = "model.layers.0.block_sparse_moe.experts.%s.w1.weight".formatted(expert);
      assertThat(merged.bytes(name)).isEqualTo(model("first").bytes(name));
    }
  }

  @Test
  void anExpertMergesWithADenseModel() throws IOException {
    keep(MIXTURE, "mixture");
    Tensors merged =
        merged(
            "name: expert\nbase_model: mixture\nexpert: 0\n---\n" + Situation.half("expert", "b"));
    double[] a = model("a").values("model.layers.0.mlp.up_proj.weight");
    double[] b = model("b").values("model.layers.0.mlp.up_proj.weight");
    assertThat(merged.values("model.layers.0.mlp.up_proj.weight")[7]).isEqualTo((a[7] + b[7]) / 2);
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    keep(MIXTURE, "mixture");
    assertThat(here.plan("base_model: mixture\nexpert: 3\n").err())
        .contains("recipe.yml:2: mixture has 3 experts, numbered from 0, and no expert 3");
    assertThat(here.plan("base_model: mixture\nexpert: shared\n").err())
        .contains("mixture has no shared expert");
    assertThat(here.plan("base_model: base\nexpert: 0\n").err())
        .contains("base has model_type llama, which is no mixture");
    for (String none : List.of("keep_experts:", "expert:")) {
      assertThat(here.plan("base_model: mixture\n" + none + "\n").err())
          .contains("no expert is named; `keep_experts: [0, 2]` names those that stay");
    }
    assertThat(here.plan("base_model: mixture\nkeep_experts: [0, 0]\n").err())
        .contains("expert 0 is kept twice");
    assertThat(here.plan("base_model: mixture\nkeep_experts: [0]\nexpert: 1\n").err())
        .contains("keep one of them");
    assertThat(here.plan("base_model: mixture\nexpert: first\n").err())
        .contains("`expert` is first, must be the number of an expert");
    assertThat(here.plan("expert: 1\n").err()).contains("`base_model` is missing");
  }

  @Test
  void codesOfExpertsAreNotTakenForNumbers() throws IOException {
    here.model("coded")
        .file("config.json", "{\"model_type\": \"mixtral\", \"num_local_experts\": 2}")
        .filled("model.layers.0.block_sparse_moe.gate.weight", 1, 2, 8)
        .filled("model.layers.0.block_sparse_moe.experts.0.w1.weight", 1, 4, 8)
        .filled("model.layers.0.block_sparse_moe.experts.0.w1.weight_scale_inv", 1, 1, 1)
        .write();
    assertThat(here.plan("base_model: coded\nexpert: 0\n").err())
        .contains(
            "coded has model.layers.0.block_sparse_moe.experts.0.w1.weight_scale_inv, of which");
  }

  @Test
  void layersOfAnotherSizeAreNoDenseModel() throws IOException {
    here.model("mixed")
        .file("config.json", "{\"model_type\": \"deepseek\", \"n_routed_experts\": 2}")
        .filled("model.layers.0.mlp.gate_proj.weight", 1, 32, 8)
        .filled("model.layers.1.mlp.gate.weight", 1, 2, 8)
        .filled("model.layers.1.mlp.experts.0.gate_proj.weight", 1, 4, 8)
        .write();
    assertThat(here.plan("base_model: mixed\nexpert: 0\n").err())
        .contains("mixed has layers without experts (model.layers.0.mlp.gate_proj.weight)");
  }
}
