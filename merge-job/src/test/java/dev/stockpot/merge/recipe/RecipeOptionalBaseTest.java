package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.MergeMethods;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Methods that take task vectors against a base model, or models as they are without one. */
class RecipeOptionalBaseTest {
  private static final String MODELS =
      """
      models:
        - model: a
          parameters: {weight: 1}
        - model: b
          parameters: {weight: 2}
      """;

  private static Recipe parse(String yaml) {
    return new RecipeParser(MergeMethods.all()).parse("recipe.yml", yaml);
  }

  private static List<String> modelsOf(Recipe recipe) {
    return recipe.slices().get(0).sources().stream().map(source -> source.model().path()).toList();
  }

  @Test
  void withoutABaseTheModelsAreMergedAsTheyAre() {
    assertThat(modelsOf(parse("merge_method: nuslerp\n" + MODELS))).containsExactly("a", "b");
  }

  @Test
  void aBaseIsAddedAndNotMerged() {
    Recipe recipe = parse("merge_method: nuslerp\nbase_model: base\n" + MODELS);
    Slice slice = recipe.slices().get(0);

    assertThat(modelsOf(recipe)).containsExactly("a", "b", "base");
    assertThat(recipe.isMerged(slice, slice.sources().get(1))).isTrue();
    assertThat(recipe.isMerged(slice, slice.sources().get(2))).isFalse();
  }

  @Test
  void aBaseAmongTheModelsDoesNotCountAsOne() {
    assertThatThrownBy(() -> parse("merge_method: nuslerp\nbase_model: a\n" + MODELS))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "recipe.yml:3: nuslerp takes exactly 2 models beside its base model, if it has one, and"
                + " there is 1 here; add 1");
  }

  @Test
  void aSliceMayHaveABaseAndAnotherNone() {
    Recipe recipe =
        parse(
            """
            merge_method: multislerp
            parameters: {weight: 1}
            slices:
              - base_model: base
                sources:
                  - {model: a, layer_range: [0, 2]}
                  - {model: base, layer_range: [0, 2]}
              - sources:
                  - {model: a, layer_range: [2, 4]}
            """);
    Slice withBase = recipe.slices().get(0);

    assertThat(recipe.isMerged(withBase, withBase.sources().get(1))).isFalse();
    assertThat(recipe.baseOf(recipe.slices().get(1))).isEmpty();
  }

  @Test
  void aSliceThatForgetsTheBaseIsToldSo() {
    assertThatThrownBy(
            () ->
                parse(
                    """
                    merge_method: multislerp
                    base_model: base
                    parameters: {weight: 1}
                    slices:
                      - sources:
                          - {model: a, layer_range: [0, 2]}
                    """))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "recipe.yml:5: multislerp compares every source with its base model: list `base` among"
                + " this slice's sources");
  }

  @Test
  void modelsStillNeedTheirParameters() {
    assertThatThrownBy(() -> parse("merge_method: multislerp\nmodels:\n  - model: a\n"))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "recipe.yml:3: `a` has no `weight`, which multislerp needs; give it one under its"
                + " `parameters`");
  }

  @Test
  void wholeNumbersAreReadAndOthersRefused() {
    String karcher = "merge_method: karcher\nmodels: [{model: a}]\nparameters: {max_iter: %s}\n";

    assertThat(
            new ParameterLookup(parse(karcher.formatted("20")))
                .mergeValues(parse(karcher.formatted("20")).slices().get(0), "x", 0)
                .values()
                .values()
                .get("max_iter"))
        .isEqualTo(20.0);
    assertRefused(karcher.formatted("2.5"), "is 2.5, must be a whole number from 1 up");
    assertRefused(karcher.formatted("0"), "is 0, must be a whole number from 1 up");
    assertRefused(karcher.formatted("many"), "is many, must be a whole number from 1 up");
    assertRefused(
        karcher.formatted("[1, 2]"),
        "must be a whole number from 1 up, the same for all layers; give it one value");
  }

  private static void assertRefused(String yaml, String problem) {
    assertThatThrownBy(() -> parse(yaml))
        .isInstanceOf(RecipeException.class)
        .hasMessage("recipe.yml:3: `max_iter` " + problem);
  }
}
