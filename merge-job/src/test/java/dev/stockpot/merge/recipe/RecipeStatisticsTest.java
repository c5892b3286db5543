package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.PostSteps;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which statistics lie beside models, and steps behind a merge that read some. */
class RecipeStatisticsTest {
  private static final RecipeParser PARSER =
      new RecipeParser(MergeMethods.all(), PostSteps.all(), UnknownKeys.ERROR);

  private static Recipe parse(String yaml) {
    return PARSER.parse("recipe.yml", yaml);
  }

  private static void assertProblems(String yaml, String... expected) {
    assertThatThrownBy(() -> parse(yaml))
        .isInstanceOf(RecipeException.class)
        .hasMessage(String.join("\n", expected));
  }

  /** A merge of two models, of which the second is in line 4, and more lines. */
  private static String two(String method, String first, String second, String... more) {
    return """
    merge_method: %s
    models:
      - {model: a%s}
      - {model: b%s}
    """
            .formatted(method, first, second)
        + String.join("\n", more);
  }

  private static String of(String statistics) {
    return ", statistics: " + statistics;
  }

  @Test
  void eachModelHasItsOwn() {
    Recipe recipe = parse(two("regmean", of("{gram: ga}"), of("{gram_diag: gb}")));
    assertThat(recipe.slices().get(0).sources())
        .extracting(source -> source.statistics().keySet().toString())
        .containsExactly("[gram]", "[gram_diag]");
    assertThat(recipe.allStatistics()).extracting(ModelReference::path).containsExactly("ga", "gb");
  }

  @Test
  void aMethodSaysWhatIsMissing() {
    assertThatThrownBy(() -> parse(two("fisher", of("{fisher_diag: fa}"), "")))
        .hasMessageMatching(
            "recipe\\.yml:4: fisher needs `fisher_diag` \\(.+\\) of b; add a line `statistics:"
                + " \\{fisher_diag: PATH}` to the model");
    assertThatThrownBy(() -> parse(two("regmean", "", of("{gram: gb}"))))
        .hasMessageMatching(
            "recipe\\.yml:3: regmean needs `gram` \\(.+\\) or `gram_diag` \\(.+\\) of a; add a line"
                + " `statistics: \\{gram: PATH}` to the model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fisher_diga | did you mean `fisher_diag`?",
        "hessian | its statistics are `fisher_diag`",
      })
  void aKindThatNobodyReadsIsRefused(String kind, String remedy) {
    assertProblems(
        two("fisher", of("{fisher_diag: fa}"), of("{fisher_diag: fb, %s: x}".formatted(kind))),
        "recipe.yml:4: fisher reads no `%s` of a model; %s".formatted(kind, remedy));
  }

