package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.YamlText;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holes of a recipe, and what is put into them. */
class TemplateTest {
  private final Problems problems = new Problems("r.yml");

  private Template of(String yaml) {
    return Template.of(RecipeParser.trees("r.yml", yaml).get(0), problems);
  }

  private String filled(String yaml, double... point) {
    List<Double> values = Arrays.stream(point).boxed().toList();
    return YamlText.of(of(yaml).filled(new Point(values)));
  }

  @Test
  void aRecipeWithoutHolesIsItself() {
    Template template = of("a: 1\nb: [x, {c: 2}]\n");
    assertThat(template.holes()).isEmpty();
    assertThat(template.filled(new Point(List.of()))).isEqualTo(template.tree());
    assertThat(template.start().values()).isEmpty();
  }

  @Test
  void holesAreNamedByTheirPlacesAndInOrder() {
    Template template =
        of(
            """
            models:
            - {model: a, parameters: {weight: {range: [0, 1]}}}
            - {model: b, parameters: {density: [{filter: mlp, value: {range: [0.2, 0.8]}}, 1]}}
            dtype: {choice: [float16, bfloat16]}
            """);
    assertThat(template.holes())
        .extracting(Hole::name)
        .containsExactly(
            "models[0].parameters.weight", "models[1].parameters.density[0].value", "dtype");
    assertThat(template.holes()).extracting(Hole::line).containsExactly(2, 3, 4);
    assertThat(template.holes()).extracting(hole -> hole.values().count()).containsExactly(0, 0, 2);
  }

