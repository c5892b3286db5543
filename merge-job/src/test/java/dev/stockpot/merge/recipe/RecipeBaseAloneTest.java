package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A base beside which nothing is listed. */
class RecipeBaseAloneTest extends RecipeBaseCases {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "task_arithmetic",
        "ties",
        "dare_linear",
        "dare_ties",
        "breadcrumbs",
        "breadcrumbs_ties",
        "della",
        "della_linear"
      })
  void nothingBesideTheBaseLeavesTheBase(String method) {
    Recipe recipe =
        new RecipeParser(MergeMethods.all())
            .parse(
                "recipe.yml",
                """
                merge_method: %s
                base_model: base
                models:
                  - model: base
                    parameters: {weight: 0.5, density: 0.4}
                parameters: {normalize: true, lambda: 2}
                dtype: float16
                """
                    .formatted(method));

    assertThat(recipe.method().name()).isEqualTo("passthrough");
    assertThat(recipe.references()).extracting(ModelReference::path).containsExactly("base");
    assertThat(recipe.dtype()).hasValue(DType.F16);
    assertThat(recipe.slices().get(0).sources().get(0).parameters()).isEqualTo(ParameterBlock.NONE);
    assertThat(recipe.notices())
        .contains(
            "recipe.yml:1: %s has no model beside its base model, so the result is `base` as it is; list those that are to be merged with it"
                .formatted(method));
  }

  @Test
  void theBaseAloneInEverySliceIsStacked() {
    Recipe recipe =
        parse(
            """
            merge_method: task_arithmetic
            base_model: base
            slices:
              - sources: [{model: base, layer_range: [0, 3], parameters: {weight: 1}}]
              - sources: [{model: base, layer_range: [1, 4]}]
            """);

    assertThat(recipe.method().name()).isEqualTo("passthrough");
    assertThat(recipe.slices())
        .extracting(slice -> slice.sources().get(0).layers().orElseThrow().length())
        .containsExactly(3, 3);
  }

  @Test
  void theWayFromAModelToItselfIsThatModel() {
    Recipe recipe =
        parse(
            """
            slices:
              - sources:
                  - {model: a, layer_range: [0, 8]}
                  - {model: a, layer_range: [0, 8]}
            merge_method: slerp
            base_model: a
            parameters: {t: 0.5}
            """);

    assertThat(recipe.method().name()).isEqualTo("passthrough");
    assertThat(recipe.notices())
        .contains(
            "recipe.yml:5: slerp has no model beside its base model, so the result is `a` as it is;"
                + " list those that are to be merged with it")
        .anySatisfy(notice -> assertThat(notice).contains("`a` is listed twice"));
  }

  @Test
  void rejectsTheWayFromAModelToNothing() {
    assertProblems(
        """
        merge_method: slerp
        base_model: a
        models: [{model: a}]
        parameters: {t: 0.5}
        """,
        "recipe.yml:3: slerp takes exactly 2 models, one of them its base model, and there is 1"
            + " here; add 1");
  }

  @Test
  void rejectsASliceOfTheBaseAloneAmongOthers() {
    assertProblems(
        """
        merge_method: ties
        base_model: base
        slices:
          - sources: [{model: base, layer_range: [0, 3]}]
          - sources:
              - {model: base, layer_range: [0, 3]}
              - {model: a, layer_range: [0, 3], parameters: {weight: 1}}
        """,
        "recipe.yml:4: ties takes at least 1 model beside its base model, and there are none here;"
            + " add 1");
  }

  @Test
  void rejectsABaseAloneUnderMethodsThatTakeItForNothingElse() {
    assertProblems(
        """
        merge_method: model_stock
        base_model: base
        models:
          - model: base
        """,
        "recipe.yml:3: model_stock takes 2 to 9 models beside its base model, and there are none"
            + " here; add 2");
  }
}
