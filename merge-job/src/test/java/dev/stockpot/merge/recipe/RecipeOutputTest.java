package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.recipe.AdapterChoice.Embeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a recipe says of its output. */
class RecipeOutputTest {
  private static String recipe(String output) {
    return """
        merge_method: passthrough
        base_model: base
        models:
          - model: tuned
        output: %s
        """
        .formatted(output);
  }

  private static AdapterChoice adapter(String output) {
    return parse(recipe(output)).adapter().orElseThrow();
  }

  @Test
  void makesACheckpointIfNothingIsSaid() {
    assertThat(parse(recipe("{kind: checkpoint}")).adapter()).isEmpty();
    assertThat(
            parse(
                    """
                    merge_method: linear
                    models: [{model: a, parameters: {weight: 1}}]
                    """)
                .adapter())
        .isEmpty();
  }

  @Test
  void takesARankOf32UnlessAnotherIsGiven() {
    assertThat(adapter("{kind: adapter}").rule()).isEqualTo(RankRule.number(32));
    assertThat(adapter("{kind: adapter, rank: 8}").rule()).isEqualTo(RankRule.number(8));
    assertThat(adapter("{kind: adapter}").line()).isEqualTo(5);
  }

  @Test
  void takesARuleAndTheMostThatItMayGive() {
    assertThat(adapter("{kind: adapter, energy: 0.9}").rule())
        .isEqualTo(new RankRule(RankRule.Kind.ENERGY, 0.9, RankRule.ANY));
    assertThat(adapter("{kind: adapter, error: 0.1, rank: 64}").rule())
        .isEqualTo(new RankRule(RankRule.Kind.ERROR, 0.1, 64));
    assertThat(adapter("{kind: adapter, threshold: 1e-4}").rule())
        .isEqualTo(new RankRule(RankRule.Kind.THRESHOLD, 1e-4, RankRule.ANY));
  }

  @Test
  void saysWhatBecomesOfEmbeddings() {
    assertThat(adapter("{kind: adapter}").embeddings()).isEqualTo(Embeddings.WHOLE);
    assertThat(adapter("{kind: adapter, embeddings: low-rank}").embeddings())
        .isEqualTo(Embeddings.LOW_RANK);
    assertThat(adapter("{kind: adapter, embeddings: leave}").embeddings())
        .isEqualTo(Embeddings.LEAVE);
  }

  @Test
  void leavesTensorsThatAreExcluded() {
    AdapterChoice choice = adapter("{kind: adapter, exclude: ['norm$', '^lm_head']}");
    assertThat(choice.excludes("model.norm")).isTrue();
    assertThat(choice.excludes("lm_head.weight")).isTrue();
    assertThat(choice.excludes("model.norm.weight")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{rank: 4} | recipe.yml:5: `kind` of `output` is missing, must be one of `checkpoint`, `adapter`",
        "{kind: lora} | recipe.yml:5: `kind` of `output` is lora, must be one of `checkpoint`, `adapter`",
        "{kind: checkpoint, rank: 4} | recipe.yml:5: `rank` is 4, but only an adapter has one; write `kind: adapter`",
        "{kind: adapter, rank: 0} | recipe.yml:5: `rank` must be a whole number from 1 on, not 0",
        "{kind: adapter, rank: 2.5} | recipe.yml:5: `rank` must be a whole number from 1 on, not 2.5",
        "{kind: adapter, rank: many} | recipe.yml:5: `rank` must be a whole number from 1 on, not many",
        "{kind: adapter, energy: 0} | recipe.yml:5: `energy` must be a share, above 0 and at most 1, not 0",
        "{kind: adapter, energy: 90} | recipe.yml:5: `energy` must be a share, above 0 and at most 1, not 90",
        "{kind: adapter, error: -1} | recipe.yml:5: `error` must be a share, from 0 to 1, not -1",
        "{kind: adapter, threshold: no} | recipe.yml:5: `threshold` must be a number from 0 on, not no",
        "{kind: adapter, energy: 0.5, error: 0.5} | recipe.yml:5: `energy`, `error` exclude each other; keep one",
        "{kind: adapter, embeddings: all} | recipe.yml:5: `embeddings` is all, must be one of `whole`, `low-rank`, `leave`",
        "{kind: adapter, exclude: ['(']} | recipe.yml:5: `(` is no regular expression: Unclosed group",
        "{kind: adapter, exclude: []} | recipe.yml:5: `exclude` is empty; list at least one",
        "{kind: adapter, ranks: 4} | recipe.yml:5: `ranks` is not a key of `output`; did you mean `rank`?",
        "adapter | recipe.yml:5: `output` must be a mapping, `name: value`",
      })
  void refusesWhatItDoesNotUnderstand(String output, String problem) {
    assertProblems(recipe(output), problem);
  }

  @Test
  void refusesWhatAnAdapterCannotFollow() {
    assertProblems(
        """
        merge_method: passthrough
        tokenizer_source: union
        slices:
          - sources: [{model: a, layer_range: [0, 2]}]
        output: {kind: adapter}
        """,
        "recipe.yml:2: `tokenizer_source` makes another tokenizer, which an adapter cannot follow; merge to a checkpoint",
        "recipe.yml:3: `slices` make another model than `base_model`, which an adapter cannot; list `models`",
        "recipe.yml:5: an adapter changes a base, so `kind: adapter` needs `base_model`");
  }
}
