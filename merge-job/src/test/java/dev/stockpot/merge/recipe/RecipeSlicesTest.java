package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recipes that build their output of layers from here and there. */
class RecipeSlicesTest {

  private static String passthrough(String layerRange) {
    return """
    merge_method: passthrough
    slices:
      - sources:
          - model: a
            layer_range: %s
    """
        .formatted(layerRange);
  }

  @Test
  void keepsSlicesInOrderWithTheirLayersAndLines() {
    Recipe recipe =
        parse(
            """
            slices:
              - sources:
                - model: a
                  layer_range: [0, 24]
              - sources:
                - model: b
                  layer_range: [20, 40]
            merge_method: passthrough
            dtype: float16
            """);
    assertThat(recipe.wholeModels()).isFalse();
    assertThat(recipe.slices()).extracting(Slice::line).containsExactly(2, 5);
    assertThat(recipe.slices().get(1).sources().get(0))
        .isEqualTo(
            new Source(
                new ModelReference("b", 6),
                Optional.of(new LayerRange(20, 40)),
                ParameterBlock.NONE,
                6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "[0]", "[0, 1, 2]", "[0, 1.5]", "[a, b]", "[0, 99999999999]", "[]"})
  void rejectsALayerRangeThatIsNotTwoWholeNumbers(String range) {
    assertProblems(
        passthrough(range),
        "recipe.yml:5: `layer_range` must be two whole numbers: the first layer and the one after"
            + " the last, for example [0, 32], not "
            + range);
  }

  @ParameterizedTest
  @CsvSource({"24, 0", "-1, 3"})
  void rejectsALayerRangeThatIsReversedOrNegative(int begin, int end) {
    assertProblems(
        passthrough("[%s, %s]".formatted(begin, end)),
        "recipe.yml:5: `layer_range` is [%s, %s], must go up from 0 or more; give the first layer,"
                .formatted(begin, end)
            + " then the one after the last");
  }

  @Test
  void rejectsALayerRangeWithoutLayers() {
    assertProblems(
        passthrough("[3, 3]"),
        "recipe.yml:2: the `layer_range` of every slice is empty; the end of one is the layer after"
            + " its last",
        "recipe.yml:5: `layer_range` is [3, 3], which has no layers: its end is the layer after the"
            + " last. The first slice still gives embeddings, the last one heads; remove the slice,"
            + " or write [3, 4] to have layer 3");
  }

  @Test
  void rejectsASourceWithoutLayerRange() {
    assertProblems(
        """
        merge_method: passthrough
        slices:
          - sources:
              - model: a
        """,
        "recipe.yml:4: this source has no `layer_range`; add one, for example"
            + " `layer_range: [0, 32]`");
  }

  @Test
  void rejectsSourcesOfDifferentLength() {
    assertProblems(
        """
        merge_method: linear
        parameters: {weight: 1}
        slices:
          - sources:
              - {model: a, layer_range: [0, 24]}
              - {model: b, layer_range: [0, 20]}
        """,
        "recipe.yml:6: `b` gives 20 layers, `a` in line 5 gives 24; make all sources of a slice"
            + " equally long");
  }

  @Test
  void rejectsASliceWithoutSources() {
    assertProblems(
        """
        merge_method: passthrough
        slices:
          - parameters: {scale: 1}
          - sources: []
        """,
        "recipe.yml:3: this slice has no `sources`; list the models it is made of",
        "recipe.yml:4: `sources` is empty; list at least one");
  }

  @Test
  void rejectsASliceThatIsNoMapping() {
    assertProblems(
        "merge_method: passthrough\nslices:\n  - a\n",
        "recipe.yml:3: an element of `slices` must be a mapping, `name: value`");
  }

  @Test
  void rejectsASliceThatDoesNotListTheBaseItsTaskVectorsStartFrom() {
    assertProblems(
        """
        merge_method: ties
        base_model: base
        parameters: {weight: 1}
        slices:
          - sources:
              - {model: base, layer_range: [0, 2]}
              - {model: a, layer_range: [0, 2]}
          - sources:
              - {model: a, layer_range: [2, 4]}
        """,
        "recipe.yml:8: ties compares every source with its base model: list `base` among this"
            + " slice's sources");
  }

  @Test
  void rejectsASliceThatDoesNotListTheBaseItMerges() {
    assertProblems(
        """
        merge_method: slerp
        base_model: base
        parameters: {t: 1}
        slices:
          - sources:
              - {model: a, layer_range: [0, 2]}
        """,
        "recipe.yml:5: slerp merges its base model: list `base` among this slice's sources");
  }

  @Test
  void aSlicesOwnBaseStandsInForTheRecipes() {
    Recipe recipe =
        parse(
            """
            merge_method: slerp
            base_model: a
            parameters: {t: 1}
            slices:
              - base_model: b
                sources:
                  - {model: b, layer_range: [0, 2]}
                  - {model: c, layer_range: [0, 2]}
            """);
    Slice slice = recipe.slices().get(0);
    assertThat(recipe.baseOf(slice)).hasValue(new ModelReference("b", 5));
    assertThat(recipe.isBase(slice, slice.sources().get(0))).isTrue();
    assertThat(recipe.isBase(slice, slice.sources().get(1))).isFalse();
  }

  @Test
  void rejectsASliceWithoutBaseWhereOthersHaveTheirOwn() {
    assertProblems(
        """
        merge_method: slerp
        parameters: {t: 1}
        slices:
          - base_model: b
            sources:
              - {model: b, layer_range: [0, 2]}
              - {model: c, layer_range: [0, 2]}
          - sources:
              - {model: b, layer_range: [2, 4]}
              - {model: c, layer_range: [2, 4]}
        """,
        "recipe.yml:8: this slice has no base model, and slerp needs one; add `base_model: PATH` to"
            + " the slice or the recipe");
  }

  @Test
  void rejectsASlicesOwnBaseThatNobodyReads() {
    assertProblems(
        """
        merge_method: passthrough
        slices:
          - base_model: b
            sources:
              - {model: a, layer_range: [0, 2]}
        """,
        "recipe.yml:3: `base_model` has no effect here: passthrough has no use for a slice's own"
            + " base model; remove the line");
  }

  @Test
  void rejectsTooManySourcesInTheSliceThatHasThem() {
    assertProblems(
        """
        merge_method: passthrough
        slices:
          - sources:
              - {model: a, layer_range: [0, 2]}
          - sources:
              - {model: a, layer_range: [2, 4]}
              - {model: b, layer_range: [2, 4]}
        """,
        "recipe.yml:5: passthrough takes exactly 1 model, and there are 2 here; remove 1 or choose"
            + " another `merge_method`");
  }

  @Test
  void theSameModelMayServeSeveralSlices() {
    Recipe recipe =
        parse(
            """
            merge_method: passthrough
            slices:
              - sources: [{model: a, layer_range: [0, 24]}]
              - sources: [{model: a, layer_range: [8, 24]}]
            """);
    assertThat(recipe.slices()).hasSize(2);
  }
}
