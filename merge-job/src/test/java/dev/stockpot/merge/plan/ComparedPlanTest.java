package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import org.junit.jupiter.api.Test;

/** Plans for models that differ in what they are, not only in what they hold. */
class ComparedPlanTest {
  private static final String MEANINGLESS =
      ". What one has learnt means nothing to the other: take models of one architecture and size,"
          + " or mend the config.json that is wrong";

  private static ModelHeaders llama(String name, String more) {
    return ModelHeaders.llama(name, 2)
        .config("{\"num_hidden_layers\": 2, \"tie_word_embeddings\": false, %s}".formatted(more));
  }

  private static ModelHeaders kind(String name, String type, String architecture) {
    return llama(
        name, "\"model_type\": \"%s\", \"architectures\": [\"%s\"]".formatted(type, architecture));
  }

  private static String stack(String... models) {
    StringBuilder recipe = new StringBuilder("merge_method: passthrough\nslices:\n");
    for (String model : models) {
      recipe.append("  - sources: [{model: %s, layer_range: [0, 2]}]%n".formatted(model));
    }
    return recipe.toString();
  }

  @Test
  void refusesModelsOfTwoFamiliesInTheWordsOfTheirConfigurations() {
    Planning.of(
            linear("a", "b"),
            kind("a", "llama", "LlamaForCausalLM"),
            kind("b", "gemma", "GemmaForCausalLM"))
        .assertProblems("recipe.yml:5: a is LlamaForCausalLM, b is GemmaForCausalLM" + MEANINGLESS);
  }

  @Test
  void refusesLayersOfAnotherFamilyInAStack() {
    Planning.of(
            stack("a", "b"),
            kind("a", "llama", "LlamaForCausalLM"),
            kind("b", "gpt_neox", "GPTNeoXForCausalLM"))
        .assertProblems(
            "recipe.yml:4: a is LlamaForCausalLM, b is GPTNeoXForCausalLM" + MEANINGLESS);
  }

  @Test
  void refusesLayersOfAnotherWidthInAStack() {
    Planning.of(
            stack("a", "b"), llama("a", "\"hidden_size\": 8"), llama("b", "\"hidden_size\": 16"))
        .assertProblems("recipe.yml:4: hidden_size is 16 in b, 8 in a" + MEANINGLESS);
  }

  @Test
  void refusesOtherHeadsThoughShapesAgree() {
    Planning.of(
            linear("a", "b"),
            llama("a", "\"num_attention_heads\": 2"),
            llama("b", "\"num_attention_heads\": 4"))
        .assertProblems("recipe.yml:5: num_attention_heads is 4 in b, 2 in a" + MEANINGLESS);
  }

  @Test
  void tellsThatLibrariesWillNotFindWhatATrainerHasWrapped() {
    ModelHeaders wrapped =
        ModelHeaders.named("a")
            .tensor("_orig_mod.h.0._fsdp_wrapped_module.w.weight", 4)
            .tensor("_orig_mod.h.1._fsdp_wrapped_module.w.weight", 4);
    ModelHeaders plain =
        ModelHeaders.named("b").tensor("h.0.w.weight", 4).tensor("h.1.w.weight", 4);

    assertThat(Planning.of(linear("a", "b"), wrapped, plain).plan().notices())
        .contains(
            "names of tensors of a, and so of the result, have modules of a trainer"
                + " (_fsdp_wrapped_module, _orig_mod), and libraries look for names without:"
                + " `rename: [_fsdp_wrapped_module, _orig_mod]` beside it takes them off");
    assertThat(Planning.of(linear("b", "a"), wrapped, plain).plan().notices())
        .containsExactly(
            "tensors of a are called as in b: * for _fsdp_wrapped_module.*, * for _orig_mod.*");
  }

  @Test
  void tellsOfAnotherRopeThetaOnce() {
    MergePlan plan =
        Planning.of(
                linear("a", "b"),
                llama("a", "\"rope_theta\": 10000.0"),
                llama("b", "\"rope_theta\": 1e6"))
            .plan();
    assertThat(plan.notices())
        .containsExactly(
            "rope_theta is 1000000 in b, 10000 in a; the result has the configuration of a");
  }

  @Test
  void saysNothingOfNumbersThatAreSpelledOtherwise() {
    MergePlan plan =
        Planning.of(
                linear("a", "b"),
                llama("a", "\"rope_theta\": 10000, \"rms_norm_eps\": 1e-5"),
                llama("b", "\"rope_theta\": 10000.0, \"rms_norm_eps\": 0.00001"))
            .plan();
    assertThat(plan.notices()).isEmpty();
  }

