package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dense models become mixtures of experts, or a message says why not. */
class MixtureMergeTest {
  private static final String ZERO =
      "base_model: base\ngate_mode: zero\nexperts: [{source_model: a}, {source_model: b}]\n";
  private static final String CONFIG =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": %s,
       "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2,
       "num_key_value_heads": 2, "vocab_size": 16, "torch_dtype": "bfloat16",
       "tie_word_embeddings": false}
      """;

  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void writeModels() throws IOException {
    here = new Situation(folder);
    llama("base", 0, 8).write();
    llama("a", 1, 8).write();
    llama("b", 2, 8).write();
  }

  private ModelFolder llama(String name, int fineTune, int width) throws IOException {
    ModelFolder model =
        here.model(name)
            .file("config.json", CONFIG.formatted(width))
            .bfloats("model.embed_tokens.weight", fineTune, 16, width)
            .bfloats("model.norm.weight", fineTune, width)
            .bfloats("lm_head.weight", fineTune, 16, width);
    for (int layer = 0; layer < 2; layer++) {
      String prefix = "model.layers.%s.".formatted(layer);
      for (String norm : new String[] {"input_layernorm", "post_attention_layernorm"}) {
        model.bfloats(prefix + norm + ".weight", fineTune, width);
      }
      for (String part : new String[] {"q", "k", "v", "o"}) {
        model.bfloats(prefix + "self_attn.%s_proj.weight".formatted(part), fineTune, width, width);
      }
      model.bfloats(prefix + "mlp.gate_proj.weight", fineTune, 12, width);
      model.bfloats(prefix + "mlp.up_proj.weight", fineTune, 12, width);
      model.bfloats(prefix + "mlp.down_proj.weight", fineTune, width, 12);
    }
    return model;
  }

  private Tensors merged(String recipe, String... options) throws IOException {
    here.merge(recipe, options).succeeds();
    return new Tensors(here.out());
  }

  private Tensors model(String name) throws IOException {
    return new Tensors(here.path(name));
  }

  private static String expert(int layer, int expert, String projection) {
    return "model.layers.%s.block_sparse_moe.experts.%s.%s.weight"
        .formatted(layer, expert, projection);
  }

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

  private static double[] slice(double[] all, int first, int count) {
    return Arrays.copyOfRange(all, first, first + count);
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

  @Test
  void anExpertOfAnotherWidthIsRefused() throws IOException {
    llama("narrow", 1, 4).write();
    CommandLineRun run = here.plan(ZERO.replace("source_model: b", "source_model: narrow"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("recipe.yml:3: narrow has hidden_size 4, and the base base has 8")
        .contains("model.layers.0.mlp.gate_proj.weight is [12, 4], and the base's is [12, 8]");
  }

  @Test
  void whatABaseHasMoreThanAMixtureCanHoldIsRefused() throws IOException {
    llama("biased", 0, 8).filled("model.layers.0.self_attn.o_proj.bias", 1, 8).write();
    assertThat(here.plan(ZERO.replace("base_model: base", "base_model: biased")).err())
        .contains(
            "biased has model.layers.0.self_attn.o_proj.bias, for which Mixtral has no place");
  }

  @Test
  void frequenciesOfOldFilesAreLeftOut() throws IOException {
    llama("old", 0, 8).filled("model.layers.0.self_attn.rotary_emb.inv_freq", 1, 2).write();
    CommandLineRun run = here.merge(ZERO.replace("base_model: base", "base_model: old")).succeeds();
    assertThat(run.out() + run.err()).contains("rotary_emb.inv_freq of old is left out");
    assertThat(new Tensors(here.out()).checkpoint().tensors().keySet())
        .noneMatch(name -> name.contains("inv_freq"));
  }

  @Test
  void aKindThatDoesNotFitSaysWhatWould() throws IOException {
    assertThat(here.plan(ZERO + "architecture: qwen3\n").err())
        .contains("Qwen3 MoE is made of models of model_type qwen3");
    assertThat(here.plan(ZERO + "architecture: qwen\n").err())
        .contains("Qwen MoE needs exactly one shared expert");
    assertThat(here.plan(ZERO + "architecture: deepseek\nexpert_layout: fused\n").err())
        .contains("DeepSeek MoE has no layout with experts in one tensor");
    assertThat(here.plan(ZERO + "architecture: switch\n").err())
        .contains(
            "`architecture` is switch, must be the beginning of one of Mixtral, DeepSeek MoE");
  }

  @Test
  void deepseekHasAnUngatedSharedExpert() throws IOException {
    Tensors made =
        merged(ZERO + "architecture: DeepSeek\nshared_experts: [{source_model: base}]\n");
    assertThat(made.bytes("model.layers.1.mlp.shared_experts.up_proj.weight"))
        .isEqualTo(model("base").bytes("model.layers.1.mlp.up_proj.weight"));
    assertThat(made.checkpoint().tensors().keySet())
        .contains("model.layers.0.mlp.gate.weight", "model.layers.0.mlp.experts.1.up_proj.weight")
        .noneMatch(name -> name.contains("shared_expert_gate"));
    assertThat(here.text("config.json"))
        .contains("\"n_shared_experts\": 1", "modeling_deepseek.DeepseekForCausalLM");
  }

  @Test
  void aTokenBeyondTheEmbeddingIsNamed() throws IOException {
    String recipe =
        """
        base_model: base
        gate_mode: cheap_embed
        experts:
        - {source_model: a, positive_prompts: [x]}
        - {source_model: b, positive_prompts: [y]}
        prompt_ids: {x: [1], y: [16]}
        """;
    assertThat(here.plan(recipe).err())
        .contains("token 16 of the prompt `y` has no row in model.embed_tokens.weight of base");
  }

  @Test
  void promptsWithoutTokensSayWhatIsMissing() throws IOException {
    String recipe =
        """
        base_model: base
        gate_mode: cheap_embed
        experts:
        - {source_model: a, positive_prompts: [x]}
        - {source_model: b, positive_prompts: [y]}
        """;
    assertThat(here.plan(recipe).err()).contains("base has no tokenizer.json");
    here.model("base").file("tokenizer.json", "{}");
    assertThat(here.plan(recipe).err())
        .contains("the jar of ai.djl.huggingface:tokenizers is not here")
        .contains("`stockpot-tools prompt-ids RECIPE` prints them");
  }

  @Test
  void aGateFileOfAnotherShapeIsRefused() throws IOException {
    here.model("gates").filled("gate.0", 1, 2, 8).filled("gate.1", 1, 3, 8).write();
    String recipe = ZERO.replace("gate_mode: zero", "gate_file: gates");
    assertThat(here.plan(recipe).err()).contains("gate.1 of gates is [3, 8], must be [2, 8]");
    here.model("lacking").filled("gate.0", 1, 2, 8).write();
    assertThat(here.plan(recipe.replace("gates", "lacking")).err())
        .contains("lacking has no gate.1");
  }

  @Test
  void aGateFileWithoutNumbersIsRefused() throws IOException {
    here.model("gates").filled("gate.0", 1, 2, 8).filled("gate.1", Float.NaN, 2, 8).write();
    assertThat(here.plan(ZERO.replace("gate_mode: zero", "gate_file: gates")).err())
        .contains("gates (`gate_file`): element 0 of gate.1 is NaN");
  }

  @Test
  void statesOfAnotherBaseAreRefused() throws IOException {
    here.model("states")
        .metadata("kind", "gate_hidden")
        .metadata("model_sha256", "0".repeat(64))
        .filled("gate_hidden", -1, 2, 2, 8)
        .write();
    String recipe =
        """
        base_model: base
        gate_file: states
        gate_mode: hidden
        experts:
        - {source_model: a, positive_prompts: [x]}
        - {source_model: b, positive_prompts: [y]}
        """;
    assertThat(here.plan(recipe).err()).contains("it was made of other weights than base");
    here.model("states").metadata("kind", "gram").filled("gate_hidden", -1, 2, 2, 8).write();
    assertThat(here.plan(recipe).err()).contains("states says that it is `gram`");
  }

  @Test
  void statesOfOtherPromptsAreRefused() throws IOException {
    String recipe =
        """
        base_model: base
        gate_mode: %s
        gate_file: states
        experts:
        - {source_model: a, positive_prompts: [x]}
        - {source_model: b, positive_prompts: [y]}
        """;
    here.model("states")
        .metadata("kind", "gate_hidden")
        .metadata("position", "last")
        .metadata("prompts", "[[[\"x\"], []], [[\"z\"], []]]")
        .filled("gate_hidden", -1, 2, 2, 8)
        .write();
    assertThat(here.plan(recipe.formatted("hidden")).err())
        .contains("states was made of other prompts");
    assertThat(here.plan(recipe.formatted("hidden_avg")).err())
        .contains(
            "states holds states of position 'last', and `gate_mode: hidden_avg` means 'mean'");
  }

  @Test
  void anOutputInAnExpertIsRefused() throws IOException {
    CommandLineRun run = CommandLineRun.merging(folder, "a/mixture", ZERO);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("the model a (");
  }
}
