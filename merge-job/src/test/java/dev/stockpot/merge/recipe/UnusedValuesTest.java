package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Values that a recipe gives and no tensor gets, once all were looked up. */
class UnusedValuesTest {
  private static final List<String> TENSORS =
      List.of("embed.weight", "layers.0.mlp.weight", "layers.0.attn.weight");

  /** After every model and the merge were asked for each tensor. */
  private static List<UnusedValue> unused(Recipe recipe, List<String> tensors) {
    ParameterLookup lookup = new ParameterLookup(recipe);
    for (Slice slice : recipe.slices()) {
      for (String tensor : tensors) {
        slice.sources().forEach(source -> lookup.modelValues(slice, source, tensor, 0));
        lookup.mergeValues(slice, tensor, 0);
      }
    }
    return lookup.unused();
  }

  private static Recipe linear(String first, String more) {
    return parse(
        """
        merge_method: linear
        models:
          - model: a
            parameters: {weight: %s}
          - model: b
        parameters: {weight: 1%s}
        """
            .formatted(first, more));
  }

  @Test
  void nothingIsUnusedWhereEachValueReachesATensor() {
    assertThat(
            unused(linear("[{filter: mlp, value: 2}, {value: 3}]", ", normalize: false"), TENSORS))
        .isEmpty();
  }

  @Test
  void aFilterThatMatchesNothingIsNamed() {
    assertThat(unused(linear("[{filter: moe, value: 2}, {value: 3}]", ""), TENSORS))
        .containsExactly(
            new UnusedValue(
                "weight",
                4,
                false,
                "the value with filter `moe` matches no tensor that is merged"));
  }

  @Test
  void aFilterBehindOneThatTakesAllItMatchesIsNeverReached() {
    assertThat(
            unused(
                linear(
                    "[{filter: layers, value: 2}, {filter: mlp, value: 3}, {filter: embed, value:"
                        + " 4}, {value: 5}]",
                    ""),
                TENSORS))
        .containsExactly(
            new UnusedValue(
                "weight",
                4,
                false,
                "the value with filter `mlp`, entry 2 of its list, is never reached: entries before"
                    + " it match all that it matches"),
            new UnusedValue(
                "weight",
                4,
                false,
                "the value without a filter, entry 4 of its list, is never reached: entries before"
                    + " it match all that it matches"));
  }

  @Test
  void oneTensorIsEnough() {
    Recipe recipe =
        linear("[{filter: attn, value: 2}, {filter: layers, value: 3}, {value: 4}]", "");
    assertThat(unused(recipe, TENSORS)).isEmpty();
    assertThat(unused(recipe, List.of("layers.0.attn.weight")))
        .extracting(UnusedValue::reason)
        .containsExactly(
            "the value with filter `layers`, entry 2 of its list, is never reached: entries before"
                + " it match all that it matches",
            "the value without a filter, entry 3 of its list, is never reached: entries before it"
                + " match all that it matches");
  }

  @Test
  void whatInnerBlocksTakeOverIsTold() {
    Recipe recipe =
        parse(
            """
            merge_method: linear
            parameters: {weight: 1}
            slices:
              - parameters: {weight: 2}
                sources:
                  - {model: a, layer_range: [0, 2], parameters: {weight: 3}}
            """);
    assertThat(unused(recipe, TENSORS))
        .containsExactly(
            new UnusedValue("weight", 2, true, "every model, or slice, has its own"),
            new UnusedValue("weight", 4, true, "every model in the slice has its own"));
  }

  @Test
  void aBaseThatIsNotMergedAndAModelWithoutTensorsGetNone() {
    Recipe recipe =
        parse(
            """
            merge_method: task_arithmetic
            base_model: base
            models:
              - {model: base, parameters: {weight: 2}}
              - {model: a, parameters: {weight: 3}}
            """);
    assertThat(unused(recipe, TENSORS))
        .containsExactly(new UnusedValue("weight", 4, true, "the base model is not merged"));
    assertThat(unused(recipe, List.of()))
        .containsExactly(
            new UnusedValue("weight", 4, true, "the base model is not merged"),
            new UnusedValue("weight", 5, true, "none of the model's tensors is merged"));
  }

  @Test
  void depthCountsWhereAValueChangesOverIt() {
    assertThat(followsDepth(linear("2", ""))).isFalse();
    assertThat(followsDepth(linear("[2, 3]", ""))).isTrue();
    assertThat(followsDepth(linear("[{filter: mlp, value: 2}, {value: [2, 3]}]", ""))).isTrue();
    assertThat(followsDepth(linear("{steps: [2, 3]}", ""))).isTrue();
    assertThat(
            followsDepth(
                parse(
                    """
                    merge_method: slerp
                    base_model: a
                    models: [{model: a}, {model: b}]
                    parameters: {t: [0, 1]}
                    """)))
        .isTrue();
  }

  private static boolean followsDepth(Recipe recipe) {
    return new ParameterLookup(recipe).followsDepth(recipe.slices().get(0));
  }
}
