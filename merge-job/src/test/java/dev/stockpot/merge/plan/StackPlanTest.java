package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.modelValue;
import static dev.stockpot.merge.plan.Planning.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.structure.KeyEdit;
import dev.stockpot.merge.structure.KeyEdit.Whole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans for models with several stacks of layers: towers, encoder and decoder, predictors. */
class StackPlanTest {
  private static final String MEANINGLESS =
      ". What one has learnt means nothing to the other: take models of one architecture and size,"
          + " or mend the config.json that is wrong";

  private static final String GRADIENT =
      """
      merge_method: linear
      parameters: {normalize: false}
      models:
        - {model: a, parameters: {weight: [0, 3]}}
        - {model: b, parameters: {weight: 1}}
      """;

  private static ModelHeaders with(ModelHeaders model, String prefix, int layers) {
    for (int layer = 0; layer < layers; layer++) {
      model.tensor(prefix + layer + ".w", 8, 8);
    }
    return model;
  }

  private static ModelHeaders internVl(String name) {
    ModelHeaders model =
        ModelHeaders.named(name)
            .config(
                """
                {"model_type": "internvl_chat", "llm_config": {"num_hidden_layers": 4},
                 "vision_config": {"num_hidden_layers": 6}}""")
            .tensor("mlp1.0.weight", 8)
            .tensor("mlp1.1.weight", 8);
    return with(with(model, "vision_model.encoder.layers.", 6), "language_model.model.layers.", 4);
  }

  private static ModelHeaders t5(String name) {
    ModelHeaders model =
        ModelHeaders.named(name)
            .config(
                """
                {"model_type": "t5", "num_layers": 4, "num_decoder_layers": 3,
                 "tie_word_embeddings": false}""")
            .tensor("shared.weight", 32, 8)
            .tensor("encoder.final_layer_norm.weight", 8);
    return with(with(model, "encoder.block.", 4), "decoder.block.", 3);
  }

  private static ModelHeaders glm(String name, boolean predicts) {
    ModelHeaders model =
        ModelHeaders.named(name)
            .config(
                """
                {"model_type": "glm4_moe", "num_hidden_layers": 3, "num_nextn_predict_layers": 1,
                 "tie_word_embeddings": false}""")
            .tensor("model.norm.weight", 8);
    return with(model, "model.layers.", predicts ? 4 : 3);
  }

  @ParameterizedTest
  @CsvSource({
    "language_model.model.layers.0.w, 0",
    "language_model.model.layers.1.w, 1",
    "language_model.model.layers.2.w, 2",
    "language_model.model.layers.3.w, 3",
    "vision_model.encoder.layers.0.w, 0",
    "vision_model.encoder.layers.1.w, 0.6",
    "vision_model.encoder.layers.5.w, 3",
    "mlp1.1.weight,                   0",
  })
  void followsAGradientInEachTower(String tensor, double weight) {
    MergePlan plan = Planning.of(GRADIENT, internVl("a"), internVl("b")).plan();
    assertThat(modelValue(plan, tensor, "a", "weight")).isCloseTo(weight, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "encoder.block.0.w, 0", "encoder.block.1.w, 1", "encoder.block.3.w, 3",
    "decoder.block.0.w, 0", "decoder.block.1.w, 1.5", "decoder.block.2.w, 3",
    "shared.weight,     0"
  })
  void followsAGradientInEncoderAndDecoder(String tensor, double weight) {
    MergePlan plan = Planning.of(GRADIENT, t5("a"), t5("b")).plan();
    assertThat(modelValue(plan, tensor, "a", "weight")).isCloseTo(weight, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.0.w, 0",
    "model.layers.1.w, 1.5",
    "model.layers.2.w, 3",
    "model.layers.3.w, 3"
  })
  void endsAGradientBelowABlockThatPredictsFurtherTokens(String tensor, double weight) {
    MergePlan plan = Planning.of(GRADIENT, glm("a", true), glm("b", true)).plan();
    assertThat(modelValue(plan, tensor, "a", "weight")).isCloseTo(weight, within(1e-12));
  }

