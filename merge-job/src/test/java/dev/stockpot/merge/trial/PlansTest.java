package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.recipe.YamlText;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What plans say of their points: recipes, mixtures, places, words, and how many are made. */
class PlansTest extends TrialRecipeCases {
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final List<Point> THREE =
      List.of(Point.of(1, 1, 0), Point.of(1, 0, 1), Point.of(0, 1, 1));

  private static Plan soup(String soup) {
    return parse("soup: " + soup + "\n" + MODELS + EVALUATE).plan();
  }

  private static TrialRecipe path(String path) {
    return parse("path: " + path + "\n" + MODELS + EVALUATE);
  }

  private static Plan loraHub(String keys) {
    return parse(
            "soup: {kind: lorahub%s}\n".formatted(keys)
                + "base_model: m\nmodels: [{model: m+x}, {model: m+y}]\n"
                + EVALUATE)
        .plan();
  }

  /** What follows in a stepwise soup hangs on scores, so candidates are made one by one. */
  @ParameterizedTest
  @CsvSource({"greedy, 1, 1", "uniform, 1, 1", "'{kind: windows, sizes: [2]}', 2, 16"})
  void soupsThatAreListedAreMadeTogether(String soup, int generation, int ahead) {
    Plan plan = soup(soup);

    assertThat(plan.generation(3)).isEqualTo(generation);
    assertThat(plan.ahead(1, 16)).isEqualTo(ahead);
    assertThat(plan.readings(THREE)).hasSize(generation == 1 ? 3 : 1);
    assertThat(plan.readings(THREE).stream().flatMap(List::stream)).isEqualTo(THREE);
    assertThat(plan.readings(List.of())).isEmpty();
  }

