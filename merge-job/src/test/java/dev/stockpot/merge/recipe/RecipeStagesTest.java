package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several merges in one recipe, of which later ones take what earlier ones make. */
class RecipeStagesTest {
  private static String linear(String... models) {
    return "merge_method: linear\nparameters: {weight: 1}\nmodels:\n- model: %s\n"
        .formatted(String.join("\n- model: ", models));
  }

  private static String stage(String name, String... models) {
    return "name: %s\n%s---\n".formatted(name, linear(models));
  }

  private static List<String> names(Recipe recipe) {
    return recipe.stages().before().stream().map(Stage::name).toList();
  }

  @Test
  void aSingleDocumentHasNoStages() {
    assertThat(parse(linear("a")).stages()).isEqualTo(Stages.NONE);
  }

  @Test
  void theDocumentWithoutANameIsWritten() {
    Recipe recipe = parse(stage("x", "a", "b") + stage("y", "x", "c") + linear("y", "d"));

    assertThat(recipe.references()).extracting(ModelReference::path).containsExactly("y", "d");
    assertThat(names(recipe)).containsExactly("x", "y");
    assertThat(recipe.notices()).isEmpty();
  }

  @Test
  void theOrderOfDocumentsDoesNotCount() {
    Recipe recipe = parse(linear("y", "d") + "---\n" + stage("y", "x") + stage("x", "a"));

    assertThat(names(recipe)).containsExactly("x", "y");
    assertThat(recipe.references()).extracting(ModelReference::path).containsExactly("y", "d");
  }

  @Test
  void ofNamedOnesThatWhichNoOtherTakesIsWritten() {
    Recipe recipe = parse(stage("last", "x", "b") + stage("x", "a"));

    assertThat(recipe.references()).extracting(ModelReference::path).containsExactly("x", "b");
    assertThat(names(recipe)).containsExactly("x");
  }

  @Test
  void aDiamondHasEachStageOnce() {
    Recipe recipe =
        parse(stage("a1", "a") + stage("l", "a1") + stage("r", "a1") + linear("l", "r", "a1"));

    assertThat(names(recipe)).containsExactly("a1", "l", "r");
    assertThat(recipe.stages().neededBy(recipe.stages().before().get(1).recipe()).names())
        .containsExactly("a1");
  }

  @Test
  void aStageMayBeABaseModelAndStandInSlices() {
    Recipe recipe =
        parse(
            stage("x", "a")
                + """
                merge_method: slerp
                base_model: x
                parameters: {t: 0.5}
                slices:
                - sources:
                  - {model: x, layer_range: [0, 2]}
                  - {model: b, layer_range: [0, 2]}
                """);

    assertThat(names(recipe)).containsExactly("x");
  }

  @Test
  void anUnusedStageIsTold() {
    Recipe recipe = parse(stage("x", "a") + stage("idle", "x") + linear("x"));

    assertThat(names(recipe)).containsExactly("x");
    assertThat(recipe.notices())
        .containsExactly(
            "recipe.yml:7: stage `idle` is taken by no merge that is written, and is not made");
  }

  @Test
  void stagesInACircleAreRefused() {
    assertProblems(
        stage("x", "y") + stage("y", "z") + stage("z", "x") + linear("x"),
        "recipe.yml:1: stages go in a circle: `x` takes `y` takes `z` takes `x`; take a stored"
            + " model in one of them");
  }

  @Test
  void aStageThatTakesItselfIsACircle() {
    assertProblems(
        stage("x", "x", "a") + linear("x"),
        "recipe.yml:1: stages go in a circle: `x` takes `x`; take a stored model in one of them");
  }

  @Test
  void twoStagesOfOneNameAreRefused() {
    assertProblems(
        stage("x", "a") + stage("x", "b") + linear("x"),
        "recipe.yml:7: stage `x` is there twice, here and in line 1; rename one");
  }

