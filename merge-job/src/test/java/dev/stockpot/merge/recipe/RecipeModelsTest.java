package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which models a recipe names, how, and what its method makes of the base model. */
class RecipeModelsTest {

  private static List<String> modelsOf(String yaml) {
    return parse(yaml).slices().get(0).sources().stream()
        .map(source -> source.model().path())
        .toList();
  }

  @Test
  void modelsAreOneSliceOfWholeModels() {
    Recipe recipe =
        parse(
            """
            merge_method: linear
            parameters: {weight: 1}
            models:
              - model: s3a://runs/a/
              - model: b
            """);
    assertThat(recipe.wholeModels()).isTrue();
    assertThat(recipe.base()).isEmpty();
    assertThat(recipe.slices())
        .containsExactly(
            new Slice(
                List.of(
                    new Source(
                        new ModelReference("s3a://runs/a", 4),
                        Optional.empty(),
                        ParameterBlock.NONE,
                        4),
                    new Source(
                        new ModelReference("b", 5), Optional.empty(), ParameterBlock.NONE, 5)),
                Optional.empty(),
                ParameterBlock.NONE,
                3));
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

  @Test
  void rejectsMoreModelsThanTheMethodTakes() {
    assertProblems(
        """
        merge_method: slerp
        base_model: a
        parameters: {t: 0.5}
        models:
          - model: a
          - model: b
          - model: c
        """,
        "recipe.yml:4: slerp takes exactly 2 models, one of them its base model, and there are 3"
            + " here; remove 1 or choose another `merge_method`");
  }

  @Test
  void rejectsFewerModelsThanTheMethodTakes() {
    assertProblems(
        """
        merge_method: model_stock
        base_model: base
        models:
          - model: base
          - model: a
        """,
        "recipe.yml:3: model_stock takes 2 to 9 models beside its base model, and there is 1 here;"
            + " add 1");
  }

  @Test
  void rejectsABaseWithNothingBesideIt() {
    assertProblems(
        """
        merge_method: ties
        base_model: base
        models:
          - model: base
        """,
        "recipe.yml:3: ties takes at least 1 model beside its base model, and there are none here;"
            + " add 1");
  }

  @Test
  void aPatternMayStandForManyModels() {
    Recipe recipe =
        parse(
            """
            merge_method: model_stock
            base_model: base
            models:
              - model: s3a://runs/checkpoint-*
            """);
    assertThat(recipe.slices().get(0).sources().get(0).model().isPattern()).isTrue();
    assertThat(recipe.base().orElseThrow().isPattern()).isFalse();
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
        "recipe.yml:2: `base_model` is a pattern; name one model");
  }

  @Test
  void rejectsAModelThatIsListedTwiceWithBothLines() {
    assertProblems(
        """
        merge_method: linear
        parameters: {weight: 1}
        models:
          - model: a
          - model: b
          - model: a/
        """,
        "recipe.yml:6: `a` is listed twice, here and in line 4; remove one");
  }

  @Test
  void rejectsAnEmptyListOfModels() {
    assertProblems(
        "merge_method: linear\nmodels: []\n", "recipe.yml:2: `models` is empty; list at least one");
  }

  @Test
  void rejectsModelsThatAreNoList() {
    assertProblems(
        "merge_method: linear\nmodels: {model: a}\n", "recipe.yml:2: `models` must be a list");
  }

  @Test
  void rejectsAModelThatIsJustAPath() {
    assertProblems(
        "merge_method: linear\nmodels:\n  - a\n",
        "recipe.yml:3: an element of `models` must be a mapping; write `model: a`");
  }

  @Test
  void rejectsAnEntryWithoutModelAndSaysNothingOfTheNumberLeft() {
    assertProblems(
        """
        merge_method: slerp
        base_model: a
        parameters: {t: 0.5}
        models:
          - model: a
          - modle: b
        """,
        "recipe.yml:6: `modle` is not a key of an entry of `models`; did you mean `model`?",
        "recipe.yml:6: `model` is missing here; add the path of a model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "' '", "\"a\\nb\"", "'a '", "[a]", "{}"})
  void rejectsWhatIsNoPath(String model) {
    assertProblems(
        "merge_method: passthrough\nmodels:\n  - model: " + model,
        "recipe.yml:3: `model` must be the path of a model");
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
  void rejectsALayerRangeOfAWholeModel() {
    assertProblems(
        """
        merge_method: passthrough
        models:
          - model: a
            layer_range: [0, 2]
        """,
        "recipe.yml:4: `layer_range` is for sources of `slices`; what `models` lists is merged"
            + " with all layers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{path: a}", "{model: a}", "{model: {path: a}}"})
  void readsTheLongFormOfAModelsName(String name) {
    assertThat(modelsOf("merge_method: passthrough\nmodels:\n  - model: " + name))
        .containsExactly("a");
  }

  @Test
  void rejectsAdaptersAndRevisionsForNow() {
    assertProblems(
        """
        merge_method: linear
        parameters: {weight: 1}
        models:
          - model: a+adapter
          - model: org/b@v1.0
          - model: {model: {path: c, revision: main}, lora: d}
        """,
        "recipe.yml:4: `a+adapter` asks for a LoRA adapter, and those are not merged in yet; merge it into"
            + " its model first (PEFT's `merge_and_unload`) and name the result",
        "recipe.yml:5: `org/b@v1.0` names revision `v1.0` of a model; download it first and name"
            + " its folder",
        "recipe.yml:6: `lora` asks for a LoRA adapter, and those are not merged in yet; merge it into its"
            + " model first (PEFT's `merge_and_unload`) and name the result",
        "recipe.yml:6: `revision` names a version to download; download it first and name its"
            + " folder");
  }

  @Test
  void anAtSignInsideAPathIsNoRevision() {
    assertThat(
            modelsOf("merge_method: passthrough\nmodels:\n  - model: abfss://c@account.net/model"))
        .containsExactly("abfss://c@account.net/model");
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
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "recipe.yml: slerp needs a base model; add a line `base_model: PATH`\n"
                + "recipe.yml:3: `t` is 2.0, must be a number from 0 to 1");
  }
}
