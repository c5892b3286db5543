package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.mergeValue;
import static dev.stockpot.merge.plan.Planning.modelValue;
import static dev.stockpot.merge.plan.Planning.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.structure.KeyEdit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans of recipes that stack layers. */
class SlicePlanTest {
  private static final String STACK =
      """
      merge_method: passthrough
      slices:
        - sources:
            - {model: a, layer_range: [0, 3]}
        - sources:
            - {model: b, layer_range: [1, 4]}
      """;

  @Test
  void numbersTheLayersOfAllSlicesThrough() {
    MergePlan plan =
        Planning.of(STACK, ModelHeaders.llama("a", 4), ModelHeaders.llama("b", 4)).plan();
    assertThat(names(plan))
        .filteredOn(name -> name.endsWith("up_proj.weight"))
        .containsExactly(
            "model.layers.0.mlp.up_proj.weight",
            "model.layers.1.mlp.up_proj.weight",
            "model.layers.2.mlp.up_proj.weight",
            "model.layers.3.mlp.up_proj.weight",
            "model.layers.4.mlp.up_proj.weight",
            "model.layers.5.mlp.up_proj.weight");
    assertThat(inputs(plan, "model.layers.2.mlp.up_proj.weight"))
        .containsExactly("a/model.layers.2.mlp.up_proj.weight");
    assertThat(inputs(plan, "model.layers.3.mlp.up_proj.weight"))
        .containsExactly("b/model.layers.1.mlp.up_proj.weight");
    assertThat(plan.output().edits())
        .containsExactly(
            ConfigEdit.keys(List.of(new KeyEdit("num_hidden_layers", new KeyEdit.Whole(6)))));
  }

  @Test
  void takesWhatLiesBeforeTheLayersFromTheFirstSliceAndTheRestFromTheLast() {
    MergePlan plan =
        Planning.of(STACK, ModelHeaders.llama("a", 4), ModelHeaders.llama("b", 4)).plan();
    assertThat(inputs(plan, "model.embed_tokens.weight"))
        .containsExactly("a/model.embed_tokens.weight");
    assertThat(inputs(plan, "model.norm.weight")).containsExactly("b/model.norm.weight");
    assertThat(inputs(plan, "lm_head.weight")).containsExactly("b/lm_head.weight");
  }

  @ParameterizedTest
  @CsvSource({
    "wte.weight, a", "wpe.weight, a", "embeddings.word_embeddings.weight, a", // before the layers
    "ln_f.weight, b", "embed_out.weight, b", "pooler.dense.bias, b", // behind them
  })
  void knowsWhatLiesBeforeTheLayersInAllFamilies(String tensor, String model) {
    ModelHeaders a =
        ModelHeaders.named("a").tensor(tensor, 2).tensor("h.0.x", 1).tensor("h.1.x", 1);
    ModelHeaders b =
        ModelHeaders.named("b").tensor(tensor, 2).tensor("h.0.x", 1).tensor("h.1.x", 1);
    String recipe = STACK.replace("[0, 3]", "[0, 1]").replace("[1, 4]", "[1, 2]");
    assertThat(inputs(Planning.of(recipe, a, b).plan(), tensor))
        .containsExactly(model + "/" + tensor);
  }

  @Test
  void stacksLayersOfModelsThatNameThemDifferently() {
    ModelHeaders a =
        ModelHeaders.named("a").tensor("model.layers.0.up", 2).tensor("model.layers.1.up", 2);
    ModelHeaders b = ModelHeaders.named("b").tensor("layers.0.up", 2).tensor("layers.1.up", 2);
    String recipe =
        """
        merge_method: linear
        parameters: {weight: 1}
        slices:
          - sources:
              - {model: a, layer_range: [0, 1]}
              - {model: b, layer_range: [1, 2]}
        """;
    MergePlan plan = Planning.of(recipe, a, b).plan();
    assertThat(names(plan)).containsExactly("model.layers.0.up");
    assertThat(inputs(plan, "model.layers.0.up"))
        .containsExactly("a/model.layers.0.up", "b/layers.1.up");
  }

  @Test
  void rejectsEveryRangeThatGoesBeyondTheLayersOfItsModel() {
    Planning.of(STACK, ModelHeaders.llama("a", 2), ModelHeaders.llama("b", 3))
        .assertProblems(
            "recipe.yml:4: layer_range [0, 3] goes beyond the 2 layers of a",
            "recipe.yml:6: layer_range [1, 4] goes beyond the 3 layers of b");
  }

