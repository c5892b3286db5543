package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.YamlText;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations of mergekit-evolve, read as searches. */
class EvolveReaderTest {
  private static final String TASKS = "tasks: [my_task]\n";

  private static TrialRecipe parse(String text) {
    Node tree = RecipeParser.trees("evol.yml", text).get(0);
    assertThat(TrialReader.isOne(tree)).isTrue();
    RecipeParser parser = new RecipeParser(MergeMethods.all());
    return TrialReader.parse(
        "evol.yml",
        text,
        tree,
        part -> parser.parse("evol.yml", text, part),
        location -> {
          if (location.equals("a/config.json")) {
            return "{\"num_hidden_layers\": 8}";
          }
          throw new NoSuchFileException(location);
        });
  }

  private static Template template(TrialRecipe recipe) {
    return (Template) ((SearchPlan) recipe.plan()).genome();
  }

  @Test
  void weightsAndDensitiesBeginWhereTheirsDo() {
    TrialRecipe recipe =
        parse(
            """
            genome:
              models: [a, b]
              merge_method: ties
              base_model: base
            tasks:
              - my_task
            """);
    Template template = template(recipe);
    assertThat(template.holes())
        .extracting(Hole::name)
        .containsExactly(
            "models[0].parameters.weight",
            "models[0].parameters.density",
            "models[1].parameters.weight",
            "models[1].parameters.density");
    assertThat(YamlText.of(template.filled(template.start())))
        .isEqualTo(
            """
            merge_method: ties
            models:
            - model: a
              parameters:
                weight: 0.5
                density: 1.0
            - model: b
              parameters:
                weight: 0.5
                density: 1.0
            base_model: base
            parameters:
              normalize: true
            dtype: bfloat16
            """);
    assertThat(recipe.evaluations(2)).isEqualTo(100);
    assertThat(((SearchPlan) recipe.plan()).strategy())
        .isEqualTo(new Strategy.CmaEs(1.0 / 12, 0, 100, 0, Optional.empty()));
  }

  @Test
  void tasksAreOneRunOfTheHarnessWithAMetricEach() {
    TrialRecipe recipe =
        parse(
            """
            genome: {models: [a, b], merge_method: linear}
            tasks:
              - one
              - {name: two, weight: 0.5, metric: 'f1,none'}
              - {name: two, weight: -2, metric: 'perplexity,none'}
            limit: 100
            num_fewshot: 4
            apply_chat_template: false
            """);
    List<Judge> judges = recipe.judges().all();
    assertThat(judges)
        .extracting(judge -> judge.evaluator().identity())
        .containsOnly(
            "command [lm_eval, run, --model, hf, --model_args, pretrained={model},dtype=bfloat16,"
                + " --tasks, one,two, --batch_size, auto, --output_path, {output}, --num_fewshot,"
                + " 4, --limit, 100, --fewshot_as_multiturn], results **/results_*.json, version ");
    assertThat(judges)
        .extracting(judge -> judge.metric().name())
        .containsExactly("one:acc,none", "two:f1,none", "two:perplexity,none");
    assertThat(judges).extracting(judge -> judge.metric().weight()).containsExactly(1.0, 0.5, 2.0);
    assertThat(judges)
        .extracting(judge -> judge.metric().higherIsBetter().orElseThrow())
        .containsExactly(true, true, false);
  }

  @Test
  void granularityIsGroupsOfLayersAndFiltersAreRangesOfTheirOwn() {
    Template template =
        template(
            parse(
                "genome: {models: [a, b], merge_method: task_arithmetic, base_model: base,"
                    + " layer_granularity: 4, filters: [self_attn, mlp]}\n"
                    + TASKS));
    assertThat(template.holes()).hasSize(2 * 3 * 2);
    assertThat(template.slots()).extracting(Slot::form).containsOnly(Slot.Form.STEPS);
    assertThat(template.slots().get(1).path()).isEqualTo("models[0].parameters.weight[1].value");
    assertThat(YamlText.of(template.filled(template.start())))
        .contains("filter: self_attn", "filter: mlp", "steps:")
        .doesNotContain("normalize");
  }

