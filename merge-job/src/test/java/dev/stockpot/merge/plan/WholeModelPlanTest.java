package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.modelValue;
import static dev.stockpot.merge.plan.Planning.names;
import static dev.stockpot.merge.plan.Planning.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans of recipes that merge whole models. */
class WholeModelPlanTest {
  private static final String TIES =
      """
      merge_method: ties
      base_model: base
      models:
        - model: a
          parameters: {weight: 1}
        - model: b
          parameters: {weight: [0, 3], density: 0.5}
      """;

  @Test
  void mergesEveryTensorOfTheModelsUnderItsName() {
    MergePlan plan =
        Planning.of(linear("a", "b"), ModelHeaders.llama("a", 2), ModelHeaders.llama("b", 2))
            .plan();
    assertThat(names(plan))
        .containsExactly(
            "model.embed_tokens.weight",
            "model.layers.0.mlp.up_proj.weight",
            "model.layers.0.input_layernorm.weight",
            "model.layers.1.mlp.up_proj.weight",
            "model.layers.1.input_layernorm.weight",
            "model.norm.weight",
            "lm_head.weight");
    assertThat(inputs(plan, "model.norm.weight"))
        .containsExactly("a/model.norm.weight", "b/model.norm.weight");
    assertThat(plan.notices()).isEmpty();
    assertThat(plan.output().edits()).isEmpty();
  }

  @Test
  void readsTheBaseThatNobodyListedWhereTheMethodNeedsIt() {
    MergePlan plan =
        Planning.of(
                TIES,
                ModelHeaders.llama("a", 2),
                ModelHeaders.llama("b", 2),
                ModelHeaders.llama("base", 2))
            .plan();
    assertThat(inputs(plan, "lm_head.weight"))
        .containsExactly("a/lm_head.weight", "b/lm_head.weight", "base/lm_head.weight");
    assertThat(tensor(plan, "lm_head.weight").models().get(2).getValue().values()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "lm_head.weight, 0",
    "model.embed_tokens.weight, 0",
    "model.norm.weight, 0",
    "model.layers.0.mlp.up_proj.weight, 0",
    "model.layers.1.mlp.up_proj.weight, 1.5",
    "model.layers.2.mlp.up_proj.weight, 3",
  })
  void followsAGradientThroughTheLayersAndTakesItsBeginningElsewhere(String name, double weight) {
    MergePlan plan =
        Planning.of(
                TIES,
                ModelHeaders.llama("a", 3),
                ModelHeaders.llama("b", 3),
                ModelHeaders.llama("base", 3))
            .plan();
    assertThat(modelValue(plan, name, "b", "weight")).isCloseTo(weight, within(1e-12));
  }

  @Test
  void takesTheEndOfAGradientInAnOnlyLayer() {
    MergePlan plan =
        Planning.of(
                TIES,
                ModelHeaders.llama("a", 1),
                ModelHeaders.llama("b", 1),
                ModelHeaders.llama("base", 1))
            .plan();
    assertThat(modelValue(plan, "model.layers.0.mlp.up_proj.weight", "b", "weight")).isEqualTo(3);
  }

  @Test
  void plansModelsWithoutLayers() {
    ModelHeaders a = ModelHeaders.named("a").tensor("weight", 4).tensor("bias", 1);
    ModelHeaders b = ModelHeaders.named("b").tensor("weight", 4).tensor("bias", 1);
    assertThat(names(Planning.of(linear("a", "b"), a, b).plan())).containsExactly("weight", "bias");
  }

  @Test
  void rejectsModelsOfDifferentHeights() {
    String recipe = linear("a", "b", "c");
    Planning.of(
            recipe,
            ModelHeaders.llama("a", 2),
            ModelHeaders.llama("b", 3),
            ModelHeaders.llama("c", 2))
        .assertProblems(
            "recipe.yml:4: a lacks 2 tensors that other models have:"
                + " model.layers.2.input_layernorm.weight, model.layers.2.mlp.up_proj.weight."
                + " Use models of one architecture, or set missing-tensors=copy to take them from a"
                + " model that has them",
            "recipe.yml:5: b has 3 layers, a has 2; merge ranges of layers with slices",
            "recipe.yml:6: c lacks 2 tensors that other models have:"
                + " model.layers.2.input_layernorm.weight, model.layers.2.mlp.up_proj.weight."
                + " Use models of one architecture, or set missing-tensors=copy to take them from a"
                + " model that has them");
  }

