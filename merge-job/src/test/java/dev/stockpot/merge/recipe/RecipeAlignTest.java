package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.recipe.AlignChoice.By;
import dev.stockpot.merge.recipe.AlignChoice.Zip;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which model's units are matched to which, and what stands beside that in vain. */
class RecipeAlignTest {
  private static final Zip ZIP = new Zip(0.3, 0.125, Optional.empty());

  /** Two models, the second of which is aligned; line 5. */
  private static String two(String align, String... more) {
    return """
    merge_method: linear
    parameters: {weight: 1}
    models:
      - {model: a}
      - {model: b, align: %s}
    """
            .formatted(align)
        + String.join("\n", more);
  }

  private static String beside(String statistics, String align) {
    return """
    merge_method: linear
    parameters: {weight: 1}
    models:
      - {model: a, statistics: {gram: ga}}
      - {model: b, statistics: %s, align: %s}
    """
        .formatted(statistics, align);
  }

  private static AlignChoice choice(String yaml) {
    return parse(yaml).slices().get(0).sources().get(1).align().orElseThrow();
  }

  @Test
  void unitsAreMatchedByWeightsAndExpertsMayMove() {
    assertThat(choice(two("{to: a}")))
        .isEqualTo(
            new AlignChoice(
                new ModelReference("a", 5),
                By.WEIGHTS,
                false,
                true,
                false,
                Optional.empty(),
                ZIP,
                5));
    assertThat(parse(two("{to: a}")).slices().get(0).sources().get(0).align()).isEmpty();
  }

  @Test
  void eachWordSaysOneThing() {
    assertThat(choice(two("{to: a, residual: free}")).movesResidual()).isTrue();
    assertThat(choice(two("{to: a, residual: fixed}")).movesResidual()).isFalse();
    assertThat(choice(two("{to: a, experts: fixed}")).movesExperts()).isFalse();
    assertThat(choice(two("{to: a, experts: free}")).movesExperts()).isTrue();
    assertThat(choice(two("{to: a, heads: turned}")).turnsHeads()).isTrue();
    assertThat(choice(two("{to: a, heads: permuted}")).turnsHeads()).isFalse();
    assertThat(choice(two("{to: a, spec: s.yml}")).spec().orElseThrow().path()).isEqualTo("s.yml");
  }