  @Test
  void namesTheVocabularyThatMakesForOtherShapes() {
    ModelHeaders b = llama("b", "\"vocab_size\": 40");
    for (String name : new String[] {"lm_head.weight", "model.embed_tokens.weight"}) {
      b.without(name).tensor(name, 40, 8);
    }
    Planning.of(linear("a", "b"), llama("a", "\"vocab_size\": 32"), b)
        .assertProblems(
            "recipe.yml:5: b has 2 tensors of another shape: lm_head.weight is [40, 8], but [32, 8]"
                + " in a, model.embed_tokens.weight is [40, 8], but [32, 8] in a (vocab_size is 40"
                + " in b, 32 in a). Models must have one architecture, and one vocabulary or a"
                + " `tokenizer_source`, such as `union`; heads that differ need `heads`");
  }

  private static ModelHeaders bert(String name, String prefix) {
    ModelHeaders model =
        ModelHeaders.named(name)
            .config("{\"num_hidden_layers\": 4}")
            .tensor(prefix + "embeddings.word.weight", 8, 4);
    for (int layer = 0; layer < 4; layer++) {
      model
          .tensor(prefix + "encoder.layer.%s.q.weight".formatted(layer), 4, 4)
          .tensor(prefix + "encoder.layer.%s.k.weight".formatted(layer), 4, 4);
    }
    return model;
  }

  @Test
  void callsTensorsAsTheModelThatGivesTheConfiguration() {
    MergePlan plan = Planning.of(linear("a", "b"), bert("a", ""), bert("b", "bert.")).plan();
    assertThat(names(plan)).hasSize(9).noneMatch(name -> name.startsWith("bert."));
    assertThat(inputs(plan, "encoder.layer.1.q.weight"))
        .containsExactly("a/encoder.layer.1.q.weight", "b/bert.encoder.layer.1.q.weight");
    assertThat(plan.notices()).containsExactly("tensors of b are called as in a: * for bert.*");
  }

  @Test
  void stacksLayersUnderOneNaming() {
    MergePlan plan = Planning.of(stack("b", "a"), bert("a", ""), bert("b", "bert.")).plan();
    assertThat(names(plan)).allMatch(name -> name.startsWith("bert."));
    assertThat(inputs(plan, "bert.encoder.layer.2.q.weight"))
        .containsExactly("a/encoder.layer.0.q.weight");
  }

  @Test
  void neverPutsTwoModelsSideBySide() {
    ModelHeaders stranger = ModelHeaders.named("b").config("{}");
    for (int layer = 0; layer < 8; layer++) {
      stranger.tensor("blocks.%s.mixer.weight".formatted(layer), 4, 4);
    }
    Planning planning =
        Planning.of(linear("a", "b"), ModelHeaders.llama("a", 4), stranger).copyingMissing();
    assertThatThrownBy(planning::plan)
        .returns(FailureKind.RECIPE, thrown -> ((UserException) thrown).kind())
        .hasMessageContaining("a and b have hardly a tensor of the same name");
  }

  private static final String LACKS_HEAD =
      "recipe.yml:4: a lacks 1 tensor that other models have: cls.predictions.bias. Use models of"
          + " one architecture, or set missing-tensors=copy to take them from a model that has"
          + " them";

  @Test
  void missesAHeadThatOnlyTheModelWithTheConfigurationHas() {
    ModelHeaders headed = bert("b", "bert.").tensor("cls.predictions.bias", 8);
    Planning.of(stack("b", "a"), bert("a", ""), headed).assertProblems(LACKS_HEAD);
  }

  @Test
  void copiesSuchAHeadIfAsked() {
    ModelHeaders headed = bert("b", "bert.").tensor("cls.predictions.bias", 8);
    MergePlan plan = Planning.of(stack("b", "a"), bert("a", ""), headed).copyingMissing().plan();
    assertThat(inputs(plan, "cls.predictions.bias")).containsExactly("b/cls.predictions.bias");
  }

  @Test
  void copiesNoHeadThatMayBeTheEmbedding() {
    ModelHeaders untold = ModelHeaders.llama("a", 2).without("lm_head.weight");
    Planning.of(linear("a", "b"), untold, ModelHeaders.llama("b", 2))
        .copyingMissing()
        .assertProblems(
            "recipe.yml:4: a has no lm_head.weight, and its config.json does not say whether it"
                + " shares its embedding. Add \"tie_word_embeddings\": true to it if it does, false"
                + " if not");
  }

  @Test
  void saysThatLoadersLeaveOutBiasesThatTheConfigurationDoesNotKnow() {
    ModelHeaders b = llama("b", "\"attention_bias\": true");
    b.tensor("model.layers.0.self_attn.q_proj.bias", 8);
    MergePlan plan =
        Planning.of(linear("a", "b"), llama("a", "\"attention_bias\": false"), b)
            .copyingMissing()
            .plan();
    assertThat(plan.notices())
        .contains(
            "a has no model.layers.0.self_attn.q_proj.bias, and the result has its configuration"
                + " (attention_bias is false): loaders will leave them out");
  }
}