  @Test
  void countsNoPredictorAsALayer() {
    MergePlan plan =
        Planning.of(linear("a", "b"), glm("a", true), glm("b", false)).copyingMissing().plan();
    assertThat(inputs(plan, "model.layers.2.w")).hasSize(2);
    assertThat(inputs(plan, "model.layers.3.w")).containsExactly("a/model.layers.3.w");
  }

  @Test
  void comparesTheHeightOfEachStack() {
    ModelHeaders b =
        with(with(ModelHeaders.named("b"), "encoder.block.", 4), "decoder.block.", 2)
            .config("{\"num_layers\": 4, \"num_decoder_layers\": 2}")
            .tensor("shared.weight", 32, 8)
            .tensor("encoder.final_layer_norm.weight", 8);
    Planning.of(linear("a", "b"), t5("a"), b)
        .assertProblems(
            "recipe.yml:5: b has 2 decoder layers, a has 3; merge ranges of layers with slices",
            "recipe.yml:5: b lacks 1 tensor that other models have: decoder.block.2.w. Use models of"
                + " one architecture, or set missing-tensors=copy to take them from a model that has"
                + " them");
  }

  private static String stack(String model, String first, String second) {
    return """
        merge_method: passthrough
        slices:
          - sources: [{model: %s, %s}]
          - sources: [{model: %s, %s}]
        """
        .formatted(model, first, model, second);
  }

  @Test
  void asksWhichStackALayerRangeCounts() {
    String several =
        "recipe.yml:%s: a has several stacks of layers: decoder (decoder.block.*, 3 layers), encoder"
            + " (encoder.block.*, 4 layers); say which `layer_range` counts, for example"
            + " `stack: decoder`";
    Planning.of(stack("a", "layer_range: [0, 3]", "layer_range: [1, 3]"), t5("a"))
        .assertProblems(several.formatted(3), several.formatted(4));
  }

  @Test
  void namesTheStacksThereAreWhereAnotherIsAskedFor() {
    Planning.of(
            stack("a", "layer_range: [0, 2], stack: vision", "layer_range: [0, 9], stack: encoder"),
            t5("a"))
        .assertProblems(
            "recipe.yml:3: a has no stack `vision`; it has decoder (decoder.block.*, 3 layers),"
                + " encoder (encoder.block.*, 4 layers)",
            "recipe.yml:4: layer_range [0, 9] goes beyond the 4 layers of a");
  }

  @Test
  void stacksTheLayersOfOneTowerAndKeepsTheOther() {
    MergePlan plan =
        Planning.of(
                stack("a", "layer_range: [0, 3], stack: text", "layer_range: [1, 4], stack: text"),
                internVl("a"))
            .plan();
    assertThat(names(plan).stream().filter(name -> name.startsWith("language_model"))).hasSize(6);
    assertThat(inputs(plan, "language_model.model.layers.3.w"))
        .containsExactly("a/language_model.model.layers.1.w");
    assertThat(names(plan).stream().filter(name -> name.startsWith("vision_model"))).hasSize(6);
    assertThat(names(plan)).contains("mlp1.1.weight");
    assertThat(plan.output().edits())
        .containsExactly(
            ConfigEdit.keys(List.of(new KeyEdit("llm_config.num_hidden_layers", new Whole(6)))));
  }