  @Test
  void joinedUnitsHaveNumbersOfTheirOwn() {
    AlignChoice choice =
        choice(
            beside(
                "{gram: gb, crossgram: c}",
                "{to: a, by: zipit, alpha: 1, beta: 0, until: hidden.3}"));
    assertThat(choice.by()).isEqualTo(By.ZIPIT);
    assertThat(choice.zip()).isEqualTo(new Zip(1, 0, Optional.of("hidden.3")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{by: weights} | `align` has no `to`; name the model whose units are matched, for example"
            + " {to: other/model}",
        "a | `align` must be a mapping, `name: value`",
        "{to: a, by: guess} | `by` is guess, must be one of `weights`, `activations`, `zipit`",
        "{to: a, experts: maybe} | `experts` is maybe, must be one of `fixed`, `free`",
        "{to: 'a*'} | `to` is the pattern a*; name one model",
        "{to: b} | `b` is aligned to itself; name another model",
        "{to: a, alpha: 0.5} | `alpha` is of units that are joined; write `by: zipit` beside it, or"
            + " leave it out",
        "{to: a, beta: 0.5} | `beta` is of units that are joined; write `by: zipit` beside it, or"
            + " leave it out",
        "{to: a, until: x} | `until` is of units that are joined; write `by: zipit` beside it, or"
            + " leave it out",
        "{to: a, heads: turned, residual: free} | `heads: turned` beside `residual: free`, which"
            + " knows of places alone; leave out one of them",
      })
  void whatSaysNoAlignmentIsRefused(String align, String problem) {
    assertProblems(two(align), "recipe.yml:5: " + problem);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.3, 1", "1, 1", "1.01, 1", "-1, 1", "0.5, -0.01", "0.5, 1.01", "0.5, 0"})
  void numbersOfJoinedUnitsHaveBounds(double alpha, double beta) {
    String yaml =
        beside(
            "{gram: gb, crossgram: c}",
            "{to: a, by: zipit, alpha: %s, beta: %s}".formatted(alpha, beta));
    if (alpha <= 0 || alpha > 1) {
      assertProblems(
          yaml, "recipe.yml:5: `alpha` is %s, must be above 0 and at most 1".formatted(alpha));
    } else if (beta < 0 || beta > 1) {
      assertProblems(yaml, "recipe.yml:5: `beta` is %s, must be from 0 to 1".formatted(beta));
    } else {
      assertThat(choice(yaml).zip()).isEqualTo(new Zip(alpha, beta, Optional.empty()));
    }
  }

  @Test
  void turnedHeadsStandBesideNoStatistics() {
    assertProblems(
        """
        merge_method: linear
        parameters: {weight: 1}
        models:
          - {model: a}
          - {model: b, statistics: {crossgram: c}, align: {to: a, by: activations, heads: turned}}
        """,
        "recipe.yml:5: `heads: turned` beside `statistics` of b, which knows of places alone; leave"
            + " out one of them");
  }

  @Test
  void unitsThatAreJoinedAreOfTwoModelsAndOfLayers() {
    assertProblems(
        beside("{gram: gb, crossgram: c}", "{to: a, by: zipit, residual: free}"),
        "recipe.yml:5: `by: zipit` beside `residual: free`: it joins units of layers; leave that"
            + " out");
    assertProblems(
        beside("{gram: gb, crossgram: c}", "{to: a, by: zipit}") + "  - {model: d}\n",
        "recipe.yml:5: `by: zipit` joins the units of two models, and here are 3: merge `a` and"
            + " this one alone, without a base");
  }

  @Test
  void activationsLieBesideTheModel() {
    assertProblems(
        two("{to: a, by: activations}"),
        "recipe.yml:5: `by: activations` needs `crossgram` of both models; add a line"
            + " `statistics: {crossgram: PATH}` to b");
    assertProblems(
        beside("{crossgram: c}", "{to: a, by: zipit}"),
        "recipe.yml:5: `by: zipit` needs `gram` of both models; add it to the `statistics` of b"
            + " and of a");
    assertProblems(
        beside("{gram: gb}", "{to: a}"),
        "recipe.yml:4: linear reads no `gram` of a model; it reads no statistics: remove the line",
        "recipe.yml:5: linear reads no `gram` of a model; it reads no statistics: remove the line");
  }

  @Test
  void theBaseStaysAsItIs() {
    String yaml =
        """
        merge_method: task_arithmetic
        base_model: a
        models:
          - {model: a, align: {to: b}}
          - {model: b, parameters: {weight: 1}}
        """;
    assertProblems(
        yaml, "recipe.yml:4: `a` is the base model, which stays as it is; align the others to it");
    AlignChoice toBase =
        choice(yaml.replace(", align: {to: b}", "").replace("b, p", "b, align: {to: base}, p"));
    assertThat(toBase.to(Optional.of(new ModelReference("a", 2))).path()).isEqualTo("a");
    assertThat(toBase.to(Optional.empty()).path()).as("a model of that name").isEqualTo("base");
  }

  @Test
  void allAreAlignedToTheMeanOrNone() {
    assertProblems(
        two("{to: mean}").replace("  - {model: a}\n", ""),
        "recipe.yml:4: `align: {to: mean}` is for two models or more, and there is 1; align it to a"
            + " model");
    assertProblems(
        two("{to: mean}", "  - {model: c, align: {to: a}}\n"),
        "recipe.yml:6: `c` is aligned to `a` beside others that are aligned to the mean; align all"
            + " to the mean, or all to one model");
    assertProblems(
        """
        merge_method: linear
        parameters: {weight: 1}
        models:
          - {model: a, align: {to: mean}}
          - {model: b, statistics: {crossgram: c}, align: {to: mean, by: activations}}
        """,
        "recipe.yml:5: `by: activations` is of two models, and no statistics are of a mean; match"
            + " to it by weights");
    assertProblems(
        two("{to: mean, heads: turned}"),
        "recipe.yml:5: `heads: turned` beside `to: mean`, which knows of places alone; leave out"
            + " one of them");
  }

  @Test
  void aModelIsAlignedAlikeWhereverItStands() {
    String slices =
        """
        merge_method: linear
        parameters: {weight: 1}
        slices:
          - sources: [{model: a, layer_range: [0, 2]}, {model: b, layer_range: [0, 2], align: {to: a, experts: fixed}}]
          - sources: [{model: a, layer_range: [2, 4]}, {model: b, layer_range: [2, 4], align: {to: a%s}}]
        """;
    assertThat(parse(slices.formatted(", experts: fixed")).slices()).hasSize(2);
    assertProblems(
        slices.formatted(""),
        "recipe.yml:5: `b` is aligned otherwise than in line 4; give it the same `align` in both"
            + " places");
  }

  @Test
  void nobodyIsAlignedToWhoMoves() {
    assertProblems(
        two("{to: a}", "  - {model: c, align: {to: b}}\n"),
        "recipe.yml:6: `c` is aligned to `b`, which is aligned itself; align all of them to one"
            + " model");
  }

  @Test
  void theBaseOfAMergeIsNotJoined() {
    assertProblems(
        """
        merge_method: task_arithmetic
        base_model: a
        parameters: {weight: 1}
        models:
          - {model: a, statistics: {gram: ga}}
          - {model: b, statistics: {gram: gb, crossgram: c}, align: {to: a, by: zipit, heads: turned}}
        """,
        "recipe.yml:6: `heads: turned` beside `statistics` of b, which knows of places alone; leave"
            + " out one of them",
        "recipe.yml:6: `by: zipit` joins the units of two models, and here are 2 and a base: merge"
            + " `a` and this one alone, without a base",
        "recipe.yml:6: `by: zipit` beside `heads: turned`: it joins units of layers; leave that"
            + " out");
  }

  @Test
  void productsOfBothAsTheyAreDoNotGoWithUnitsThatMove() {
    assertProblems(
        two("{to: a}", "statistics: {crossgram: c}\n"),
        "recipe.yml:5: `crossgram` beside `models` is of both as they are, and units of b move:"
            + " merge the aligned model alone first, and make it of that",
        "recipe.yml:6: linear reads no `crossgram` of the whole merge; it reads no statistics:"
            + " remove the line");
  }
}
