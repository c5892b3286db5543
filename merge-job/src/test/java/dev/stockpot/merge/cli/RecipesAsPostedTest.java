package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes as people posted them, with their names changed: what is made of each. */
class RecipesAsPostedTest {
  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void writeModels() throws IOException {
    here = new Situation(folder);
    for (String name : new String[] {"a", "b", "c"}) {
      ModelFolder model =
          here.model(name)
              .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 8}")
              .filled("model.embed_tokens.weight", name.charAt(0) - 'a', 4, 2);
      for (int layer = 0; layer < 8; layer++) {
        model.filled("model.layers.%s.mlp.w".formatted(layer), name.charAt(0) - 'a', 2, 2);
      }
      model.write();
    }
  }

  private static String layers(int... ranges) {
    StringBuilder recipe = new StringBuilder("merge_method: passthrough\nslices:\n");
    for (int i = 0; i < ranges.length; i += 2) {
      recipe.append(
          "- sources:\n  - layer_range: [%s, %s]\n    model: a\n"
              .formatted(ranges[i], ranges[i + 1]));
    }
    return recipe.toString();
  }

  @Test
  void aTypeThatDoesNotExistAndLayersThatDoNotAreNamedTogether() throws IOException {
    here.assertRefused(
        2,
        "dtype: bfloat\n" + layers(0, 4, 4, 9),
        """
        recipe.yml:1: `dtype` is bfloat, did you mean `bfloat16`?
        recipe.yml:8: layer_range [4, 9] goes beyond the 8 layers of a""");
  }

  @Test
  void rangesLeaveTheirEndOut() throws IOException {
    here.merge(layers(0, 7, 5, 7)).succeeds();

    assertThat(here.text("config.json")).contains("\"num_hidden_layers\": 9");
    assertThat(new Tensors(here.out()).checkpoint().tensors())
        .containsKey("model.layers.8.mlp.w")
        .doesNotContainKey("model.layers.9.mlp.w");
  }

  @Test
  void aBaseAmongTheModelsIsNotMergedAndItsWeightIsTold() throws IOException {
    String recipe =
        """
        merge_method: task_arithmetic
        base_model: a
        models:
          - model: a
            parameters: {weight: 0.4}
          - model: b
            parameters: {weight: 0.3}
          - model: c
            parameters: {weight: 0.3}
        """;

    assertThat(here.plan(recipe).succeeds().out())
        .contains("recipe.yml:5: `weight` changes nothing here: the base model is not merged");
    here.merge(recipe).succeeds();
    assertThat(here.first("model.layers.0.mlp.w")).isEqualTo(0.3f + 0.6f);
  }

  @Test
  void aBaseWithoutParametersGradientsAndAMaskMerge() throws IOException {
    String recipe =
        """
        models:
          - model: a
          - model: b
            parameters:
              density: [1, 1]
              weight: [0, 0.25, 0.5, 0.75, 1]
        merge_method: ties
        base_model: a
        parameters:
          normalize: false
          int8_mask: true
        dtype: float32
        """;

    assertThat(here.plan(recipe).succeeds().out())
        .contains("recipe.yml:11: `int8_mask` changes nothing here");
    here.merge(recipe).succeeds();
    assertThat(here.first("model.layers.7.mlp.w")).isEqualTo(1);
    assertThat(here.first("model.layers.0.mlp.w")).isZero();
  }

  @Test
  void aParameterBesideTheParametersIsTold() throws IOException {
    String recipe =
        """
        models:
          - {model: b, parameters: {weight: 1.0}}
          - {model: c, parameters: {weight: 1.0}}
        normalize: true
        merge_method: linear
        """;

    assertThat(here.plan(recipe).succeeds().out())
        .contains(
            "recipe.yml:4: `normalize` has no effect here: it is a parameter; remove the line");
    here.merge(recipe).succeeds();
    assertThat(here.first("model.layers.0.mlp.w")).isEqualTo(1.5);
  }

  @Test
  void aParameterOfTheRecipeAtAModelIsTold() throws IOException {
    String recipe =
        """
        models:
          - model: b
            parameters:
              weight: 1.0
              normalize: true
          - model: c
            parameters: {weight: 1.0}
        merge_method: linear
        dtype: float16
        """;

    assertThat(here.plan(recipe).succeeds().out())
        .contains(
            "recipe.yml:5: `normalize` has no effect here: it has one value for all models; move"
                + " it to the `parameters` of the recipe");
  }

  @Test
  void aModelOnTheArcToItselfIsThatModelAndTold() throws IOException {
    CommandLineRun planned =
        here.plan(
                """
                merge_method: slerp
                base_model: a
                slices:
                  - sources:
                      - {model: a, layer_range: [0, 8]}
                      - {model: a, layer_range: [0, 8]}
                parameters: {t: 0.5}
                """)
            .succeeds();
    assertThat(planned.out())
        .contains("`a` is listed twice", "slerp has no model beside its base model");
  }
}
