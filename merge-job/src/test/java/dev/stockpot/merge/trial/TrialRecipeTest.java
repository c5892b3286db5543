package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.YamlText;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialRecipeTest {
  private static final String EVALUATE = "evaluate: {http: 'http://h/s', direction: max}\n";
  private static final String MODELS = "models: [{model: a}, {model: b}, {model: c}]\n";

  private static TrialRecipe parse(String text) {
    Node tree = RecipeParser.trees("r.yml", text).get(0);
    RecipeParser parser = new RecipeParser(MergeMethods.all());
    return TrialReader.parse(
        "r.yml",
        text,
        tree,
        part -> parser.parse("r.yml", text, part),
        location -> {
          if (location.equals("scores.jsonl")) {
            return "{\"model_name\": \"a\", \"acc\": 1}";
          }
          throw new NoSuchFileException(location);
        });
  }

  private static String yaml(TrialRecipe recipe, double... point) {
    List<Double> values = Arrays.stream(point).boxed().toList();
    return YamlText.of(recipe.plan().recipe(new Point(values), List.of("a", "b", "c")));
  }

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
            "models[0].parameters.weight = 0.5000, models[0].parameters.density[0] = 0.1000, parameters.normalize = true");
  }

  @Test
  void aSearchBeginsWhereItIsTold() {
    TrialRecipe recipe =
        parse(
            "merge_method: linear\nmodels: [{model: a, parameters: {weight: {range: [1, 100], scale: log, start: 10}}}]\nsearch: cma_es\n"
                + EVALUATE);
    assertThat(((SearchPlan) recipe.plan()).template().start().values().get(0)).isEqualTo(.5);
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "soup: greedy | nothing says what a candidate is worth; add `evaluate` with a `command`, an `http` or `scores`",
        "soup: greedi#E | r.yml:1: `kind` is greedi; did you mean `greedy`?",
        "soup: {kind: greedy, shares: [2]}#E | ",
        "soup: {kind: interpolate, shares: [2]}#E | r.yml:1: `shares` must be numbers from 1.0E-6 to 1",
        "soup: {kind: greedy, acept: greater}#E | r.yml:1: `acept` is not a key of `soup`; did you mean `accept`?",
        "soup: {accept: more}#E | r.yml:1: `accept` is more",
        "soup: {accept: {z: -1}}#E | r.yml:1: `z` is -1, must be a number from 0 to 100",
        "soup: {passes: 1.5}#E | r.yml:1: `passes` is 1.5, must be a whole number",
        "soup: greedy#search: grid#E | `soup` and `search` exclude each other; keep one",
        "E | there is `evaluate`, but nothing to try; add `soup`, `search` or `path`",
        "soup: greedy#merge_method: ties#E | r.yml:2: a soup is an average",
        "soup: greedy#parameters: {weight: 2}#E | r.yml:2: `parameters` is not for soups",
        "search: grid#merge_method: linear#E | r.yml:1: there is nothing to search",
        "search: {strategy: cma-es}#merge_method: linear#E | r.yml:1: `strategy` is cma-es; did you mean `cma_es`?",
        "search: {evaluations: 0}#merge_method: linear#E | r.yml:1: `evaluations` is 0, must be a number from 1 to 1000000",
        "search: grid#merge_method: linear#parameters: {weight: {range: [1, 0]}}#E | `range` must be two numbers, the lower one first: it is [1.0, 0.0]",
        "search: grid#merge_method: linear#parameters: {weight: {range: []}}#E | `range` is empty",
        "search: grid#merge_method: linear#parameters: {weight: {range: [0, 1], scale: log}}#E | `scale: log` needs a range above 0",
        "search: grid#merge_method: linear#parameters: {weight: {range: [0, 1], choice: [1]}}#E | `range` and `choice` exclude each other",
        "search: grid#merge_method: linear#parameters: {weight: {choice: []}}#E | `choice` must be a list of one value at least",
        "search: {strategy: grid, evaluations: 3}#merge_method: linear#parameters: {weight: {range: [0, 1]}}#E | the grid has 5 points, `evaluations` allows 3",
        "search: {strategy: grid}#merge_method: linear#parameters: {density: {range: [0, 1]}, weight: 1}#E | r.yml:3: linear has no parameter `density`, so nothing would come of it",
        "soup: greedy#evaluate: {command: [python, e.py], direction: max} | `command` has no `{model}` in it",
        "soup: greedy#evaluate: {command: [python, '{model}']} | does not say whether more is better",
        "soup: greedy#evaluate: {command: [], direction: max} | `command` must be a list of words",
        "soup: greedy#evaluate: {command: x, http: y, direction: max} | `evaluate` has [command, http]; keep one",
        "soup: greedy#evaluate: {direction: max} | `evaluate` has none of `command`, `http` and `scores`",
        "soup: greedy#evaluate: {http: somewhere, direction: max} | `http`: somewhere is no address of http or https",
        "soup: greedy#evaluate: {scores: no.jsonl, direction: max} | `scores` no.jsonl cannot be read",
        "soup: greedy#evaluate: {http: 'http://h/', direction: up} | `direction` is up",
        "soup: greedy#evaluate: {http: 'http://h/', direction: max, timeout: soon} | `timeout` is soon, must be a time such as 90s, 30m or 2h",
        "soup: greedy#evaluate: {http: 'http://h/', direction: max, weight: 0} | `weight` is 0",
        "soup: greedy#evaluate: [] | `evaluate` is empty; name an evaluator",
        "path: 1#E | r.yml:1: `points` is 1, must be a number from 2 to 10000",
        "path: spiral#E | r.yml:1: `curve` is spiral; it can be `line`, `bezier` or `polygon`",
        "path: {point: 3}#E | r.yml:1: `point` is not a key of `path`; did you mean `points`?",
        "path: line#soup: greedy#E | `soup` and `path` exclude each other; keep one",
        "path: line#merge_method: ties#E | a point of a path: `merge_method` is ties",
        "soup: greedy#evaluate: no.yml | r.yml:2: `evaluate` no.yml cannot be read",
        "soup: greedy#evaluate: scores.jsonl.json | `evaluate` scores.jsonl.json cannot be read",
        "soup: greedy#evaluate: perplexity | `evaluate` is perplexity, must say by what",
      })
  void saysWhatIsWrongAndWhere(String recipe, String message) {
    String text =
        recipe.strip().replace("#E", "\n" + EVALUATE).replaceAll("^E", EVALUATE).replace("#", "\n");
    if (message == null) {
      assertThat(parse(text + "\n" + MODELS).parallel()).isEqualTo(1);
      return;
    }
    assertThatThrownBy(() -> parse(text + "\n" + MODELS))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{on: nowhere, http: 'http://h/s', direction: max} | remove [http] or `on`",
        "{on: somewhere, http: 'http://h/s', direction: max} | somewhere",
        "{on: driver, direction: max} | or `on: nowhere` where scores are told",
        "[{on: nowhere, direction: max}, {http: 'http://h/s', direction: max}] | let all be told, or none",
        "{on: nowhere} | whether more is better",
        "{on: executors, http: 'http://h/s', direction: max} | is for a `command`, which runs there, not for [http]",
        "{gpu: true, command: [e, '{model}'], direction: max} | say `on: executors`, or remove `gpu`",
        "{on: executors, gpu: 2, command: [e, '{model}'], direction: max} | gpu",
      })
  void whoScoresIsSaidOnce(String evaluate, String message) {
    assertThatThrownBy(() -> parse("soup: greedy\n" + MODELS + "evaluate: " + evaluate + "\n"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aLearnedSoupBeginsAsTheUniformOne() {
    TrialRecipe recipe = parse("soup: learned\ndtype: bfloat16\n" + MODELS + EVALUATE);
    assertThat(yaml(recipe, 0.5, 0.5, 0.5))
        .startsWith("merge_method: linear\ndtype: bfloat16\nmodels:\n- model: a\n")
        .contains("weight: 0.3333333333333333");
    assertThat(recipe.evaluations(3)).isEqualTo(100);
    assertThat(recipe.plan().problemWith(1)).isPresent();
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: greedy, groups: 4} | `groups` is of `kind: learned`",
        "{kind: learned, accept: greater} | `accept` has no effect on a learned soup",
        "{kind: learned, evaluations: 0} | `evaluations`",
      })
  void keysOfAnotherKindOfSoupAreRefused(String soup, String message) {
    assertThatThrownBy(() -> parse("soup: " + soup + "\n" + MODELS + EVALUATE))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }
}
