package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules for heads and frozen parts. */
class RecipePartsTest {
  private static final String LINEAR =
      "merge_method: linear\nparameters: {weight: 1}\nmodels:\n  - model: a\n  - model: b\n";

  private static List<PartRule> parts(String more) {
    return parse(LINEAR + more).parts();
  }

  @Test
  void mostRecipesHaveNone() {
    assertThat(parts("")).isEmpty();
  }

  @Test
  void headsComeFromAModel() {
    Recipe recipe = parse(LINEAR + "heads:\n  - {match: '^cls', from: c}\n");
    assertThat(recipe.parts())
        .containsExactly(
            new PartRule(
                new NamePattern("^cls"),
                new PartRule.FromModel(new ModelReference("c", 7)),
                false,
                7));
    assertThat(recipe.references()).extracting(ModelReference::path).containsExactly("a", "b", "c");
  }

  @Test
  void headsAreNewOrLeftOut() {
    List<PartRule> rules =
        parts(
            "heads:\n  - {match: w, init: normal, std: 0.02, shape: [3, 4], seed: 5}\n  - {match: b, leave_out: true}\n");
    PartRule.Anew anew = (PartRule.Anew) rules.get(0).action();
    assertThat(anew.shape()).contains(Shape.of(3, 4));
    assertThat(anew.seed()).hasValue(5);
    assertThat(anew.initialisation().second()).isEqualTo(0.02);
    assertThat(rules.get(1).action()).isEqualTo(new PartRule.LeftOut());
  }

  @ParameterizedTest
  @CsvSource({"concatenate, false", "union, true"})
  void headsHoldTheClassesOfAll(String word, boolean areShared) {
    assertThat(parts("heads:\n  - {match: w, labels: %s}\n".formatted(word)).get(0).action())
        .isEqualTo(new PartRule.ByLabel(areShared));
  }

  @Test
  void frozenPartsAreTheBases() {
    List<PartRule> rules =
        parse(
                "merge_method: task_arithmetic\nbase_model: z\nparameters: {weight: 1}\nmodels:\n  - model: a\nfreeze: ['^e', {match: '^n', from: a}]\n")
            .parts();
    assertThat(rules).allMatch(PartRule::isFrozen);
    assertThat(rules)
        .extracting(rule -> rule.action().model().orElseThrow().path())
        .containsExactly("z", "a");
  }

  @Test
  void passedThroughTheyAreWhatTheyAre() {
    List<PartRule> rules =
        parse("merge_method: passthrough\nmodels:\n  - model: a\nfreeze: ['^e']\n").parts();
    assertThat(rules.get(0).action()).isEqualTo(new PartRule.As());
    assertThat(rules.get(0).action().model()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heads: [x] | an element of `heads` must be a mapping",
        "heads: [{from: a}] | an element of `heads` has `match`, and one of",
        "heads: [{match: w}] | and one of `from`, `init`, `labels` and `leave_out`, not none",
        "heads: [{match: w, from: a, labels: union}] | not `from`, `labels`",
        "heads: [{match: '(', from: a}] | `match` is `(`, no regular expression",
        "heads: [{match: [w], from: a}] | `match` must be a regular expression",
        "heads: [{match: w, from: 'a*'}] | `from` is the pattern a*",
        "heads: [{match: w, labels: all}] | `labels` is all, must be `concatenate`",
        "heads: [{match: w, leave_out: false}] | `leave_out` is false, must be true",
        "heads: [{match: w, init: zero}] | did you mean `zeros`?",
        "heads: [{match: w, init: zeros, shape: [0]}] | `shape` is [0], must be lengths above 0",
        "heads: [{match: w, from: a, std: 1}] | `std` belongs to `init`",
        "heads: [{match: w, from: a, shape: [1]}] | `shape` belongs to `init`",
        "heads: {match: w} | `heads` must be a list",
        "freeze: [w] | `freeze` of `w` does not say whose tensors stay",
        "freeze: [[w]] | an element of `freeze` is a regular expression",
        "freeze: ['('] | `match` is `(`, no regular expression",
        "freeze: [] | `freeze` is empty"
      })
  void whatMakesNoSenseIsRefused(String rule, String message) {
    assertThatThrownBy(() -> parse(LINEAR + rule + "\n"))
        .hasMessageStartingWith("recipe.yml:6: ")
        .hasMessageContaining(message);
  }
}