  @Test
  void aKindThatStandsElsewhereIsSentThere() {
    assertProblems(
        two(
            "fisher",
            of("{fisher_diag: fa}"),
            of("{fisher_diag: fb}"),
            "statistics: {fisher_diag: f}"),
        "recipe.yml:5: fisher reads no `fisher_diag` of the whole merge; give it to each model");
    assertProblems(
        two("uniform_soup", "", "", "statistics: {gram: g}"),
        "recipe.yml:5: uniform_soup reads no `gram` of the whole merge; it reads no statistics:"
            + " remove the line");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'f*'", "[f]", "{f: g}", "' f'", "''"})
  void statisticsAreAPath(String place) {
    assertThatThrownBy(
            () ->
                parse(
                    two(
                        "fisher",
                        of("{fisher_diag: fa}"),
                        of("{fisher_diag: %s}".formatted(place)))))
        .hasMessageContaining(
            "recipe.yml:4: `fisher_diag` must be the path of a file or folder of safetensors, and"
                + " no pattern");
  }

  @Test
  void statisticsOfNothingAreRefused() {
    assertProblems(
        two("uniform_soup", "", of("{}")),
        "recipe.yml:4: `statistics` is empty; name at least one, or remove the line");
    assertProblems(
        two("uniform_soup", "", of("x")),
        "recipe.yml:4: `statistics` must be a mapping, `name: value`");
  }

  @Test
  void nobodyReadsThoseOfABaseOrOfAPattern() {
    assertProblems(
        """
        merge_method: regmean
        base_model: base
        models:
          - {model: base, statistics: {gram: g}}
          - {model: a, statistics: {gram: ga}}
        """,
        "recipe.yml:4: base is the base model, whose statistics nobody reads; remove them");
    assertProblems(
        two("fisher", of("{fisher_diag: fa}"), of("{fisher_diag: fb}"))
            .replace("model: b", "model: 'b*'"),
        "recipe.yml:4: b* is a pattern, and each model has statistics of its own; list the models"
            + " one by one");
  }

  @Test
  void stepsComeInTheOrderOfTheRecipe() {
    List<ChosenStep> steps =
        parse(two("uniform_soup", "", "", "base_model: base", "post: [{svc: {alpha: 0.5}}, svc]"))
            .post();
    assertThat(steps).extracting(step -> step.step().name()).containsExactly("svc", "svc");
    assertThat(steps.get(0).parameters().settings()).containsOnlyKeys("alpha");
    assertThat(steps.get(1).parameters()).isEqualTo(ParameterBlock.NONE);
    assertThat(parse(two("uniform_soup", "", "")).post()).isEmpty();
  }

  @Test
  void aStepWithoutValuesHasItsDefaults() {
    assertThat(parse(two("uniform_soup", "", "", "base_model: base", "post:\n  - svc:\n")).post())
        .extracting(step -> step.parameters().settings().size(), ChosenStep::line)
        .containsExactly(tuple(0, 7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[svd] | `svd` is no step behind a merge; did you mean `svc`?",
        "[{a: 1, b: 2}] | an element of `post` must be one step, for example `svc: {alpha: 1.0}`,"
            + " not {a: …}",
        "[[svc]] | an element of `post` must be one step, for example `svc: {alpha: 1.0}`, not"
            + " [svc]",
        "[~] | an element of `post` must be one step, for example `svc: {alpha: 1.0}`, not ~",
        "[{}] | an element of `post` must be one step, for example `svc: {alpha: 1.0}`, not {}",
        "[svc: 0.5] | `svc` must be a mapping of its parameters, not 0.5",
        "[svc: {alpa: 0.5}] | svc has no parameter `alpa`; did you mean `alpha`?",
        "svc | `post` must be a list",
      })
  void whatIsNoStepIsRefused(String post, String problem) {
    assertProblems(
        two("uniform_soup", "", "", "base_model: base", "post: " + post),
        "recipe.yml:6: " + problem);
  }

  @Test
  void unknownStepsAreToldWithAllThatThereAre() {
    assertThatThrownBy(
            () -> parse(two("uniform_soup", "", "", "base_model: base", "post: [polish]")))
        .hasMessageStartingWith("recipe.yml:6: `polish` is no step behind a merge; the steps are `")
        .hasMessageContaining("`svc`")
        .hasMessageContaining("`repair`");
  }

  @Test
  void aStepThatComparesNeedsABase() {
    assertProblems(
        two("uniform_soup", "", "", "post: [svc]"),
        "recipe.yml:5: `svc` compares with the base model, and there is none; add `base_model`");
  }

  @Test
  void aStepCannotFollowWhatIsMadeBesideTheMerge() {
    assertThatThrownBy(() -> parse(two("ema", "", "", "base_model: base", "post: [svc]")))
        .hasMessageContaining(
            "recipe.yml:6: `post` changes what ema makes, but not what it makes beside it; remove"
                + " one");
  }

  @Test
  void aStepSaysWhichStatisticsItMisses() {
    String moments = of("{act_mean_std: m}");
    assertProblems(
        two("uniform_soup", moments, "", "statistics: {crossgram: c}", "post: [repair]"),
        "recipe.yml:4: repair needs `act_mean_std` of b; add a line `statistics: {act_mean_std:"
            + " PATH}` to the model");
    assertProblems(
        two("uniform_soup", moments, moments, "post: [repair]"),
        "recipe.yml:5: repair needs `crossgram` or `act_mean_std` of the whole merge; add a line"
            + " `statistics: {crossgram: PATH}` to the recipe");
    assertThat(
            parse(
                    two(
                        "uniform_soup",
                        moments,
                        moments,
                        "statistics: {act_mean_std: m}",
                        "post: [repair]"))
                .post())
        .hasSize(1);
  }

  @Test
  void aKindThatAStepReadsElsewhereIsSentThere() {
    String moments = of("{act_mean_std: m}");
    assertProblems(
        two(
            "uniform_soup",
            of("{act_mean_std: m, crossgram: c}"),
            moments,
            "statistics: {crossgram: c}",
            "post: [repair]"),
        "recipe.yml:3: uniform_soup reads no `crossgram` of a model; give it beside `models`");
  }
}
