package dev.stockpot.merge.adapter;

import static dev.stockpot.merge.adapter.AdapterHeaders.pair;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Experts are found in one tensor or apart, whatever their matrices are called. */
class ExpertStackTest {
  private static final String MODULE = "model.layers.0.mlp.experts";

  private static final String APART = "model.layers.0.block_sparse_moe.experts.%s.%s.weight";

  private Drafts drafts;

  private Optional<ExpertStack> find(ModelHeaders base, String parameter) {
    Model model = base.open();
    drafts = new Drafts(model.tensors());
    return ExpertStack.find(MODULE, parameter, BaseModel.of(model), drafts);
  }

  private static ModelHeaders fused(long... shape) {
    return ModelHeaders.named("base").tensor(MODULE + ".gate_up_proj", shape);
  }

  /** Experts with matrices of 6 by 4, and of 4 by 6. */
  private static ModelHeaders apart(int experts, String gate, String up, String down) {
    ModelHeaders base = ModelHeaders.named("base");
    for (int expert = 0; expert < experts; expert++) {
      base.tensor(APART.formatted(expert, gate), 6, 4)
          .tensor(APART.formatted(expert, up), 6, 4)
          .tensor(APART.formatted(expert, down), 4, 6);
    }
    return base;
  }

  @Test
  void oneTensorHoldsAllExperts() {
    ExpertStack stack = find(fused(3, 12, 4), "gate_up_proj").orElseThrow();
    assertThat(stack.experts()).isEqualTo(3);
    assertThat(stack.shape()).isEqualTo(Shape.of(3, 12, 4));
  }

  @Test
  void aMatrixIsOneExpertAndAVectorIsNone() {
    assertThat(find(fused(12, 4), "gate_up_proj").orElseThrow().shape())
        .isEqualTo(Shape.of(1, 12, 4));
    assertThat(find(fused(12), "gate_up_proj")).isEmpty();
    assertThat(find(fused(2, 3, 12, 4), "gate_up_proj")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"gate_proj, up_proj, down_proj", "w1, w3, w2"})
  void expertsThatLieApartAreStackedGateFirst(String gate, String up, String down) {
    ModelHeaders base = apart(3, gate, up, down);
    ExpertStack both = find(base, "gate_up_proj").orElseThrow();
    assertThat(both.shape()).isEqualTo(Shape.of(3, 12, 4));
    assertThat(find(base, "down_proj").orElseThrow().shape()).isEqualTo(Shape.of(3, 4, 6));
    assertThat(find(base, "router")).isEmpty();
  }

  @Test
  void expertsOfWhichOneIsMissingAreNone() {
    ModelHeaders base = apart(12, "w1", "w3", "w2").without(APART.formatted(7, "w3"));
    assertThat(find(base, "gate_up_proj")).isEmpty();
    assertThat(find(base, "down_proj")).isPresent();
    assertThat(find(base.without(APART.formatted(11, "w2")), "down_proj").orElseThrow().experts())
        .as("eleven experts are as good as twelve")
        .isEqualTo(11);
    assertThat(find(base.without(APART.formatted(0, "w2")), "down_proj")).isEmpty();
  }

  @Test
  void expertsOfSeveralSizesAreNoStack() {
    String last = APART.formatted(2, "w1");
    assertThat(find(apart(3, "w1", "w3", "w2").without(last).tensor(last, 7, 4), "gate_up_proj"))
        .isEmpty();
    ModelHeaders wide = ModelHeaders.named("base");
    wide.tensor(APART.formatted(0, "w1"), 6, 4).tensor(APART.formatted(0, "w3"), 6, 5);
    assertThat(find(wide, "gate_up_proj")).as("rows of two lengths").isEmpty();
    ModelHeaders vectors = ModelHeaders.named("base").tensor(APART.formatted(0, "w2"), 24);
    assertThat(find(vectors, "down_proj")).isEmpty();
  }

  @Test
  void expertsOfAnotherLayerAreOthers() {
    ModelHeaders base =
        ModelHeaders.named("base")
            .tensor("model.layers.1.mlp.experts.0.down_proj.weight", 4, 6)
            .tensor("model.layers.10.mlp.experts.0.down_proj.weight", 4, 6);
    assertThat(find(base, "down_proj")).isEmpty();
  }

  @Test
  void aPairFitsInEitherDirectionIfItsRankIsSharedOutEvenly() {
    ExpertStack stack = find(fused(3, 12, 4), "gate_up_proj").orElseThrow();
    assertThat(stack.fits(pair(6, 12, 4))).isTrue();
    assertThat(stack.fits(pair(6, 4, 12))).as("turned").isTrue();
    assertThat(stack.fits(pair(7, 12, 4))).as("rank 7 of 3 experts").isFalse();
    assertThat(stack.fits(pair(6, 12, 5))).isFalse();
  }

  @Test
  void aProductIsAddedToAllExpertsOfATensorAtOnce() {
    ExpertStack stack = find(fused(3, 12, 4), "gate_up_proj").orElseThrow();
    stack.add(drafts, pair(6, 12, 4), 2, 0.5f, /* turnsSquare= */ false);
    assertThat(drafts.touched()).containsOnlyKeys(MODULE + ".gate_up_proj");
    TensorSource baked = drafts.rounded().get(MODULE + ".gate_up_proj");
    assertThat(baked.shape()).isEqualTo(Shape.of(3, 12, 4));
    assertThat(baked.identity()).contains("low rank", 2L, 0.5f, 3L);
  }

  @Test
  void expertsThatLieApartGetTheirOwnRowsOfTheProduct() {
    ModelHeaders base = apart(2, "w1", "w3", "w2");
    ExpertStack stack = find(base, "gate_up_proj").orElseThrow();
    stack.add(drafts, pair(6, 12, 4), 3, 0.5f, /* turnsSquare= */ false);
    assertThat(drafts.touched())
        .containsOnlyKeys(
            APART.formatted(0, "w1"),
            APART.formatted(1, "w1"),
            APART.formatted(0, "w3"),
            APART.formatted(1, "w3"));
    Map<String, TensorSource> rounded = drafts.rounded();
    assertThat(rounded.get(APART.formatted(1, "w3")).shape()).isEqualTo(Shape.of(6, 4));
    assertThat(drafts.touched().values().stream().map(draft -> draft.source().identity()))
        .as("each has another part of the pair")
        .doesNotHaveDuplicates();
    assertThat(rounded.get(APART.formatted(1, "w3")).identity())
        .as("expert 1 of 2, and the second half of its twelve rows")
        .containsSubsequence("section", 1, 6L, 12L, "section", 0, 1L, 2L);
  }
}
