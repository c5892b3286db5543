package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Plans of methods that look at whole models. */
class ModelScansTest {
  private static final String PAPER_TIES =
      """
      merge_method: ties
      base_model: base
      models:
        - {model: a, parameters: {weight: [0.5, 1], density: DENSITY}}
        - {model: b, parameters: {weight: 0.5, density: 0.5}}
      parameters: {reading: paper}
      """;

  private static Planning ties(String density) {
    return Planning.of(
        PAPER_TIES.replace("DENSITY", density),
        ModelHeaders.llama("a", 2),
        ModelHeaders.llama("b", 2),
        ModelHeaders.llama("base", 2));
  }

  @Test
  void weightsMayDifferBetweenTensors() {
    assertThat(ties("0.3").plan().scans()).hasSize(7);
  }

  @Test
  void rejectsDensitiesThatDifferBetweenTensors() {
    ties("[0.3, 0.5]")
        .assertProblems(
            "recipe.yml:3: ties looks at whole models here, so what it looks for must be the same"
                + " for all tensors; give its parameters no gradients and no filters"
                + " (lm_head.weight, model.layers.1.input_layernorm.weight differ)");
  }

  @Test
  void rejectsSlicesOfDifferentModels() {
    String krum =
        """
        merge_method: multi_krum
        parameters: {f: 0, granularity: GRANULARITY}
        slices:
          - sources:
            - {model: a, layer_range: [0, 1]}
            - {model: b, layer_range: [0, 1]}
            - {model: c, layer_range: [0, 1]}
          - sources:
            - {model: a, layer_range: [1, 2]}
            - {model: c, layer_range: [1, 2]}
            - {model: b, layer_range: [1, 2]}
        """;
    ModelHeaders[] models = {
      ModelHeaders.llama("a", 2), ModelHeaders.llama("b", 2), ModelHeaders.llama("c", 2)
    };
    Planning.of(krum.replace("GRANULARITY", "model"), models)
        .assertProblems(
            "recipe.yml:8: multi_krum looks at whole models here, so all slices must have the same"
                + " models in one order");
    assertThat(Planning.of(krum.replace("GRANULARITY", "tensor"), models).plan().scans()).isEmpty();
  }

  @Test
  void rejectsMoreByzantineModelsThanSoManyCanOutvote() {
    String krum =
        """
        merge_method: multi_krum
        parameters: {f: F, m: M}
        models: [{model: a}, {model: b}, {model: c}, {model: d}]
        """;
    ModelHeaders[] models = {
      ModelHeaders.named("a").tensor("x", 4),
      ModelHeaders.named("b").tensor("x", 4),
      ModelHeaders.named("c").tensor("x", 4),
      ModelHeaders.named("d").tensor("x", 4)
    };
    Planning.of(krum.replace("F", "1").replace("M", "1"), models)
        .assertProblems(
            "recipe.yml:3: f is 1, which takes at least 2f + 3 models, but there are 4; lower f to 0"
                + " or add models, for x");
    Planning.of(krum.replace("F", "0").replace("M", "5"), models)
        .assertProblems(
            "recipe.yml:3: m is 5, must be at most 4: the models without the f that may be"
                + " Byzantine, for x");
  }
}