  @ParameterizedTest
  @CsvSource({"0, 1.0", "1, 5.0", "0.5, 3.0", "0.25, 2.0"})
  void placesOfARangeAreSpreadEvenly(double place, double number) {
    assertThat(filled("w: {range: [1, 5]}", place)).isEqualTo("w: %s\n".formatted(number));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.01", "0.5, 1.0", "1, 100.0"})
  void placesOfALogarithmicRangeAreSpreadByFactors(double place, double number) {
    assertThat(filled("w: {range: [0.01, 100], scale: log}", place))
        .isEqualTo("w: %s\n".formatted(number));
  }

  @Test
  void numbersDoNotLeaveTheirRangeByRounding() {
    Hole.Range range = new Hole.Range(0.1, 0.7, false);
    Hole.Range logarithmic = new Hole.Range(0.1, 0.7, true);
    for (double place = 0; place <= 1; place += 1.0 / 64) {
      for (Hole.Range each : List.of(range, logarithmic)) {
        double number = Double.parseDouble(each.at(place, 1).shown());
        assertThat(number).isBetween(0.1, 0.7);
        assertThat(each.placeOf(number)).isBetween(place - 1e-12, place + 1e-12);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, x", "0.33, x", "0.34, y", "0.66, y", "0.67, z", "0.999, z", "1, z"})
  void choicesHaveEqualShares(double place, String chosen) {
    assertThat(filled("m: {choice: [x, y, z]}", place)).isEqualTo("m: %s\n".formatted(chosen));
  }

  @Test
  void groupsOfLayersHaveNumbersOfTheirOwn() {
    String recipe = "parameters: {weight: {range: [0, 4], groups: 3}}";
    assertThat(of(recipe).holes())
        .extracting(Hole::name)
        .containsExactly(
            "parameters.weight.groups[0]",
            "parameters.weight.groups[1]",
            "parameters.weight.groups[2]");
    assertThat(filled(recipe, 0, 0.5, 1))
        .isEqualTo("parameters:\n  weight:\n    steps:\n    - 0.0\n    - 2.0\n    - 4.0\n");
    assertThat(of(recipe).described(new Point(List.of(0.0, 0.5, 1.0))))
        .isEqualTo("parameters.weight = [0.000, 2.000, 4.000]");
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void smoothGroupsAreTheAnchorsOfAGradient() {
    assertThat(
            filled(
                "parameters: {t: {range: [0, 1], groups: 2, smooth: true, start: 0.25}}", 0, 0.5))
        .isEqualTo("parameters:\n  t:\n  - 0.0\n  - 0.5\n");
  }

  @Test
  void groupsStandPerModelAndPerFilterAndBesideOthers() {
    Template template =
        of(
            """
            models:
            - {model: a, parameters: {weight: [
                {filter: mlp, value: {range: [0, 1], groups: 2, start: 0.25}},
                {value: {range: [0, 1]}}]}}
            - {model: b, parameters: {density: {range: [0.1, 1], groups: 2}, weight: 1}}
            """);
    assertThat(template.start().values()).containsExactly(0.25, 0.25, 0.5, 0.5, 0.5);
    assertThat(YamlText.of(template.filled(new Point(List.of(0.1, 0.2, 0.3, 0.0, 1.0)))))
        .isEqualTo(
            """
            models:
            - model: a
              parameters:
                weight:
                - filter: mlp
                  value:
                    steps:
                    - 0.1
                    - 0.2
                - value: 0.3
            - model: b
              parameters:
                density:
                  steps:
                  - 0.1
                  - 1.0
                weight: 1.0
            """);
  }

  @Test
  void oneGroupIsOneNumber() {
    assertThat(filled("parameters: {t: {range: [0, 1], groups: 1}}", 0.5))
        .isEqualTo("parameters:\n  t: 0.5\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{range: [0, 1], groups: 0} | `groups` is 0, must be a number from 1 to 1000",
        "{range: [0, 1], groups: 2.5} | `groups` is 2.5, must be a whole number",
        "{range: [0, 1], smooth: true} | add `groups`, or remove it",
        "{range: [0, 1], groups: 2, smooth: maybe} | `smooth` is maybe; ",
        "{choice: [0, 1], groups: 2} | `groups` is for a `range`, not for a `choice`; remove it",
        "{choice: [0, 1], start: 1} | `start` is for a `range`, not for a `choice`; remove it",
      })
  void groupsThatAreNoneAreTold(String hole, String problem) {
    assertThat(of("parameters: {w: " + hole + "}").slots()).hasSize(1);
    assertThat(String.join("\n", problems.sorted())).contains(problem);
  }

  @Test
  void groupsAreOfParametersOnly() {
    assertThat(of("seed: {range: [0, 1], groups: 2}").slots()).hasSize(1);
    assertThat(problems.sorted())
        .containsExactly(
            "r.yml:1: `groups` gives numbers to groups of layers, which only `parameters` have, not"
                + " `seed`; remove it");
  }

  @Test
  void aChoiceMayBeOfWholeParts() {
    assertThat(filled("m: {choice: [{a: x}, [y, z]]}", 0)).isEqualTo("m:\n  a: x\n");
    assertThat(filled("m: {choice: [{a: x}, [y, z]]}", 0.9)).contains("- y\n", "- z\n");
  }

  @Test
  void aSearchBeginsInTheMiddleUnlessItIsTold() {
    Template template =
        of("a: {range: [0, 4]}\nb: {range: [0, 4], start: 1}\nc: {choice: [x, y]}\n");
    assertThat(template.start().values()).containsExactly(0.5, 0.25, 0.5);
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void asManyValuesAsHolesAreNeeded() {
    Template template = of("a: {range: [0, 4]}");
    assertThatThrownBy(() -> template.filled(new Point(List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 values for 1 holes");
    assertThatThrownBy(() -> template.filled(new Point(List.of(0.1, 0.2))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{range: [0, 1], choice: [a]} | `range` and `choice` exclude each other",
        "{choice: []} | `choice` of `w` must be a list of one value at least, not",
        "{choice: x} | `choice` of `w` must be a list of one value at least, not x",
        "{range: [1, 0]} | `range` must be two numbers, the lower one first: it is [1.0, 0.0]",
        "{range: [1, 1]} | `range` must be two numbers, the lower one first",
        "{range: 1} | `range` must be two numbers, the lower one first",
        "{range: [0, 1, 2]} | `range` must be two numbers, the lower one first",
        "{range: [0, 1], scale: log} | `scale: log` needs a range above 0: it begins at 0.0",
        "{range: [-1, 1], scale: log} | `scale: log` needs a range above 0: it begins at -1.0",
        "{range: [0, 1], scale: cubic} | `scale` is cubic; ",
        "{range: [0, 1], start: 2} | `start` is 2, must be a number from 0 to 1",
        "{range: [0, 1], step: 2} | `step` is not a key of a range or a choice"
      })
  void aHoleThatIsNoneIsTold(String hole, String problem) {
    Template template = of("w: " + hole);
    assertThat(problems.sorted()).isNotEmpty();
    assertThat(String.join("\n", problems.sorted())).contains(problem);
    assertThat(template.start().values()).as("others are told of too").hasSize(1);
  }
}