  @Test
  void smoothGroupsAreGradientsAndNegativeWeightsAreAllowedWhenAsked() {
    Template template =
        template(
            parse(
                "genome: {models: [a, b], merge_method: linear, normalize: false, smooth: true,"
                    + " layer_granularity: 2, allow_negative_weights: true}\n"
                    + TASKS));
    assertThat(template.slots()).extracting(Slot::form).containsOnly(Slot.Form.GRADIENT);
    assertThat(template.slots().get(0).groups()).isEqualTo(4);
    assertThat(template.holes().get(0).values()).isEqualTo(new Hole.Range(-2, 2, false));
    assertThat(YamlText.of(template.filled(template.start()))).contains("normalize: false");
  }

  @Test
  void slerpIsBetweenTwo() {
    Template template = template(parse("genome: {models: [a, b], merge_method: slerp}\n" + TASKS));
    assertThat(YamlText.of(template.filled(template.start()))).contains("base_model: a", "t: 0.5");
  }

  @Test
  void ourOwnKeysCountBesideIt() {
    TrialRecipe recipe =
        parse(
            """
            genome: {models: [a, b], merge_method: linear}
            search: {strategy: sobol, evaluations: 7}
            evaluate: {http: 'http://h/s', direction: max}
            """);
    assertThat(recipe.evaluations(2)).isEqualTo(7);
    assertThat(recipe.judges().all()).hasSize(1);
  }

  @Test
  void saysWhatDiffersAndWarnsOfTestSets() {
    TrialRecipe recipe =
        parse("genome: {models: [a, b], merge_method: linear}\ntasks: [arc_easy, mine]\n");
    assertThat(recipe.notices()).hasSize(2);
    assertThat(recipe.notices().get(0)).contains("configuration of mergekit-evolve");
    assertThat(recipe.notices().get(1)).contains("evol.yml:2: arc_easy is a public test set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "genome: 3#T | evol.yml:1: `genome` must be a mapping, with `models` in it",
        "genome: {merge_method: ties}#T | `models` of `genome` must be a list of two models at"
            + " least",
        "genome: {models: [a], merge_method: ties}#T | `models` of `genome` must be a list of two"
            + " models at least",
        "genome: {models: [a, b]}#T | `genome` has no `merge_method`",
        "genome: {models: [a, b], merge_method: della}#T | `merge_method` is della",
        "genome: {models: [a, b], merge_method: linear, layers: 3}#T | `layers` is not a key of"
            + " `genome`",
        "genome: {models: [a, b], merge_method: linear}#T#shuffle: true | evol.yml:4: `shuffle`"
            + " cannot be meant here",
        "genome: {models: [a, b], merge_method: linear}#T#random_init: true | `random_init` cannot"
            + " be meant here",
        "genome: {models: [a, b], merge_method: linear}#T#tasc: 3 | `tasc` is not a key of a"
            + " configuration of mergekit-evolve",
        "genome: {models: [a, b], merge_method: linear} | `tasks` must be a list of tasks",
        "genome: {models: [a, b], merge_method: linear}#tasks: [] | `tasks` must be a list of"
            + " tasks",
        "genome: {models: [a, b], merge_method: linear}#tasks: [{weight: 2}] | a task has no"
            + " `name`; give it one",
        "genome: {models: [a, b], merge_method: linear}#tasks: [{name: x, weight: 0}] | `weight` is"
            + " 0: the task counts for nothing",
        "genome: {models: [a, b], merge_method: linear}#tasks: [[x]] | a task is a name, or",
        "genome: {models: [a, b, c], merge_method: slerp}#T | slerp is between two models, and"
            + " there are 3",
        "genome: {models: [a, b], merge_method: slerp, filters: [mlp]}#T | `filters` has no effect"
            + " on slerp",
        "genome: {models: [a, b], merge_method: task_arithmetic, base_model: c, normalize: true}#T"
            + " | `normalize` has no effect on task_arithmetic",
        "genome: {models: [a, b], merge_method: linear, layer_granularity: 3}#T |"
            + " `layer_granularity` is 3, must divide 8, the number of layers",
        "genome: {models: [b, a], merge_method: linear, layer_granularity: 4}#T |"
            + " `layer_granularity` needs the number of layers, which b/config.json does not tell"
            + " here",
        "genome: {models: [a, b], merge_method: linear, smooth: true}#T | `smooth` lets numbers of"
            + " groups",
        "genome: {models: [a, b], merge_method: ties}#T | base_model",
      })
  void whatCannotBeMeantIsRefusedByName(String text, String message) {
    assertThatThrownBy(() -> parse(text.strip().replace("#T", "\n" + TASKS).replace("#", "\n")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }
}
