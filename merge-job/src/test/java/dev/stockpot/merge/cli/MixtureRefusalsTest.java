package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What no mixture is made of. */
class MixtureRefusalsTest extends MixtureCases {
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
