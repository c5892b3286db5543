package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules by which tensors of models are called otherwise. */
class RecipeRenameTest {
  private static String renamed(String rules) {
    return "merge_method: linear\nparameters: {weight: 1}\nmodels:\n  - model: a\n    rename: %s\n  - model: b\n"
        .formatted(rules);
  }

  @ParameterizedTest
  @CsvSource({
    "'^module\\.(.*)', '$1', module.a.module.b, a.module.b",
    "'^module\\.', '', module.a, a",
    "'^', 'model.', a, model.a",
    "'\\.attn\\.', '.self_attn.', h.0.attn.attn.q, h.0.self_attn.attn.q",
    "'(\\w+)\\.(\\w+)$', '$2.$1', x.weight.q, x.q.weight",
    "'nothing', 'else', a.b, a.b"
  })
  void rulesArePatterns(String from, String to, String before, String after) {
    assertThat(new Rename(from, to, 1).apply(before)).isEqualTo(after);
  }

  @Test
  void rulesAreReadInTheirOrder() {
    Recipe recipe = parse(renamed("[{from: '^x', to: y}, {from: '^y', to: z}]"));

    assertThat(recipe.renames()).containsOnlyKeys(new ModelReference("a", 0));
    List<Rename> rules = recipe.renames().get(new ModelReference("a", 0));
    assertThat(rules).extracting(Rename::from).containsExactly("^x", "^y");
    assertThat(rules.get(1).apply(rules.get(0).apply("x.1"))).isEqualTo("z.1");
  }

  @Test
  void mostRecipesRenameNothing() {
    assertThat(parse("merge_method: passthrough\nmodels:\n  - model: a\n").renames()).isEmpty();
  }

  @Test
  void rejectsRulesThatAreNone() {
    assertProblems(
        renamed("[x, {from: a}, {to: b}, {from: '(', to: b}, {from: a, to: '$1'}]"),
        "recipe.yml:5: an element of `rename` must be a mapping, {from: '…', to: '…'}, or one of"
            + " `module`, `model`, `base_model.model`, `ema`, `ema_model`, which are taken off the"
            + " front of names, or `_orig_mod`, `_fsdp_wrapped_module`,"
            + " `_checkpoint_wrapped_module`, which are anywhere",
        "recipe.yml:5: a rule of `rename` has `from`, a regular expression, and `to`, for example"
            + " {from: '^model\\.', to: ''}",
        "recipe.yml:5: `from` is `(`, no regular expression: Unclosed group",
        "recipe.yml:5: `$1` puts in group 1, and `a` has no group in parentheses");
  }

  @ParameterizedTest
  @CsvSource({
    "module, module.model.layers.0.w, model.layers.0.w",
    "_orig_mod, _orig_mod.w, w",
    "model, model.w, w",
    "base_model.model, base_model.model.h.w, h.w",
    "base_model.model, base_modelxmodel.w, base_modelxmodel.w",
    "ema, ema.w, w",
    "ema_model, ema_model.w, w",
    "module, x.module.w, x.module.w",
    "_orig_mod, layers.0._orig_mod.w, layers.0.w",
    "_orig_mod, not_orig_mod.w, not_orig_mod.w",
    "_fsdp_wrapped_module, _fsdp_wrapped_module.h.0._fsdp_wrapped_module.w, h.0.w",
    "_checkpoint_wrapped_module, h.0._checkpoint_wrapped_module.w, h.0.w"
  })
  void wrappersAreTakenOffTheFrontAndThoseOfTrainersAnywhere(
      String word, String before, String after) {
    List<Rename> rules = parse(renamed("[" + word + "]")).renames().get(new ModelReference("a", 0));
    assertThat(rules).hasSize(1);
    assertThat(rules.get(0).apply(before)).isEqualTo(after);
  }

  @Test
  void wrappersAreTakenOffOneAfterTheOther() {
    List<Rename> rules =
        parse(renamed("[module, _orig_mod, {from: '^h', to: x}]"))
            .renames()
            .get(new ModelReference("a", 0));
    String name = "module._orig_mod.h.w";
    for (Rename rule : rules) {
      name = rule.apply(name);
    }
    assertThat(name).isEqualTo("x.w");
  }

  @Test
  void aMisspeltWordOfARuleIsTold() {
    assertProblems(
        renamed("[{form: a, to: b}]"),
        "recipe.yml:5: `form` is not a key of a rule of `rename`; did you mean `from`?",
        "recipe.yml:5: a rule of `rename` has `from`, a regular expression, and `to`, for example"
            + " {from: '^model\\.', to: ''}");
  }

  @Test
  void aModelIsRenamedAlikeInAllSlices() {
    assertProblems(
        """
        merge_method: passthrough
        slices:
          - sources: [{model: a, layer_range: [0, 2], rename: [{from: x, to: y}]}]
          - sources: [{model: a, layer_range: [2, 4]}]
        """,
        "recipe.yml:4: `a` is renamed otherwise than in line 3; give it the same `rename` in both"
            + " places");
    Recipe recipe =
        parse(
            """
            merge_method: passthrough
            slices:
              - sources: [{model: a, layer_range: [0, 2], rename: [{from: x, to: y}]}]
              - sources: [{model: a, layer_range: [2, 4], rename: [{from: x, to: y}]}]
            """);
    assertThat(recipe.renames()).hasSize(1);
  }

  @Test
  void namesOfStatisticsWouldBeDoubtful() {
    assertThatThrownBy(
            () ->
                parse(
                    "merge_method: linear\nparameters: {weight: 1}\nmodels:\n  - model: a\n    statistics: {fisher_diag: f}\n    rename: [{from: x, to: y}]\n"))
        .hasMessageContaining("recipe.yml:6: `rename` beside `statistics`");
  }

  @Test
  void aRuleIsAValidPattern() {
    assertThatThrownBy(() -> new Rename("[", "", 1)).isInstanceOf(PatternSyntaxException.class);
    assertThatThrownBy(() -> new Rename("(a)", "$2", 1))
        .hasMessage("`$2` puts in group 2, and `(a)` has one group");
    assertThat(new Rename("a", "\\$5", 1).apply("a")).isEqualTo("$5");
  }
}