  @Test
  void stacksEncoderAndDecoderEachByItself() {
    String recipe =
        """
        merge_method: passthrough
        slices:
          - sources: [{model: a, layer_range: [0, 4], stack: encoder}]
          - sources: [{model: a, layer_range: [2, 4], stack: encoder}]
          - sources: [{model: a, layer_range: [1, 3], stack: decoder}]
        """;
    MergePlan plan = Planning.of(recipe, t5("a")).plan();
    assertThat(names(plan).stream().filter(name -> name.startsWith("encoder.block"))).hasSize(6);
    assertThat(inputs(plan, "encoder.block.4.w")).containsExactly("a/encoder.block.2.w");
    assertThat(names(plan).stream().filter(name -> name.startsWith("decoder"))).hasSize(2);
    assertThat(inputs(plan, "decoder.block.0.w")).containsExactly("a/decoder.block.1.w");
    assertThat(plan.output().edits())
        .containsExactly(
            ConfigEdit.keys(
                List.of(
                    new KeyEdit("num_layers", new Whole(6)),
                    new KeyEdit("num_decoder_layers", new Whole(2)))));
  }

  private static ModelHeaders speech(String convolutions) {
    ModelHeaders model =
        ModelHeaders.named("a")
            .config(
                """
                {"model_type": "speech_to_text", "encoder_layers": 4, "decoder_layers": 3,
                 "num_conv_layers": 2}""");
    return with(
        with(with(model, convolutions, 2), "model.encoder.layers.", 4), "model.decoder.layers.", 3);
  }

  /** The convolutions of an encoder are numbered and counted, and are not its layers. */
  @ParameterizedTest
  @CsvSource({
    "model.encoder.conv.conv_layers., encoder",
    "model.encoder.frontend.groups., model.encoder.layers"
  })
  void leavesWhatElseIsNumberedInAnEncoderAsItIs(String other, String stack) {
    String ranges = "layer_range: %s, stack: " + stack;
    MergePlan plan =
        Planning.of(
                stack("a", ranges.formatted("[0, 3]"), ranges.formatted("[1, 4]")), speech(other))
            .plan();
    assertThat(names(plan)).contains(other + "0.w", other + "1.w").hasSize(2 + 6 + 3);
    assertThat(plan.output().edits())
        .containsExactly(ConfigEdit.keys(List.of(new KeyEdit("encoder_layers", new Whole(6)))));
  }

  @Test
  void refusesToChangeACountThatOtherLayersShare() {
    ModelHeaders shared =
        with(with(ModelHeaders.named("a"), "encoder.block.", 4), "decoder.block.", 4)
            .config("{\"model_type\": \"t5\", \"num_layers\": 4}");
    Planning.of(
            stack(
                "a", "layer_range: [0, 4], stack: encoder", "layer_range: [3, 4], stack: encoder"),
            shared)
        .assertProblems(
            "recipe.yml:3: config.json of a cannot describe these layers. num_layers counts other"
                + " layers too, which stay as they are. Choose other ranges, or set lost-keys=keep to"
                + " write it all the same");
  }

  @Test
  void movesAPredictorToTheEndOfAStack() {
    MergePlan plan =
        Planning.of(stack("a", "layer_range: [0, 2]", "layer_range: [1, 3]"), glm("a", true))
            .plan();
    assertThat(inputs(plan, "model.layers.3.w")).containsExactly("a/model.layers.2.w");
    assertThat(inputs(plan, "model.layers.4.w")).containsExactly("a/model.layers.3.w");
    assertThat(plan.output().edits())
        .containsExactly(ConfigEdit.keys(List.of(new KeyEdit("num_hidden_layers", new Whole(4)))));
  }

  @Test
  void promisesNoPredictorWhereOneOfTheModelsHasNone() {
    String recipe =
        """
        merge_method: linear
        parameters: {weight: 1}
        slices:
          - sources:
              - {model: a, layer_range: [0, 3]}
              - {model: b, layer_range: [0, 3]}
        """;
    MergePlan plan = Planning.of(recipe, glm("a", true), glm("b", false)).plan();
    assertThat(names(plan)).doesNotContain("model.layers.3.w");
    assertThat(plan.notices())
        .containsExactly(
            "blocks that predict further tokens, above the text layers, are left out: not all models"
                + " of the last slice have them");
    assertThat(plan.output().edits())
        .containsExactly(
            ConfigEdit.keys(
                List.of(
                    new KeyEdit("num_hidden_layers", new Whole(3)),
                    new KeyEdit("num_nextn_predict_layers", new Whole(0)))));
  }