  @Test
  void rejectsARangeOfAModelWithoutLayers() {
    Planning.of(STACK, ModelHeaders.named("a").tensor("weight", 2), ModelHeaders.llama("b", 4))
        .assertProblems("recipe.yml:4: layer_range [0, 3] goes beyond the 0 layers of a");
  }

  private static final String GRADIENTS =
      """
      merge_method: linear
      slices:
        - sources:
            - model: a
              layer_range: [0, 3]
              parameters:
                weight:
                  - {filter: layers.1., value: 7}
                  - {value: [0, 1]}
            - model: b
              layer_range: [1, 4]
              parameters:
                weight:
                  - {filter: layers.1., value: 9}
                  - {value: 2}
        - sources:
            - {model: a, layer_range: [3, 4]}
          parameters: {weight: [4, 6]}
      """;

  @ParameterizedTest
  @CsvSource({
    // output layer, weight of a, weight of b: filters see the names in the models, not in the
    // output
    "0, 0, 9", // a's layer 0, b's layer 1
    "1, 7, 2", // a's layer 1, b's layer 2
    "2, 1, 2",
  })
  void matchesFiltersOfAModelAgainstItsOwnNames(int layer, double ofA, double ofB) {
    MergePlan plan =
        Planning.of(GRADIENTS, ModelHeaders.llama("a", 4), ModelHeaders.llama("b", 4)).plan();
    String tensor = "model.layers.%s.mlp.up_proj.weight".formatted(layer);
    assertThat(modelValue(plan, tensor, "a", "weight")).isCloseTo(ofA, within(1e-12));
    assertThat(modelValue(plan, tensor, "b", "weight")).isCloseTo(ofB, within(1e-12));
  }

  @Test
  void followsAGradientWithinEachSlice() {
    MergePlan plan =
        Planning.of(GRADIENTS, ModelHeaders.llama("a", 4), ModelHeaders.llama("b", 4)).plan();
    // the only layer of its slice is its last, what lies behind the layers is its beginning
    assertThat(modelValue(plan, "model.layers.3.mlp.up_proj.weight", "a", "weight")).isEqualTo(6);
    assertThat(modelValue(plan, "model.norm.weight", "a", "weight")).isEqualTo(4);
  }

  @Test
  void matchesFiltersOfTheMergeAgainstNamesInTheOutput() {
    String recipe =
        """
        merge_method: slerp
        base_model: a
        parameters:
          t:
            - {filter: layers.2., value: 0.25}
            - {value: 0.5}
        slices:
          - sources:
              - {model: a, layer_range: [0, 2]}
              - {model: b, layer_range: [0, 2]}
          - sources:
              - {model: a, layer_range: [1, 3]}
              - {model: b, layer_range: [1, 3]}
        """;
    MergePlan plan =
        Planning.of(recipe, ModelHeaders.llama("a", 3), ModelHeaders.llama("b", 3)).plan();
    assertThat(inputs(plan, "model.layers.2.mlp.up_proj.weight").get(0))
        .isEqualTo("a/model.layers.1.mlp.up_proj.weight");
    assertThat(mergeValue(plan, "model.layers.2.mlp.up_proj.weight", "t")).isEqualTo(0.25);
    assertThat(inputs(plan, "model.layers.3.mlp.up_proj.weight").get(0))
        .isEqualTo("a/model.layers.2.mlp.up_proj.weight");
    assertThat(mergeValue(plan, "model.layers.3.mlp.up_proj.weight", "t")).isEqualTo(0.5);
  }

  @Test
  void takesTheBaseOfTheSliceWhereItHasItsOwn() {
    String recipe =
        """
        merge_method: task_arithmetic
        base_model: a
        parameters: {weight: 1}
        slices:
          - sources:
              - {model: a, layer_range: [0, 1]}
              - {model: b, layer_range: [0, 1]}
          - base_model: b
            sources:
              - {model: a, layer_range: [1, 2]}
              - {model: b, layer_range: [1, 2]}
        """;
    MergePlan plan =
        Planning.of(recipe, ModelHeaders.llama("a", 2), ModelHeaders.llama("b", 2)).plan();
    String first = "model.layers.0.mlp.up_proj.weight";
    String second = "model.layers.1.mlp.up_proj.weight";
    assertThat(modelValue(plan, first, "b", "weight")).isEqualTo(1); // only the base has none
    assertThat(modelValue(plan, second, "a", "weight")).isEqualTo(1);
  }
}
