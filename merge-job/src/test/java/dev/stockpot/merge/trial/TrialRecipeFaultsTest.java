package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Soups and searches that are none say what is wrong. */
class TrialRecipeFaultsTest extends TrialRecipeCases {
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
        "soup: {ensemble: both/}#E | r.yml:1: `ensemble` both/metrics.json cannot be read",
        "soup: {ensemble: [both]}#E | r.yml:1: `ensemble` /metrics.json cannot be read",
        "soup: {ensemble: scores.json}#E | Name the folder that `stockpot ensemble` wrote",
        "soup: {kind: learned, ensemble: both}#E | `ensemble` has no effect on a learned soup",
        "soup: {kind: swad, ensemble: both}#E | `ensemble` has no effect on a swad soup; remove it",
        "search: {strategy: grid, ensemble: both}#merge_method: linear#parameters: {weight: {range:"
            + " [0, 1]}}#E | `ensemble` is not a key of `search`",
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
