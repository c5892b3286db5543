package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.output.ConfigEdit;
import org.junit.jupiter.api.Test;

/** Plans for models whose output head shares the weights of the input embedding. */
class TiedHeadPlanTest {
  private static final String UNTIED =
      "some models share their embedding with the output head and some do not: the shared ones"
          + " count for both, and the result does not share";
  private static final String STACK =
      """
      merge_method: passthrough
      slices:
        - sources:
            - {model: a, layer_range: [0, 1]}
        - sources:
            - {model: b, layer_range: [1, 2]}
      """;

  private static ModelHeaders tied(String name) {
    return ModelHeaders.llama(name, 2)
        .without("lm_head.weight")
        .config("{\"num_hidden_layers\": 2, \"tie_word_embeddings\": true}");
  }

  private static ModelHeaders untied(String name) {
    return ModelHeaders.llama(name, 2)
        .config("{\"num_hidden_layers\": 2, \"tie_word_embeddings\": false}");
  }

  @Test
  void keepsTheHeadTiedWhereAllModelsTieIt() {
    MergePlan plan = Planning.of(linear("a", "b"), tied("a"), tied("b")).plan();
    assertThat(names(plan)).doesNotContain("lm_head.weight");
    assertThat(plan.output().edits()).doesNotContain(ConfigEdit.untied());
    assertThat(plan.notices()).isEmpty();
  }

  @Test
  void mergesTheEmbeddingOfATiedModelIntoTheHeadOfAnother() {
    MergePlan plan = Planning.of(linear("a", "b"), untied("a"), tied("b")).plan();
    assertThat(inputs(plan, "lm_head.weight"))
        .containsExactly("a/lm_head.weight", "b/model.embed_tokens.weight");
    assertThat(inputs(plan, "model.embed_tokens.weight"))
        .containsExactly("a/model.embed_tokens.weight", "b/model.embed_tokens.weight");
    assertThat(plan.output().edits()).contains(ConfigEdit.untied());
    assertThat(plan.notices()).containsExactly(UNTIED);
  }

  @Test
  void findsTheTieInTheConfigurationOfTheTextModel() {
    ModelHeaders b = tied("b").config("{\"text_config\": {\"tie_word_embeddings\": true}}");
    MergePlan plan = Planning.of(linear("a", "b"), untied("a"), b).plan();
    assertThat(inputs(plan, "lm_head.weight"))
        .containsExactly("a/lm_head.weight", "b/model.embed_tokens.weight");
  }

  @Test
  void missesAHeadThatIsNeitherThereNorTied() {
    Planning.of(linear("a", "b"), untied("a"), untied("b").without("lm_head.weight"))
        .assertProblems(
            "recipe.yml:5: b lacks 1 tensor that other models have: lm_head.weight. Use models of one"
                + " architecture, or set missing-tensors=copy to take them from a model that has"
                + " them");
  }

  @Test
  void givesAStackAHeadOfItsOwnWhereOnlyItsLastModelTiesIt() {
    MergePlan plan = Planning.of(STACK, untied("a"), tied("b")).plan();
    assertThat(inputs(plan, "lm_head.weight")).containsExactly("b/model.embed_tokens.weight");
    assertThat(inputs(plan, "model.embed_tokens.weight"))
        .containsExactly("a/model.embed_tokens.weight");
    assertThat(plan.output().edits()).contains(ConfigEdit.untied());
    assertThat(plan.notices()).containsExactly(UNTIED);
  }

  @Test
  void keepsTheHeadOfAStackWhereOnlyItsFirstModelTiesIt() {
    MergePlan plan = Planning.of(STACK, tied("a"), untied("b")).plan();
    assertThat(inputs(plan, "lm_head.weight")).containsExactly("b/lm_head.weight");
    assertThat(plan.output().edits()).contains(ConfigEdit.untied());
    assertThat(plan.notices()).containsExactly(UNTIED);
  }

  @Test
  void keepsAStackTiedWhereAllItsModelsTieTheHead() {
    String recipe = STACK.replace("model: b", "model: a");
    MergePlan plan = Planning.of(recipe, tied("a")).plan();
    assertThat(names(plan)).doesNotContain("lm_head.weight");
    assertThat(plan.output().edits()).doesNotContain(ConfigEdit.untied());
  }
}