  @Test
  void saysThatTheBaseOfAnAverageOnlyGivesItsConfiguration() {
    String recipe = "base_model: base\n" + linear("a", "b");
    MergePlan plan =
        Planning.of(
                recipe,
                ModelHeaders.llama("base", 2),
                ModelHeaders.llama("a", 2),
                ModelHeaders.llama("b", 2))
            .plan();
    assertThat(plan.notices())
        .containsExactly(
            "linear does not merge the base model base; it gives configuration and tokenizer");
    assertThat(inputs(plan, "lm_head.weight"))
        .containsExactly("a/lm_head.weight", "b/lm_head.weight");
  }

  @Test
  void saysNothingOfABaseThatIsListedAsAModel() {
    String recipe = "base_model: a\n" + linear("a", "b");
    assertThat(
            Planning.of(recipe, ModelHeaders.llama("a", 2), ModelHeaders.llama("b", 2))
                .plan()
                .notices())
        .isEmpty();
  }

  @Test
  void rejectsWeightsThatSumToZeroAndNamesTheTensors() {
    String recipe =
        """
        merge_method: linear
        models:
          - model: a
            parameters: {weight: 1}
          - model: b
            parameters: {weight: [{filter: norm, value: -1}, {value: 1}]}
        """;
    Planning.of(recipe, ModelHeaders.llama("a", 2), ModelHeaders.llama("b", 2))
        .assertProblems(
            "recipe.yml:2: weights sum to zero; change one, or set normalize: false, for"
                + " model.layers.0.input_layernorm.weight, model.layers.1.input_layernorm.weight,"
                + " model.norm.weight");
  }

  @Test
  void rejectsFiltersThatLeaveATensorWithoutAValue() {
    String recipe =
        """
        merge_method: slerp
        base_model: a
        models:
          - model: a
          - model: b
        parameters:
          t:
            - {filter: mlp, value: 0.5}
            - {filter: norm, value: 0.5}
        """;
    Planning.of(recipe, ModelHeaders.llama("a", 2), ModelHeaders.llama("b", 2))
        .assertProblems(
            "recipe.yml:3: no filter gives `t`; add a last entry without a filter, for"
                + " lm_head.weight, model.embed_tokens.weight");
  }

  @Test
  void reportsProblemsOfEveryKindTogetherInTheOrderOfTheLines() {
    ModelHeaders a = ModelHeaders.llama("a", 2).tensor("extra", 3);
    ModelHeaders b =
        ModelHeaders.llama("b", 1).without("lm_head.weight").tensor("lm_head.weight", 33, 8);
    Planning.of(linear("a", "b").replace("weight: 1", "weight: 0"), a, b)
        .assertProblems(
            "recipe.yml:3: weights sum to zero; change one, or set normalize: false, for"
                + " model.embed_tokens.weight, model.layers.0.input_layernorm.weight,"
                + " model.layers.0.mlp.up_proj.weight, …",
            "recipe.yml:5: b has 1 layers, a has 2; merge ranges of layers with slices",
            "recipe.yml:5: b lacks 3 tensors that other models have: extra,"
                + " model.layers.1.input_layernorm.weight, model.layers.1.mlp.up_proj.weight. Use"
                + " models of one architecture, or set missing-tensors=copy to take them from a"
                + " model that has them",
            "recipe.yml:5: b has 1 tensor of another shape: lm_head.weight is [33, 8], but [32, 8]"
                + " in a. Models must have one architecture, and one vocabulary or a"
                + " `tokenizer_source`, such as `union`; heads that differ need `heads`");
  }

  @Test
  void methodsLearnTheDepthOfALayer() {
    String lines =
        """
        merge_method: lines
        base_model: base
        parameters: {alpha: 0.25, beta: 0.5}
        models: [{model: a}]
        """;
    MergePlan plan =
        Planning.of(lines, ModelHeaders.llama("a", 3), ModelHeaders.llama("base", 3)).plan();

    assertThat(factor(plan, "model.layers.0.mlp.up_proj.weight")).isEqualTo("0.25");
    assertThat(factor(plan, "model.layers.1.mlp.up_proj.weight")).isEqualTo("0.5");
    assertThat(factor(plan, "model.layers.2.mlp.up_proj.weight")).isEqualTo("0.75");
    assertThat(factor(plan, "model.embed_tokens.weight")).isEqualTo("0.25");
    assertThat(factor(plan, "lm_head.weight")).isEqualTo("0.25");
  }

  /** The factor on the task vectors, which nothing but the printed program shows. */
  private static String factor(MergePlan plan, String tensor) {
    Blockwise work = (Blockwise) tensor(plan, tensor).work();
    return work.program().toString().replaceAll(".*lambda=([0-9.]+).*", "$1");
  }
}
