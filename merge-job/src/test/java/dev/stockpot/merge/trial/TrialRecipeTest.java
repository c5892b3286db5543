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
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
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

  private static Ingredients models(int count, int layers) {
    Map<String, Map<String, Integer>> stacks = new TreeMap<>();
    for (int model = 0; model < count; model++) {
      stacks.put("m" + model, layers == 0 ? Map.of() : Map.of("text", layers));
    }
    return new Ingredients(stacks, OptionalInt.empty());
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "soup: greedy | nothing says what a candidate is worth; add `evaluate` with a `command`, an"
            + " `http` or `scores`",
        "soup: greedi#E | r.yml:1: `kind` is greedi; did you mean `greedy`?",
        "soup: {kind: greedy, shares: [2]}#E | ",
        "soup: {kind: interpolate, shares: [2]}#E | r.yml:1: `shares` must be numbers from 1.0E-6"
            + " to 1",
        "soup: {kind: greedy, acept: greater}#E | r.yml:1: `acept` is not a key of `soup`; did you"
            + " mean `accept`?",
        "soup: {accept: more}#E | r.yml:1: `accept` is more",
        "soup: {accept: {z: -1}}#E | r.yml:1: `z` is -1, must be a number from 0 to 100",
        "soup: {passes: 1.5}#E | r.yml:1: `passes` is 1.5, must be a whole number",
        "soup: greedy#search: grid#E | `soup` and `search` exclude each other; keep one",
        "E | there is `evaluate`, but nothing to try; add `soup`, `search` or `path`",
        "soup: greedy#merge_method: ties#E | r.yml:2: a soup is an average",
        "soup: greedy#parameters: {weight: 2}#E | r.yml:2: `parameters` is not for soups",
        "search: grid#merge_method: linear#E | r.yml:1: there is nothing to search",
        "search: {strategy: cma-es}#merge_method: linear#E | r.yml:1: `strategy` is cma-es; did you"
            + " mean `cma_es`?",
        "search: {evaluations: 0}#merge_method: linear#E | r.yml:1: `evaluations` is 0, must be a"
            + " number from 1 to 1000000",
        "search: grid#merge_method: linear#parameters: {weight: {range: [1, 0]}}#E | `range` must"
            + " be two numbers, the lower one first: it is [1.0, 0.0]",
        "search: grid#merge_method: linear#parameters: {weight: {range: []}}#E | `range` is empty",
        "search: grid#merge_method: linear#parameters: {weight: {range: [0, 1], scale: log}}#E |"
            + " `scale: log` needs a range above 0",
        "search: grid#merge_method: linear#parameters: {weight: {range: [0, 1], choice: [1]}}#E |"
            + " `range` and `choice` exclude each other",
        "search: grid#merge_method: linear#parameters: {weight: {choice: []}}#E | `choice` of"
            + " `parameters.weight` must be a list of one value at least, not",
        "search: {strategy: grid, evaluations: 3}#merge_method: linear#parameters: {weight: {range:"
            + " [0, 1]}}#E | the grid has 5 points, `evaluations` allows 3",
        "search: {strategy: grid}#merge_method: linear#parameters: {density: {range: [0, 1]},"
            + " weight: 1}#E | r.yml:3: linear has no parameter `density`, so nothing would come of"
            + " it",
        "search: nsga2#merge_method: linear#parameters: {weight: {range: [0, 1]}}#E | r.yml:1:"
            + " nsga2 searches between several metrics, and `evaluate` has one",
        "search: {strategy: nsga2, population: 3}#merge_method: linear#parameters: {weight: {range:"
            + " [0, 1]}}#E | `population` is 3, must be a number from 4 to 10000",
        "search: {strategy: nsga2, pick: best}#merge_method: linear#parameters: {weight: {range:"
            + " [0, 1]}}#E | `pick` is best; ",
        "search: {strategy: nsga2, sigma: 0.1}#merge_method: linear#parameters: {weight: {range:"
            + " [0, 1]}}#E | r.yml:1: `sigma` has no effect on `strategy: nsga2`; remove it",
        "search: {strategy: random, levels: 4}#merge_method: linear#parameters: {weight: {range:"
            + " [0, 1]}}#E | `levels` has no effect on `strategy: random`; remove it",
        "search: {strategy: halving}#merge_method: linear#parameters: {weight: {range: [0, 1]}}#E |"
            + " halving needs `max`, the number of examples",
        "search: {strategy: halving, max: 10, min: 20}#merge_method: linear#parameters: {weight:"
            + " {range: [0, 1]}}#E | `min` is 20 examples, and `max` is 10",
        "search: {strategy: halving, max: 10, eta: 1}#merge_method: linear#parameters: {weight:"
            + " {range: [0, 1]}}#E | `eta` is 1, must be a number from 2 to 1000",
        "search: {strategy: halving, max: 10, evaluations: 7}#merge_method: linear#parameters:"
            + " {weight: {range: [0, 1]}}#E | `evaluations` has no effect on `strategy: halving`",
        "search: {strategy: halving, max: 10}#merge_method: linear#parameters: {weight: {range: [0,"
            + " 1]}}#evaluate: {command: [e, '{model}'], direction: max} | 1 of 1 evaluators cannot"
            + " be told how many; put `{budget}` into each `command`",
        "search: {strategy: halving, max: 10}#merge_method: linear#parameters: {weight: {range: [0,"
            + " 1]}}#evaluate: {scores: scores.jsonl, direction: max} | 1 of 1 evaluators cannot be"
            + " told how many",
        "search: random#merge_method: linear#parameters: {weight: {range: [0, 1]}}#evaluate:"
            + " {command: [e, '{model}', '{budget}'], direction: max} | `{budget}` in `command` is"
            + " filled in by `strategy: halving` only",
        "soup: greedy#evaluate: {command: [e, '{model}', '{budget}'], direction: max} | `{budget}`"
            + " in `command` is filled in by `strategy: halving` only",
        "search: random#merge_method: linear#parameters: {t: {range: [0, 1], groups: 3}, weight:"
            + " 1}#E | r.yml:3: linear has no parameter `t`",
        "search: random#merge_method: linear#parameters: {normalize: {range: [0, 1], groups: 3},"
            + " weight: 1}#E | `normalize` must be true or false, the same for all layers",
        "soup: greedy#evaluate: {command: [python, e.py], direction: max} | `command` has no"
            + " `{model}` in it",
        "soup: greedy#evaluate: {command: [python, '{model}']} | does not say whether more is"
            + " better",
        "soup: greedy#evaluate: {command: [], direction: max} | `command` must be a list of words",
        "soup: greedy#evaluate: {command: x, http: y, direction: max} | `evaluate` has [command,"
            + " http]; keep one",
        "soup: greedy#evaluate: {direction: max} | `evaluate` has none of `command`, `http` and"
            + " `scores`",
        "soup: greedy#evaluate: {http: somewhere, direction: max} | `http`: somewhere is no address"
            + " of http or https",
        "soup: greedy#evaluate: {scores: no.jsonl, direction: max} | `scores` no.jsonl cannot be"
            + " read",
        "soup: greedy#evaluate: {http: 'http://h/', direction: up} | `direction` is up",
        "soup: greedy#evaluate: {http: 'http://h/', direction: max, timeout: soon} | `timeout` is"
            + " soon, must be a time such as 90s, 30m or 2h",
        "soup: greedy#evaluate: {http: 'http://h/', direction: max, weight: 0} | `weight` is 0",
        "soup: greedy#evaluate: [] | `evaluate` is empty; name an evaluator",
        "soup: {kind: swad, population: 4}#E | `population` is of `kind: learned` and `lorahub`,"
            + " and has no effect on a swad soup",
        "soup: {kind: greedy, ratio: 2}#E | `ratio` is of `kind: swad`, and has no effect on a"
            + " greedy soup",
        "soup: {kind: swad, ratio: 0.5}#E | r.yml:1: `ratio` is 0.5, must be a number from 1 to"
            + " 1000000",
        "soup: {kind: greedy, compose: factor}#E | r.yml:1: `compose` is of `kind: lorahub`, and has"
            + " no effect on a greedy soup; remove it",
        "soup: {kind: lorahub, compose: cat}#base_model: b#E | lorahub weighs adapters, and a has"
            + " none; write base+adapter",
        "soup: {kind: lorahub, compose: factor}#output: {kind: adapter}#base_model: b#E |"
            + " `compose: factor` makes adapters by `combination_type: lorahub`, and `output` in line",
        "search: {strategy: cma_es, state: nowhere.json}#E | `state` nowhere.json cannot be read",
        "search: {strategy: grid, state: s.json}#E | `state` has no effect on `strategy: grid`",
        "soup: lorahub#E | r.yml:1: lorahub adds 3 adapters to a base; add `base_model`",
        "soup: lorahub#base_model: b#E | lorahub weighs adapters, and a has none; write"
            + " base+adapter",
        "path: 1#E | r.yml:1: `points` is 1, must be a number from 2 to 10000",
        "path: spiral#E | r.yml:1: `curve` is spiral; it can be `line`, `bezier`, `polygon`",
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
        "[{on: nowhere, direction: max}, {http: 'http://h/s', direction: max}] | let all be told,"
            + " or none",
        "{on: nowhere} | whether more is better",
        "{on: executors, http: 'http://h/s', direction: max} | is for a `command`, which runs"
            + " there, not for [http]",
        "{gpu: true, command: [e, '{model}'], direction: max} | say `on: executors`, or remove"
            + " `gpu`",
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

  @ParameterizedTest
  @CsvSource({"4, 4, ''", "4, 5, ''", "4, 3, 'have 3 layers'", "4, 0, 'have 0 layers'", "1, 0, ''"})
  void aLearnedSoupHasNoMoreGroupsThanLayers(int groups, int layers, String problem) {
    TrialRecipe recipe =
        parse("soup: {kind: learned, groups: " + groups + "}\n" + MODELS + EVALUATE);
    assertThat(recipe.plan().problemWith(models(3, layers)).orElse("")).contains(problem);
  }

  @Test
  void aSearchHasNoMoreGroupsThanLayers() {
    TrialRecipe recipe =
        parse(
            "search: random\nmerge_method: linear\n"
                + "parameters: {weight: {range: [0, 1], groups: 4}}\n"
                + MODELS
                + EVALUATE);
    assertThat(recipe.plan().problemWith(models(3, 4))).isEmpty();
    assertThat(recipe.plan().problemWith(models(3, 3)))
        .hasValue("`groups: 4` in line 3, and the models have 3 layers at most. Lower `groups`");
    assertThat(recipe.plan().problemWith(models(3, 0)))
        .hasValue(
            "`groups: 4` in line 3 gives numbers to groups of layers, and no layers can be told in"
                + " these models. Remove `groups`");
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
