package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.modelValue;
import static dev.stockpot.merge.plan.Planning.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans for models with several stacks of layers: towers, encoder and decoder, predictors. */
class StackPlanTest extends StackCases {
  private static final String GRADIENT =
      """
      merge_method: linear
      parameters: {normalize: false}
      models:
        - {model: a, parameters: {weight: [0, 3]}}
        - {model: b, parameters: {weight: 1}}
      """;

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
            "recipe.yml:5: b lacks 1 tensor that other models have: decoder.block.2.w. Use models"
                + " of one architecture, or set missing-tensors=copy to take them from a model that"
                + " has them");
  }

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
}
