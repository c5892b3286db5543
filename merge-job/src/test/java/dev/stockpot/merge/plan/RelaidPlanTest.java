package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans for models of which one fuses what the other has in single tensors. */
class RelaidPlanTest {
  private static final int WIDTH = 8;
  private static final int INNER = 6;
  private static final String REMEDY =
      ". Load both with one version of the library that made them, and save them again";
  private static final String IN_TWO_LAYOUTS =
      "b has experts in one tensor (model.layers.0.mlp.experts.down_proj), a has each in its own"
          + " (model.layers.0.mlp.experts.0.down_proj.weight)";

  private static ModelHeaders mixture(String name) {
    return ModelHeaders.llama(name, 2)
        .config("{\"num_hidden_layers\": 2, \"tie_word_embeddings\": false, \"num_experts\": 2}");
  }

  private static String experts(int layer) {
    return "model.layers.%s.mlp.experts.".formatted(layer);
  }

  private static ModelHeaders single(String name) {
    return single(name, DType.BF16, DType.BF16);
  }

  private static ModelHeaders single(String name, DType gate, DType up) {
    ModelHeaders model = mixture(name);
    for (int layer = 0; layer < 2; layer++) {
      for (int expert = 0; expert < 2; expert++) {
        String prefix = experts(layer) + expert;
        model
            .tensor(prefix + ".gate_proj.weight", gate, INNER, WIDTH)
            .tensor(prefix + ".up_proj.weight", up, INNER, WIDTH)
            .tensor(prefix + ".down_proj.weight", WIDTH, INNER);
      }
    }
    return model;
  }

  private static ModelHeaders fused(String name) {
    return fused(name, DType.BF16, 2);
  }

  private static ModelHeaders fused(String name, DType type, int experts) {
    ModelHeaders model = mixture(name);
    for (int layer = 0; layer < 2; layer++) {
      model
          .tensor(experts(layer) + "gate_up_proj", type, experts, 2 * INNER, WIDTH)
          .tensor(experts(layer) + "down_proj", type, experts, WIDTH, INNER);
    }
    return model;
  }

  @Test
  void givesTheResultTheLayoutOfTheFirstModel() {
    MergePlan ofSingle = Planning.of(linear("a", "b"), single("a"), fused("b")).plan();
    assertThat(names(ofSingle))
        .isEqualTo(names(Planning.of(linear("a"), single("a")).plan()))
        .contains("model.layers.1.mlp.experts.1.up_proj.weight");

    MergePlan ofFused = Planning.of(linear("b", "a"), single("a"), fused("b")).plan();
    assertThat(names(ofFused)).isEqualTo(names(Planning.of(linear("b"), fused("b")).plan()));
    assertThat(inputs(ofFused, "model.layers.0.mlp.experts.gate_up_proj"))
        .containsExactly(
            "b/" + experts(0) + "gate_up_proj", "a/" + experts(0) + "0.gate_proj.weight");
  }

  @Test
  void tellsIt() {
    MergePlan plan = Planning.of(linear("a", "b"), single("a"), fused("b")).plan();
    assertThat(plan.notices())
        .containsExactly(IN_TWO_LAYOUTS + ": those of b are read as a has them");
  }

  @Test
  void copiesNothingThatItHasResolved() {
    MergePlan plan = Planning.of(linear("a", "b"), single("a"), fused("b")).copyingMissing().plan();
    assertThat(plan.notices()).hasSize(1);
    assertThat(names(plan)).noneMatch(name -> name.endsWith("experts.down_proj"));
  }

  /**
   * Inputs before outputs, as Llama 4 and gpt-oss have them, the latter with gate and up by turns.
   */
  @Test
  void refusesExpertsThatAreTurned() {
    ModelHeaders turned = mixture("b");
    for (int layer = 0; layer < 2; layer++) {
      turned
          .tensor(experts(layer) + "gate_up_proj", 2, WIDTH, 2 * INNER)
          .tensor(experts(layer) + "down_proj", 2, INNER, WIDTH);
    }
    Planning.of(linear("a", "b"), single("a"), turned)
        .copyingMissing()
        .assertProblems("recipe.yml:5: " + IN_TWO_LAYOUTS + REMEDY);
  }

