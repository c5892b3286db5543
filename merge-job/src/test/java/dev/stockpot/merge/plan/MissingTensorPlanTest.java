package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import org.junit.jupiter.api.Test;

/** Plans for models that do not hold the same tensors. */
class MissingTensorPlanTest {
  private static final String REMEDY =
      " Use models of one architecture, or set missing-tensors=copy to take them from a model that"
          + " has them";

  private static ModelHeaders withAdapters(String name, int adapters) {
    ModelHeaders model = ModelHeaders.llama(name, 2);
    for (int i = 0; i < adapters; i++) {
      model.tensor("adapter_%s.weight".formatted(i), 4);
    }
    return model;
  }

  @Test
  void makesOneProblemOfAllTensorsThatAModelLacks() {
    Planning.of(linear("a", "b"), withAdapters("a", 12), withAdapters("b", 0))
        .assertProblems(
            "recipe.yml:5: b lacks 12 tensors that other models have: adapter_0.weight,"
                + " adapter_1.weight, adapter_2.weight, …."
                + REMEDY);
  }

  @Test
  void namesEachModelThatLacksATensor() {
    ModelHeaders a = withAdapters("a", 1).without("model.norm.weight");
    Planning.of(linear("a", "b"), a, withAdapters("b", 0))
        .assertProblems(
            "recipe.yml:4: a lacks 1 tensor that other models have: model.norm.weight." + REMEDY,
            "recipe.yml:5: b lacks 1 tensor that other models have: adapter_0.weight." + REMEDY);
  }

  @Test
  void copiesThemFromTheFirstModelThatHoldsThemIfAsked() {
    MergePlan plan =
        Planning.of(
                linear("a", "b", "c"),
                withAdapters("a", 0),
                withAdapters("b", 2),
                withAdapters("c", 2))
            .copyingMissing()
            .plan();
    assertThat(tensor(plan, "adapter_1.weight").work()).isInstanceOf(Copy.class);
    assertThat(inputs(plan, "adapter_1.weight")).containsExactly("b/adapter_1.weight");
    assertThat(plan.notices())
        .containsExactly(
            "2 tensors copied from one model, because not all models hold them: adapter_0.weight,"
                + " adapter_1.weight");
  }

  @Test
  void copiesThemFromTheBaseBeforeAllOthers() {
    String recipe = "base_model: c\n" + linear("a", "b", "c");
    MergePlan plan =
        Planning.of(recipe, withAdapters("a", 0), withAdapters("b", 1), withAdapters("c", 1))
            .copyingMissing()
            .plan();
    assertThat(inputs(plan, "adapter_0.weight")).containsExactly("c/adapter_0.weight");
  }

  @Test
  void givesACopyTheTypeThatWasAskedForAllTensors() {
    MergePlan plan =
        Planning.of(linear("a", "b"), withAdapters("a", 1), withAdapters("b", 0))
            .copyingMissing()
            .dtype(DType.F32)
            .plan();
    assertThat(tensor(plan, "adapter_0.weight").output().dtype()).isEqualTo(DType.F32);
    assertThat(inputs(plan, "adapter_0.weight")).containsExactly("a/adapter_0.weight");
  }

  @Test
  void makesOneProblemOfAllTensorsOfAnotherShape() {
    ModelHeaders b = ModelHeaders.llama("b", 2);
    Planning.of(linear("a", "b"), ModelHeaders.llama("a", 2), widened(b))
        .assertProblems(
            "recipe.yml:5: b has 4 tensors of another shape: lm_head.weight is [40, 8], but [32, 8]"
                + " in a, model.embed_tokens.weight is [40, 8], but [32, 8] in a,"
                + " model.layers.0.mlp.up_proj.weight is [8, 16], but [16, 8] in a, …."
                + " Models must have one architecture, and one vocabulary or a"
                + " `tokenizer_source`, such as `union`; heads that differ need `heads`");
  }

  @Test
  void comparesShapesWithTheBase() {
    String recipe =
        """
        base_model: b
        merge_method: slerp
        parameters: {t: 0.5}
        models: [{model: a}, {model: b}]
        """;
    ModelHeaders a = ModelHeaders.named("a").tensor("x", 3);
    ModelHeaders b = ModelHeaders.named("b").tensor("x", 4);
    Planning.of(recipe, a, b)
        .assertProblems(
            "recipe.yml:4: a has 1 tensor of another shape: x is [3], but [4] in b. Models must"
                + " have one architecture, and one vocabulary or a `tokenizer_source`, such as"
                + " `union`; heads that differ need `heads`");
  }

  private static ModelHeaders widened(ModelHeaders model) {
    for (String name : new String[] {"lm_head.weight", "model.embed_tokens.weight"}) {
      model.without(name).tensor(name, 40, 8);
    }
    for (int layer = 0; layer < 2; layer++) {
      String name = "model.layers.%s.mlp.up_proj.weight".formatted(layer);
      model.without(name).tensor(name, 8, 16);
    }
    return model;
  }
}