  private static final String WRONG_COUNT =
      "config.json gives num_hidden_layers 32, but the tensors model.layers.* have 2";

  @Test
  void followsNoGradientThroughLayersThatCannotBeTold() {
    ModelHeaders a =
        with(ModelHeaders.named("a"), "model.layers.", 2).config("{\"num_hidden_layers\": 32}");
    ModelHeaders b =
        with(ModelHeaders.named("b"), "model.layers.", 2).config("{\"num_hidden_layers\": 32}");
    Planning.of(GRADIENT, a, b)
        .assertProblems(
            "recipe.yml:3: a gradient cannot be followed: "
                + WRONG_COUNT
                + ". Mend that config.json, or give plain values, for model.layers.0.w,"
                + " model.layers.1.w");
    assertThat(names(Planning.of(linear("a", "b"), a, b).plan())).hasSize(2);
  }

  @Test
  void stacksNoLayersThatCannotBeTold() {
    ModelHeaders a =
        with(ModelHeaders.named("a"), "model.layers.", 2).config("{\"num_hidden_layers\": 32}");
    Planning.of(
            "merge_method: passthrough\nslices:\n  - sources: [{model: a, layer_range: [0, 1]}]\n",
            a)
        .assertProblems(
            "recipe.yml:3: the layers of a cannot be told: "
                + WRONG_COUNT
                + ". Mend its config.json, or fetch it again");
  }

  @Test
  void refusesSlicesAcrossArchitecturesAndWidths() {
    String recipe =
        """
        merge_method: passthrough
        slices:
          - sources: [{model: a, layer_range: [0, 2]}]
          - sources: [{model: b, layer_range: [0, 2]}]
        """;
    String config =
        "{\"architectures\": [\"%s\"], \"model_type\": \"%s\", \"num_hidden_layers\": 2,"
            + " \"hidden_size\": %s}";
    ModelHeaders a =
        ModelHeaders.llama("a", 2).config(config.formatted("LlamaForCausalLM", "llama", 8));
    Planning.of(
            recipe, a, ModelHeaders.llama("b", 2).config(config.formatted("NeoX", "gpt_neox", 8)))
        .assertProblems("recipe.yml:4: a is LlamaForCausalLM, b is NeoX" + MEANINGLESS);
    Planning.of(
            recipe,
            a,
            ModelHeaders.llama("b", 2).config(config.formatted("LlamaForCausalLM", "llama", 16)))
        .assertProblems("recipe.yml:4: hidden_size is 16 in b, 8 in a" + MEANINGLESS);
  }

  @Test
  void writesWhatAConfigurationCannotSayOnlyIfTold() {
    ModelHeaders dense =
        ModelHeaders.llama("a", 2)
            .config(
                "{\"model_type\": \"deepseek_v2\", \"num_hidden_layers\": 2,"
                    + " \"first_k_dense_replace\": 1}");
    Planning planning =
        Planning.of(stack("a", "layer_range: [0, 2]", "layer_range: [0, 2]"), dense);
    String lost = "first_k_dense_replace: its layers would be [0, 2]";
    planning.assertProblems(
        "recipe.yml:3: config.json of a cannot describe these layers. "
            + lost
            + ". Choose other ranges, or set lost-keys=keep to write it all the same");
    MergePlan plan = planning.keepingLostKeys().plan();
    assertThat(plan.notices()).containsExactly("config.json cannot describe the layers: " + lost);
    assertThat(plan.output().edits())
        .containsExactly(ConfigEdit.keys(List.of(new KeyEdit("num_hidden_layers", new Whole(4)))));
  }
}
