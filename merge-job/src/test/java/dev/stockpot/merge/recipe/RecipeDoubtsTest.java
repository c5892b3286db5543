package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that are hardly meant, and of which mergekit makes something without a word. */
class RecipeDoubtsTest {
  private static final String LINEAR =
      """
      merge_method: linear
      models:
        - model: a
          parameters: {weight: 1}
      """;

  private static Recipe lenient(String yaml) {
    return Recipes.parse(yaml, UnknownKeys.NOTICE);
  }

  @ParameterizedTest
  @CsvSource({"yes, 1", "true, 1", "On, 1", "no, 0", "false, 0"})
  void aFlagForANumberCountsAsOneOrZero(String flag, double number) {
    Recipe recipe = lenient(LINEAR.replace("weight: 1", "weight: " + flag));
    assertThat(weight(recipe, "x")).isEqualTo(Optional.of(number));
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:4: `weight` is %s, which counts as %.0f; write the number"
                .formatted(flag, number));
  }

  @Test
  void aFlagCountsInGradientsAndBehindFiltersToo() {
    Recipe recipe =
        lenient(
            LINEAR.replace(
                "weight: 1", "weight: [{filter: mlp, value: [no, yes]}, {value: true}]"));
    assertThat(weight(recipe, "mlp")).isEqualTo(Optional.of(0.0));
    assertThat(weight(recipe, "norm")).isEqualTo(Optional.of(1.0));
    assertThat(recipe.notices()).hasSize(3);
  }

  private static Optional<Object> weight(Recipe recipe, String tensor) {
    ParameterSetting weight =
        recipe.slices().get(0).sources().get(0).parameters().setting("weight").orElseThrow();
    return weight.at(tensor, 0).map(Object.class::cast);
  }

  @Test
  void whoWantsNoDoubtGetsAProblemForAFlagThatIsNoNumber() {
    assertProblems(
        LINEAR.replace("weight: 1", "weight: yes"),
        "recipe.yml:4: `weight` is yes, must be a number");
  }

  @Test
  void aSliceWithoutLayersIsToldAndGivesWhatStandsBesideLayers() {
    Recipe recipe =
        lenient(
            """
            merge_method: passthrough
            slices:
              - sources:
                  - {model: a, layer_range: [0, 4]}
              - sources:
                  - {model: b, layer_range: [4, 4]}
            """);
    assertThat(recipe.slices()).hasSize(2);
    assertThat(recipe.slices().get(1).sources().get(0).layers().orElseThrow().length()).isZero();
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:6: `layer_range` is [4, 4], which has no layers: its end is the layer after"
                + " the last. The first slice still gives embeddings, the last one heads; remove"
                + " the slice, or write [4, 5] to have layer 4");
  }

  @Test
  void slicesOfWhichNoneHasLayersAreNoModel() {
    assertThatThrownBy(
            () ->
                lenient(
                    """
                    merge_method: passthrough
                    slices:
                      - sources: [{model: a, layer_range: [2, 2]}]
                      - sources: [{model: b, layer_range: [0, 0]}]
                    """))
        .hasMessage(
            "recipe.yml:2: the `layer_range` of every slice is empty; the end of one is the layer"
                + " after its last");
  }

  @Test
  void aSlicesOwnBaseThatTheMethodHasNoUseForIsTold() {
    Recipe recipe =
        lenient(
            """
            merge_method: passthrough
            slices:
              - base_model: nowhere
                sources: [{model: a, layer_range: [0, 2]}]
            """);
    assertThat(recipe.slices().get(0).base()).as("nobody looks for it").isEmpty();
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:3: `base_model` has no effect here: passthrough has no use for a slice's"
                + " own base model; remove the line");
  }
}
