package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the methods make of the base model. */
class RecipeBaseTest extends RecipeBaseCases {
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
                    Optional.empty(),
                    List.of(),
                    Stages.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "recipe.yml: slerp needs a base model; add a line `base_model: PATH`\n"
                + "recipe.yml:3: `t` is 2.0, must be a number from 0 to 1");
  }
}