  @Test
  void soupsGoAheadByAsManyAsAreEvaluatedAtOnceIfThereIsRoom() {
    assertThat(soup("greedy").ahead(4, 16)).isEqualTo(4);
    assertThat(soup("greedy").ahead(4, 2)).isEqualTo(2);
    assertThat(soup("learned").ahead(4, 16)).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "line | 2 | ",
        "line | 1 | a line is between two models, and there are 1",
        "{kind: windows, sizes: [4, 9]} | 3 | windows of [4, 9] do not fit into 3 models",
        "{kind: windows, sizes: [3, 9]} | 3 | ",
        "{kind: swad, converge: 4} | 3 | SWAD looks at 4 losses to find its beginning, and there"
            + " are 3 checkpoints; lower `converge`",
        "{kind: swad, converge: 3} | 3 | ",
        "learned | 1 | of 1 model there is nothing to learn",
        "greedy | 1 | "
      })
  void modelsThatAreTooFewAreTold(String soup, int models, String problem) {
    assertThat(soup(soup).problemWith(models(models, 8)).orElse(null)).isEqualTo(problem);
  }

  @Test
  void pathsNeedTheirEndsAndABezierItsBend() {
    assertThat(path("{curve: bezier}").plan().problemWith(models(2, 8)))
        .hasValue(
            "a bezier needs three, the second of which bends it, models at least, and there are"
                + " 2");
    assertThat(path("{curve: polygon}").plan().problemWith(models(1, 8)))
        .hasValue("a path needs two models at least, and there are 1");
    assertThat(path("{curve: bezier}").plan().problemWith(models(3, 8))).isEmpty();
    assertThat(path("{curve: polygon}").plan().problemWith(models(2, 8))).isEmpty();
  }

  @Test
  void aPointOfAPathIsAMixtureAtAPlace() {
    Plan plan = path("{points: 5, curve: bezier}").plan();
    Point middle = plan.chooser(3).upcoming(5).get(2);

    assertThat(plan.mix(middle).t()).isEqualTo(0.5);
    assertThat(plan.mix(middle).weights()).containsExactly(0.25, 0.5, 0.25);
    assertThat(plan.mix(Point.only(2, 3)).t()).isEqualTo(1);
    assertThat(plan.mix(Point.only(2, 3)).weights()).containsExactly(1.0);
    assertThat(plan.placeOf(1)).hasValue(0);
    assertThat(plan.placeOf(4)).hasValue(0.75);
    assertThat(soup("greedy").placeOf(1)).isEmpty();
  }

  @Test
  void everyPointOfAPathHasARecipeInAFileOfItsPlace() {
    TrialRecipe recipe = path("{points: 3, curve: polygon}");
    Ingredients two = models(2, 8);

    assertThat(recipe.recipes(two).keySet())
        .containsExactly("0001-t-0.0000.yml", "0002-t-0.5000.yml", "0003-t-1.0000.yml");
    assertThat(recipe.recipes(two).get("0003-t-1.0000.yml"))
        .isEqualTo(
            """
            merge_method: linear
            models:
            - model: m1
              parameters:
                weight: 1.0
            """);
    assertThat(recipe.isPath()).isTrue();
  }

  @Test
  void aSoupOfPartsIsMixedByItsWeightsAndALearnedOneByItsRecipeAlone() {
    assertThat(soup("greedy").mix(Point.of(2, 0, 1)).weights()).containsExactly(2.0, 1.0);
    assertThat(soup("greedy").mix(Point.of(2, 0, 1)).t()).isNaN();
    assertThat(soup("greedy").ingredients(Point.of(2, 0, 1), 3)).containsExactly(0, 2);
    assertThat(soup("learned").mix(Point.of(.5, .5, .5)).weights()).isEmpty();
    assertThat(soup("learned").ingredients(Point.of(.5, .5, .5), 3)).containsExactly(0, 1, 2);
  }

  @Test
  void weightsAreInWordsUnlessAllAreOne() {
    assertThat(soup("greedy").described(Point.of(1, 0, 1), NAMES)).isEqualTo("a + c");
    assertThat(soup("greedy").described(Point.of(2, 0, 1), NAMES)).isEqualTo("2.00 × a + 1.00 × c");
    assertThat(soup("greedy").described(Point.of(.3333, 0, .6667), NAMES))
        .isEqualTo("0.333 × a + 0.667 × c");
  }

  @Test
  void aValleyIsDescribedByItsEnds() {
    assertThat(soup("swad").described(Point.of(0, 1, 0), NAMES)).isEqualTo("b");
    assertThat(soup("swad").described(Point.of(1, 0, 1), NAMES))
        .isEqualTo("the mean of 2 checkpoints from a to c");
  }

  @Test
  void onlyLossesMakeAValley() {
    assertThat(soup("swad").problemWith(Score.of(-0.5))).isEmpty();
    assertThat(soup("swad").problemWith(Score.of(0))).isEmpty();
    assertThat(soup("swad").problemWith(Score.FAILED)).isEmpty();
    assertThat(soup("swad").problemWith(Score.of(0.25)).orElseThrow()).contains("a worth of 0.25.");
    assertThat(soup("greedy").problemWith(Score.of(0.25))).isEmpty();
  }

  /** Weights of ±1.5 at the ends of the cube: what is heard is less by 0.05 times their mean. */
  @Test
  void loraHubHearsScoresLessThePenaltyOfItsWeights() {
    Chooser chooser = loraHub("").chooser(2);
    Point first = chooser.upcoming(1).get(0);
    while ((first.values().get(0) > 0.5) == (first.values().get(1) > 0.5)) { // until signs differ
      chooser.tell(Score.FAILED);
      first = chooser.upcoming(1).get(0);
    }
    chooser.tell(Score.of(2));
    double mean = 0;
    for (double place : first.values()) {
      mean += Math.abs(3 * place - 1.5) / 2;
    }

    assertThat(chooser.best().orElseThrow().score().worth().orElseThrow())
        .isCloseTo(2 - 0.05 * mean, within(1e-12))
        .isLessThan(2);
  }

  @Test
  void summedFactorsAreAdapters() {
    Plan plan = loraHub(", compose: factor");

    assertThat(YamlText.of(plan.recipe(Point.of(.5, 1), List.of("m+x", "m+y"))))
        .isEqualTo(
            """
            merge_method: task_arithmetic
            base_model: m
            output:
              kind: adapter
              combination_type: lorahub
            models:
            - model: m+x
              parameters:
                weight: 0.0
            - model: m+y
              parameters:
                weight: 1.5
            """);
    assertThat(plan.method()).isEqualTo("task_arithmetic");
  }

  @Test
  void groupsAreOfTheLongestStackOrOfAShorterSlice() {
    Ingredients mixed =
        new Ingredients(
            Map.of("m", Map.of("text", 4, "vision", 9), "n", Map.of("text", 6)),
            OptionalInt.empty());

    assertThat(mixed.layers()).as("of the longest stack").isEqualTo(9);
    assertThat(new Ingredients(Map.of("m", Map.of("text", 4)), OptionalInt.of(2)).layers())
        .as("of a slice")
        .isEqualTo(2);
    assertThat(new Ingredients(Map.of(), OptionalInt.empty()).layers()).isZero();
    assertThat(soup("{kind: learned, groups: 9}").problemWith(mixed)).isEmpty();
    assertThat(soup("{kind: learned, groups: 10}").problemWith(mixed))
        .hasValue("`groups` is 10, and the models have 9 layers that can be told. Lower it");
  }
}
