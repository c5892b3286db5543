package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.structure.KeyEdit;
import dev.stockpot.merge.structure.KeyEdit.Whole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans for slices of models that have several stacks of layers. */
class StackSlicesPlanTest extends StackCases {
  private static final String MEANINGLESS =
      ". What one has learnt means nothing to the other: take models of one architecture and size,"
          + " or mend the config.json that is wrong";

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
        "recipe.yml:%s: a has several stacks of layers: decoder (decoder.block.*, 3 layers),"
            + " encoder (encoder.block.*, 4 layers); say which `layer_range` counts, for example"
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
                 "num_conv_layers": 2}\
                """);
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
                + " layers too, which stay as they are. Choose other ranges, or set lost-keys=keep"
                + " to write it all the same");
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
            "blocks that predict further tokens, above the text layers, are left out: not all"
                + " models of the last slice have them");
    assertThat(plan.output().edits())
        .containsExactly(
            ConfigEdit.keys(
                List.of(
                    new KeyEdit("num_hidden_layers", new Whole(3)),
                    new KeyEdit("num_nextn_predict_layers", new Whole(0)))));
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