  /** Twice the inner width is the width: only the other matrix tells that both are turned. */
  @Test
  void refusesTurnedExpertsOfWhichOneHasTheRightShape() {
    ModelHeaders straight = mixture("a");
    ModelHeaders turned = mixture("b");
    for (int layer = 0; layer < 2; layer++) {
      straight
          .tensor(experts(layer) + "0.gate_proj.weight", 4, WIDTH)
          .tensor(experts(layer) + "0.up_proj.weight", 4, WIDTH)
          .tensor(experts(layer) + "0.down_proj.weight", WIDTH, 4);
      turned
          .tensor(experts(layer) + "gate_up_proj", 1, WIDTH, WIDTH)
          .tensor(experts(layer) + "down_proj", 1, 4, WIDTH);
    }
    Planning.of(linear("a", "b"), straight, turned)
        .assertProblems("recipe.yml:5: " + IN_TWO_LAYOUTS + REMEDY);
  }

  @Test
  void refusesOtherNumbersOfExperts() {
    Planning.of(linear("a", "b"), single("a"), fused("b", DType.BF16, 3))
        .assertProblems("recipe.yml:5: " + IN_TWO_LAYOUTS + REMEDY);
  }

  @ParameterizedTest
  @EnumSource(names = {"F8_E4M3", "U8", "I32", "F4"})
  void takesNoCodesApart(DType codes) {
    Planning.of(linear("a", "b"), single("a"), fused("b", codes, 2))
        .assertProblems("recipe.yml:5: " + IN_TWO_LAYOUTS + REMEDY);
  }

  @Test
  void joinsNoNumbersOfTwoTypes() {
    Planning.of(linear("b", "a"), single("a", DType.BF16, DType.F32), fused("b"))
        .assertProblems(
            "recipe.yml:5: b has experts in one tensor (model.layers.0.mlp.experts.down_proj), a"
                + " has each in its own (model.layers.0.mlp.experts.0.down_proj.weight)"
                + REMEDY);
  }

  @Test
  void refusesAModelThatHasBothLayouts() {
    ModelHeaders both = fused("b");
    for (int expert = 0; expert < 2; expert++) {
      both.tensor(experts(1) + expert + ".gate_proj.weight", INNER, WIDTH);
    }
    Planning.of(linear("a", "b"), single("a"), both)
        .assertProblems(
            "recipe.yml:5: b has experts in one tensor (model.layers.1.mlp.experts.gate_up_proj), a"
                + " has each in its own (model.layers.1.mlp.experts.0.up_proj.weight)"
                + REMEDY);
  }

  @Test
  void refusesAFirstModelThatWantsAPartTwice() {
    ModelHeaders both = fused("b").tensor(experts(0) + "up_proj", 2, INNER, WIDTH);
    Planning.of(linear("b", "a"), single("a"), both)
        .assertProblems("recipe.yml:5: " + IN_TWO_LAYOUTS + REMEDY);
  }

  @Test
  void findsTheExpertsOfMixtralUnderItsNewName() {
    ModelHeaders before = mixture("a");
    for (int layer = 0; layer < 2; layer++) {
      String block = "model.layers.%s.block_sparse_moe.".formatted(layer);
      before.tensor(block + "gate.weight", 2, WIDTH);
      for (int expert = 0; expert < 2; expert++) {
        String prefix = block + "experts." + expert;
        before
            .tensor(prefix + ".w1.weight", INNER, WIDTH)
            .tensor(prefix + ".w3.weight", INNER, WIDTH)
            .tensor(prefix + ".w2.weight", WIDTH, INNER);
      }
      before.without("model.layers.%s.mlp.up_proj.weight".formatted(layer));
    }
    ModelHeaders since = fused("b");
    for (int layer = 0; layer < 2; layer++) {
      since.tensor("model.layers.%s.mlp.gate.weight".formatted(layer), 2, WIDTH);
      since.without("model.layers.%s.mlp.up_proj.weight".formatted(layer));
    }
    for (String first : new String[] {"a", "b"}) {
      MergePlan plan =
          Planning.of(linear(first, first.equals("a") ? "b" : "a"), before, since).plan();
      assertThat(names(plan))
          .hasSize(first.equals("a") ? 3 + 2 * 8 : 3 + 2 * 4)
          .noneMatch(name -> name.contains(first.equals("a") ? ".mlp." : "block_sparse_moe"));
      assertThat(plan.notices()).hasSize(2);
    }
  }
}