  @Test
  void twoMergesWithoutANameAreRefused() {
    assertProblems(
        linear("a") + "---\n" + linear("b"),
        "recipe.yml:6: two merges have no `name`, here and in line 1: one is written, so name the"
            + " other and take it as a model, or give each its own file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "' x'", "[a]", "a*", "a+b"})
  void aNameMustBeOneThatModelsCanHave(String name) {
    assertProblems(
        "name: %s\n%s---\n%s".formatted(name, linear("a"), linear("b")),
        "recipe.yml:1: `name` must be a word that models can be named by: no pattern, and without a plus, behind which adapters stand",
        "recipe.yml:7: two merges have no `name`, here and in line 1: one is written, so name the"
            + " other and take it as a model, or give each its own file");
  }

  @Test
  void problemsOfAllDocumentsAreReportedTogether() {
    assertProblems(
        """
        name: x
        merge_method: linnear
        models: [{model: a}]
        ---
        merge_method: linear
        models: [{model: x}]
        """,
        "recipe.yml:2: `linnear` is not a merge method; did you mean `linear`?",
        "recipe.yml:6: `x` has no `weight`, which linear needs; give it one under its `parameters`");
  }

  @Test
  void emptyDocumentsAreNone() {
    assertThat(names(parse("---\n" + stage("x", "a") + linear("x") + "---\n")))
        .containsExactly("x");
  }

  @Test
  void stagesMayStandUnderAKey() {
    Recipe recipe =
        parse(
            """
            stages:
              x:
                merge_method: linear
                models: [{model: a, parameters: {weight: 1}}]
              rounding: exact
            merge_method: linear
            models: [{model: x, parameters: {weight: 1}}]
            """);

    assertThat(names(recipe)).containsExactly("x");
    assertThat(recipe.stages().areExact()).isTrue();
  }

  @Test
  void stagesMayBeAListOfNamedOnes() {
    Recipe recipe =
        parse(
            """
            stages:
              - name: x
                merge_method: linear
                models: [{model: a, parameters: {weight: 1}}]
              - name: y
                merge_method: linear
                models: [{model: x, parameters: {weight: 1}}]
            """);

    assertThat(names(recipe)).containsExactly("x");
    assertThat(recipe.references()).extracting(ModelReference::path).containsExactly("x");
  }

  @Test
  void refusesStagesThatAreNoRecipes() {
    assertProblems(
        "stages: {x: 3, rounding: half}\n" + linear("a"),
        "recipe.yml:1: stage `x` must be a mapping, a recipe",
        "recipe.yml:1: `stages` is half, must be `written`, as if each were stored, or `exact`, not"
            + " rounded at all");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "written"})
  void aWordSaysWhetherStagesAreRounded(String word) {
    Recipe recipe = parse(stage("x", "a") + linear("x") + "stages: %s\n".formatted(word));

    assertThat(recipe.stages().areExact()).isEqualTo(word.equals("exact"));
  }

  @Test
  void howStagesAreRoundedIsIdleWhereThereAreNone() {
    assertThat(parse(linear("a") + "stages: exact\n").notices())
        .containsExactly("recipe.yml:5: `stages` says how stages are rounded, and there are none");
  }

  @Test
  void notationsOfOtherToolsAreKnownInEachDocument() {
    assertProblems(
        stage("x", "a") + "genome: {models: [x]}\n",
        "recipe.yml:7: this is a configuration of mergekit-evolve (it has `genome`): it searches for"
            + " weights, which is done for one file at a time. Give it a file of its own, as it is,"
            + " and merge that");
  }

  @Test
  void aStageIsTakenWithAdaptersOnTop() {
    Recipe recipe = parse(stage("x", "a") + linear("x+lora", "d"));

    assertThat(names(recipe)).containsExactly("x");
    assertThat(recipe.stages().of(new ModelReference("x+lora", 0))).hasValue("x");
    assertThat(recipe.stages().of(new ModelReference("d+x", 0))).isEmpty();
    assertThat(recipe.notices()).isEmpty();
  }

  @Test
  void aStageIsTakenForItsTokensAlone() {
    Recipe recipe = parse(stage("x", "a") + linear("b", "c") + "tokenizer_source: x\n");

    assertThat(names(recipe)).containsExactly("x");
    assertThat(recipe.notices()).isEmpty();
  }

  @Test
  void eachStageHasTheTextOfItsDocument() {
    String first = "name: x\n" + linear("a");
    String last = linear("x");
    for (String before : List.of("", "---\n", "# a comment\n---\n")) {
      Recipe recipe = parse(before + first + "--- # the next\n" + last);

      assertThat(recipe.stages().before().get(0).recipe().text()).isEqualTo(first);
      assertThat(recipe.text()).isEqualTo(before + first + "--- # the next\n" + last);
    }
  }

  @Test
  void aStageUnderAKeyHasTheTextOfTheFile() {
    String text =
        "stages:\n  x: {merge_method: linear, models: [{model: a, parameters: {weight: 1}}]}\n"
            + linear("x");

    assertThat(parse(text).stages().before().get(0).recipe().text()).isEqualTo(text);
  }

  @Test
  void aStageNeedsThoseThatItsOwnNeed() {
    Recipe recipe =
        parse(stage("a1", "a") + stage("b1", "b") + stage("c1", "a1") + linear("c1", "b1"));
    Stages stages = recipe.stages();

    assertThat(stages.neededBy(recipe).names()).containsExactlyInAnyOrder("a1", "b1", "c1");
    for (Stage stage : stages.before()) {
      List<String> needed = List.copyOf(stages.neededBy(stage.recipe()).names());
      assertThat(needed).isEqualTo(stage.name().equals("c1") ? List.of("a1") : List.of());
    }
  }
}
