package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the methods make of the base model. */
class RecipeBaseTest {

  private static List<String> modelsOf(String yaml) {
    return parse(yaml).slices().get(0).sources().stream()
        .map(source -> source.model().path())
        .toList();
  }

  @Test
  void aBaseThatTaskVectorsStartFromIsAddedWhereNobodyListsIt() {
    Recipe recipe =
        parse(
            """
            merge_method: ties
            base_model: base
            parameters: {weight: 1}
            models:
              - model: a
            """);
    Slice slice = recipe.slices().get(0);
    Source base = slice.sources().get(1);
    assertThat(base)
        .isEqualTo(
            new Source(new ModelReference("base", 2), Optional.empty(), ParameterBlock.NONE, 2));
    assertThat(base.line()).isEqualTo(2);
    assertThat(recipe.isBase(slice, base)).isTrue();
    assertThat(recipe.isMerged(slice, base)).isFalse();
    assertThat(recipe.isMerged(slice, slice.sources().get(0))).isTrue();
  }

  @Test
  void aListedBaseKeepsItsPlaceAndNeedsNoParameters() {
    assertThat(
            modelsOf(
                """
                merge_method: ties
                base_model: base/
                models:
                  - model: base
                  - model: a
                    parameters: {weight: 1}
                """))
        .containsExactly("base", "a");
  }

  @Test
  void aBaseThatIsMergedIsAddedToTheOneOtherModel() {
    String yaml =
        """
        merge_method: slerp
        base_model: base
        parameters: {t: 0.5}
        models:
          - model: a
        """;
    assertThat(modelsOf(yaml)).containsExactly("a", "base");
    Slice slice = parse(yaml).slices().get(0);
    assertThat(parse(yaml).isMerged(slice, slice.sources().get(1))).isTrue();
  }

  @Test
  void aBaseThatOnlyDonatesTheTokenizerIsNotMerged() {
    assertThat(
            modelsOf(
                """
                merge_method: linear
                base_model: base
                parameters: {weight: 1}
                models:
                  - model: a
                """))
        .containsExactly("a");
  }

  @Test
  void aDonorThatIsListedIsAModelLikeOthers() {
    assertProblems(
        """
        merge_method: linear
        base_model: base
        models:
          - model: base
          - model: a
            parameters: {weight: 1}
        """,
        "recipe.yml:4: `base` has no `weight`, which linear needs; give it one under its"
            + " `parameters`");
  }

  @Test
  void rejectsAMissingBaseModel() {
    assertProblems(
        """
        models:
          - model: a
            parameters: {weight: 1}
        merge_method: ties
        """,
        "recipe.yml:4: ties needs a base model; add a line `base_model: PATH`");
  }

  @Test
  void rejectsABaseThatIsNotAmongTheModelsThatAreMerged() {
    assertProblems(
        """
        merge_method: slerp
        base_model: base
        parameters: {t: 0.5}
        models:
          - model: a
          - model: b
        """,
        "recipe.yml:2: slerp merges its base model: list `base` among the models");
  }

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

  @Test
  void rejectsAPatternAsBaseModel() {
    assertProblems(
        """
        merge_method: ties
        base_model: runs/*
        models:
          - model: a
            parameters: {weight: 1}
        """,
        "recipe.yml:2: `base_model` is the pattern runs/*; name one model");
  }

  @Test
  void anUnreadableModelHidesNoProblemOfTheOthers() {
    assertProblems(
        """
        merge_method: ties
        models:
          - model: []
          - model: a
            parameters: {density: 2}
        """,
        "recipe.yml:1: ties needs a base model; add a line `base_model: PATH`",
        "recipe.yml:3: `model` must be the path of a model",
        "recipe.yml:5: `density` is 2, must be a number from 0 to 1");
  }

  @Test
  void anUnreadableBaseIsNotAlsoMissing() {
    assertProblems(
        """
        merge_method: ties
        base_model: [a]
        models:
          - model: a
        """,
        "recipe.yml:2: `base_model` must be the path of a model");
  }

  @Test
  void aRecipeThatBreaksARuleCannotBeMadeByHandEither() {
    Recipe recipe =
        parse(
            """
            merge_method: slerp
            base_model: base
            parameters: {t: 0.5}
            models:
              - model: a
            """);
    assertThatThrownBy(
            () ->
                new Recipe(
                    "recipe.yml",
                    "",
                    recipe.method(),
                    Optional.empty(),
                    recipe.slices(),
                    true,
                    new ParameterBlock(
                        Map.of(
                            "t",
                            new ParameterSetting(
                                List.of(
                                    new Choice(Optional.empty(), new ParameterValue.Constant(2.0))),
                                3))),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    VocabularyChoice.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Stages.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "recipe.yml: slerp needs a base model; add a line `base_model: PATH`\n"
                + "recipe.yml:3: `t` is 2.0, must be a number from 0 to 1");
  }
}
