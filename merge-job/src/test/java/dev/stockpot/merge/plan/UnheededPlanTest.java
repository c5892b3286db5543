package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recipe says and nothing heeds: refused, or told where mergekit takes it in silence. */
class UnheededPlanTest {
  private static Planning planning(String recipe, String... models) {
    return Planning.of(
        recipe,
        Stream.of(models).map(name -> ModelHeaders.llama(name, 3)).toArray(ModelHeaders[]::new));
  }

  /** A recipe of three models, one of them the base where the method wants one. */
  private static List<String> notices(String method, String parameters, String ofModel) {
    String recipe =
        "merge_method: %s\nbase_model: a\nmodels:\n- model: b\n  parameters: %s\n- model: c\n  parameters: {weight: 1}\nparameters: %s\n"
            .formatted(method, ofModel, parameters);
    return planning(recipe, "a", "b", "c").plan().notices();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "task_arithmetic | {} | {weight: 1, density: 0.5} | recipe.yml:5: `density` changes nothing here",
        "ties | {rescale: true} | {weight: 1, density: 1} | recipe.yml:8: `rescale` changes nothing here: it counts with another `density`",
        "ties | {int8_mask: true} | {weight: 1, density: 0.5} | recipe.yml:8: `int8_mask` changes nothing here",
        "dare_ties | {rescale: false} | {weight: 1, density: 1} | recipe.yml:8: `rescale` changes nothing here: it counts with another `density`",
        "della | {} | {weight: 1, density: 1, epsilon: 0.1} | recipe.yml:5: `epsilon` changes nothing here: it counts with another `density`",
        "breadcrumbs | {} | {weight: 1, density: 1, gamma: 0.2} | recipe.yml:5: `gamma` changes nothing here: it counts with another `density`",
      })
  void tellsOfValuesThatNoTensorHangsOn(
      String method, String parameters, String ofModel, String notice) {
    assertThat(notices(method, parameters, ofModel)).containsExactly(notice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "task_arithmetic | {normalize: true} | {weight: 1, density: 1}",
        "ties | {normalize: false, lambda: 0.5} | {weight: 1, density: 0.5}",
        "ties | {int8_mask: false, rescale: true} | {weight: 1, density: 0.5}",
        "ties | {rescale: false} | {weight: 1, density: 1}",
        "ties | {reading: paper} | {weight: 1, density: 0.5}",
        "dare_linear | {rescale: 1/density} | {weight: 1, density: 0.5}",
        "della | {} | {weight: 1, density: 0.5, epsilon: 0.1}",
        "breadcrumbs_ties | {} | {weight: 1, density: 0.5, gamma: 0.1}",
        "breadcrumbs | {} | {weight: 1, density: 0.9, gamma: 0.1}",
      })
  void saysNothingOfValuesThatCountOrAreTheDefault(
      String method, String parameters, String ofModel) {
    assertThat(notices(method, parameters, ofModel)).isEmpty();
  }

  @Test
  void tellsWhereGammaIsMoreThanDensityLeavesOut() {
    assertThat(notices("breadcrumbs", "{}", "{weight: 1, density: 0.9, gamma: 0.3}"))
        .containsExactly(
            "gamma 0.3 is more than density 0.9 leaves out: gamma counts as 1 - density, and only"
                + " the largest elements are dropped");
  }

  @Test
  void tellsWhereEpsilonIsZero() {
    assertThat(notices("della", "{}", "{weight: 1, density: 0.9, epsilon: 0}"))
        .containsExactly(
            "epsilon 0 gives all elements of a row the same chance, whatever their size, as"
                + " dare_ties and dare_linear do");
  }

  @Test
  void namesTheOtherParameterWithWhichAValueWouldCount() {
    String recipe =
        "merge_method: nuslerp\nmodels:\n- {model: a, parameters: {weight: 1}}\n- {model: b, parameters: {weight: 1}}\nparameters:\n  nuslerp_row_wise: true\n";
    assertThat(planning(recipe, "a", "b").plan().notices())
        .containsExactly(
            "recipe.yml:6: `nuslerp_row_wise` changes nothing here: it counts with"
                + " `nuslerp_flatten: false`");
    assertThat(planning(recipe + "  nuslerp_flatten: false\n", "a", "b").plan().notices())
        .isEmpty();
  }

  private static String average(String parameters) {
    return "merge_method: checkpoint_average\nmodels: [{model: a}, {model: b}, {model: c}]\nparameters: %s\n"
        .formatted(parameters);
  }

  @Test
  void refusesAParameterWithoutItsScheme() {
    planning(average("{last: 2}"), "a", "b", "c")
        .assertProblems(
            "recipe.yml:3: `last` changes nothing here: it counts with `scheme: last_k`; change it,"
                + " or remove it");
    planning(average("{scheme: ema, curve: linear}"), "a", "b", "c")
        .assertProblems(
            "recipe.yml:3: `curve` changes nothing here: it counts with `scheme: decay`; change it,"
                + " or remove it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{scheme: last_k, last: 2}",
        "{scheme: last_k, last: 9}", // more than there are, yet
        "{scheme: ema, beta: 0.5}",
        "{last: 5}", // the default
        "{scheme: decay, curve: cosine}"
      })
  void takesAParameterWithItsScheme(String parameters) {
    assertThat(planning(average(parameters), "a", "b", "c").plan().notices()).isEmpty();
  }

  @Test
  void saysNothingOfWhatOnlyHappensToChangeNothing() {
    String recipe =
        "merge_method: linear\nmodels:\n- {model: a, parameters: {weight: 0.5}}\n- {model: b, parameters: {weight: 0.5}}\nparameters: {normalize: false}\n";
    assertThat(planning(recipe, "a", "b").plan().notices()).isEmpty();
  }

  @Test
  void tellsButTakesWhatHangsOnHowManyModelsThereAre() {
    String recipe =
        "merge_method: trimmed_mean\nmodels: [{model: a}, {model: b}]\nparameters: {trim: 0.4}\n";
    assertThat(planning(recipe, "a", "b").plan().notices())
        .containsExactly("recipe.yml:3: `trim` changes nothing here");
  }

  private static String filtered(String method, String... entries) {
    return "merge_method: %s\nbase_model: a\nmodels:\n- model: b\n  parameters:\n    weight:\n    - %s\n%s"
        .formatted(
            method,
            String.join("\n    - ", entries),
            method.equals("lines") ? "parameters: {alpha: 1, beta: 1}\n" : "");
  }

  @Test
  void tellsOfFiltersThatMatchNoTensor() {
    String recipe =
        filtered("ties", "{filter: self_attn, value: 1}", "{filter: mlp, value: 0.5}", "value: 0");
    assertThat(planning(recipe, "a", "b").plan().notices())
        .containsExactly(
            "recipe.yml:6: of `weight`, the value with filter `self_attn` matches no tensor that is"
                + " merged");
  }

  @Test
  void tellsOfFiltersThatAreNeverReached() {
    String recipe = filtered("ties", "value: 1", "{filter: mlp, value: 0.5}");
    assertThat(planning(recipe, "a", "b").plan().notices())
        .containsExactly(
            "recipe.yml:6: of `weight`, the value with filter `mlp`, entry 2 of its list, is never"
                + " reached: entries before it match all that it matches");
  }

  @Test
  void refusesFiltersOfMethodsThatMergekitDoesNotHave() {
    planning(
            filtered("lines", "{filter: mlp, value: 1}", "{filter: up_proj, value: 2}", "value: 1"),
            "a",
            "b")
        .assertProblems(
            "recipe.yml:6: of `weight`, the value with filter `up_proj`, entry 2 of its list, is"
                + " never reached: entries before it match all that it matches; change it, or"
                + " remove it");
  }

  @Test
  void saysNothingOfFiltersThatMatchInOneSliceOnly() {
    String recipe =
        """
        merge_method: passthrough
        parameters:
          scale:
          - {filter: layers.2, value: 0.5}
          - value: 1
        slices:
        - sources: [{model: a, layer_range: [0, 2]}]
        - sources: [{model: a, layer_range: [1, 3]}]
        """;
    assertThat(planning(recipe, "a").plan().notices()).isEmpty();
  }

  @Test
  void tellsOfValuesThatOthersReplace() {
    String recipe =
        """
        merge_method: ties
        base_model: a
        models:
        - model: a
          parameters: {weight: 0.5}
        - model: b
          parameters: {weight: 1, density: 0.5}
        parameters:
          density: 0.7
        """;
    assertThat(planning(recipe, "a", "b").plan().notices())
        .containsExactly(
            "recipe.yml:9: `density` changes nothing here: every model, or slice, has its own",
            "recipe.yml:5: `weight` changes nothing here: the base model is not merged");
  }

  @Test
  void saysNothingOfFiltersWhereThePlanHasOtherProblems() {
    Planning planning =
        Planning.of(
            filtered("ties", "{filter: self_attn, value: 1}", "value: 0"),
            ModelHeaders.llama("a", 3),
            ModelHeaders.llama("b", 3).without("lm_head.weight"));
    planning.assertProblems(
        "recipe.yml:4: b lacks 1 tensor that other models have: lm_head.weight. Use models of one"
            + " architecture, or set missing-tensors=copy to take them from a model that has them");
  }
}
