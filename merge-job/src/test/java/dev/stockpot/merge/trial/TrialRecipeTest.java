package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialRecipeTest extends TrialRecipeCases {
  @ParameterizedTest
  @CsvSource({
    "'', true",
    "'dtype: float16', true",
    "'tokenizer_source: union', false",
    "'tokenizer: {source: base}', false",
    "'chat_template: auto', false"
  })
  void aSoupOfOneModelIsThatModelUnlessItsVocabularyChanges(String key, boolean isOriginal) {
    TrialRecipe recipe = parse("soup: greedy\n" + key + "\n" + MODELS + EVALUATE);
    assertThat(recipe.plan().isOriginal(Point.only(1, 3))).isEqualTo(isOriginal);
    assertThat(recipe.plan().isOriginal(new Point(List.of(1.0, 1.0, 0.0)))).isFalse();
  }

  @Test
  void aSoupIsALinearMergeOfWhatCounts() {
    TrialRecipe recipe = parse("soup: greedy\ndtype: bfloat16\n" + MODELS + EVALUATE);
    assertThat(yaml(recipe, 1, 0, 2))
        .isEqualTo(
            """
            merge_method: linear
            dtype: bfloat16
            models:
            - model: a
              parameters:
                weight: 1.0
            - model: c
              parameters:
                weight: 2.0
            """);
    assertThat(recipe.example().method().name()).isEqualTo("linear");
    assertThat(recipe.evaluations(3)).isEqualTo(5);
  }

  @Test
  void loraHubIsAWeightedSumOfChangesOnTheBase() {
    TrialRecipe recipe =
        parse(
            "soup: {kind: lorahub, evaluations: 12, bound: 2}\n"
                + "base_model: m\n"
                + "models: [{model: m+x}, {model: m+y}]\n"
                + EVALUATE);
    Point point = new Point(List.of(0.5, 0.875));
    assertThat(YamlText.of(recipe.plan().recipe(point, List.of("m+x", "m+y"))))
        .isEqualTo(
            """
            merge_method: task_arithmetic
            base_model: m
            models:
            - model: m+x
              parameters:
                weight: 0.0
            - model: m+y
              parameters:
                weight: 1.5
            """);
    assertThat(recipe.example().method().name()).isEqualTo("task_arithmetic");
    assertThat(recipe.evaluations(2)).isEqualTo(12);
    assertThat(recipe.plan().described(point, List.of("m+x", "m+y")))
        .isEqualTo("0.000 × m+x + 1.500 × m+y");
  }

  @Test
  void holesAreFilledInTheirOrder() {
    TrialRecipe recipe =
        parse(
            """
            merge_method: ties
            base_model: a
            models:
              - model: b
                parameters: {weight: {range: [0, 2]}, density: [{range: [0.1, 1.0], scale: log}, 0.5]}
            parameters: {normalize: {choice: [true, false]}}
            search: {strategy: sobol, evaluations: 4}
            """
                + EVALUATE);
    assertThat(yaml(recipe, .25, 1, .9))
        .contains("weight: 0.5", "- 1.0\n", "- 0.5\n", "normalize: false");
    assertThat(recipe.plan().described(new Point(List.of(.25, 0.0, .1)), List.of()))
        .isEqualTo(
            "models[0].parameters.weight = 0.5000, models[0].parameters.density[0] = 0.1000,"
                + " parameters.normalize = true");
  }

  @Test
  void aSearchBeginsWhereItIsTold() {
    TrialRecipe recipe =
        parse(
            "merge_method: linear\n"
                + "models: [{model: a, parameters: {weight: {range: [1, 100], scale: log, start:"
                + " 10}}}]\n"
                + "search: cma_es\n"
                + EVALUATE);
    assertThat(((SearchPlan) recipe.plan()).genome().start().values().get(0)).isEqualTo(.5);
    assertThat(recipe.evaluations(1)).isEqualTo(100);
  }

  @Test
  void evaluatorsAreReadWithTheirMetrics() {
    TrialRecipe recipe =
        parse(
            """
            soup: {kind: interpolate, shares: [0.2, 0.4]}
            models: [{model: a}, {model: b}]
            evaluate:
              - command: [python, e.py, '{model}']
                results: '**/results_*.json'
                metric: 'gsm8k:exact_match,strict-match'
                weight: 2
                parallel: 4
                timeout: 30m
              - scores: scores.jsonl
                direction: min
            """);
    assertThat(recipe.parallel()).isEqualTo(1);
    assertThat(recipe.judges().all()).hasSize(2);
    assertThat(recipe.judges().all().get(0).metric().weight()).isEqualTo(2);
    assertThat(recipe.evaluations(2)).isEqualTo(4);
  }

  @Test
  void aLearnedSoupBeginsAsTheUniformOne() {
    TrialRecipe recipe = parse("soup: learned\ndtype: bfloat16\n" + MODELS + EVALUATE);
    assertThat(yaml(recipe, 0.5, 0.5, 0.5))
        .startsWith("merge_method: linear\ndtype: bfloat16\nmodels:\n- model: a\n")
        .contains("weight: 0.3333333333333333");
    assertThat(recipe.evaluations(3)).isEqualTo(100);
    assertThat(recipe.plan().problemWith(models(1, 8))).isPresent();
    assertThat(recipe.plan().isOriginal(Point.only(0, 3))).isFalse();
  }

  @Test
  void theWeightsOfALearnedSoupAreASoftmax() {
    TrialRecipe recipe = parse("soup: learned\n" + MODELS + EVALUATE);
    double high = StrictMath.exp(4);
    double low = StrictMath.exp(-4);
    double sum = high + 1 + low;
    assertThat(yaml(recipe, 1, 0.5, 0))
        .contains("weight: " + high / sum, "weight: " + 1 / sum, "weight: " + low / sum);
    assertThat(recipe.plan().described(new Point(List.of(1.0, 0.5, 0.0)), List.of("a", "b", "c")))
        .isEqualTo("0.982 × a + 0.018 × b + 0.000 × c");
  }

  @Test
  void groupsAreAnchorsOverTheLayers() {
    TrialRecipe recipe = parse("soup: {kind: learned, groups: 2}\n" + MODELS + EVALUATE);
    String yaml = yaml(recipe, 1, 0, 0.5, 0.5, 0.5, 0.5);
    double first = StrictMath.exp(4) / (StrictMath.exp(4) + 2);
    double second = StrictMath.exp(-4) / (StrictMath.exp(-4) + 2);
    assertThat(yaml).contains("weight:\n    - " + first + "\n    - " + second);
    assertThat(new RecipeParser(MergeMethods.all()).parse("r.yml", yaml)).isNotNull();
  }
}
