package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans that are to be made in one reading of their inputs. */
class SharedPlansTest {
  private static final long MIB = Planning.MIB;

  private static ModelHeaders model(String name) {
    return ModelHeaders.named(name).tensor("large", 6, MIB).tensor("small", 7);
  }

  private static Planning ties(double density, PlanSettings settings) {
    String recipe =
        """
        merge_method: ties
        base_model: base
        parameters: {weight: 1, density: %s}
        models: [{model: a}, {model: b}]
        """
            .formatted(density);
    return Planning.of(recipe, model("a"), model("b"), model("base")).with(settings);
  }

  private static PlanSettings settings(long taskBytes) {
    return new PlanSettings(
        5_000 * MIB, 2 * MIB, taskBytes, MissingTensors.FAIL, SafetensorsLayout.CHECKPOINT);
  }

  private static List<SharedReads> reads(MergePlan plan) {
    return plan.parts().stream().map(part -> SharedReads.of(part.slices())).toList();
  }

  private static List<ElementSpan> spans(MergePlan plan) {
    return plan.parts().stream()
        .flatMap(part -> part.slices().stream())
        .map(SliceTask::span)
        .toList();
  }

  @Test
  void oneThatLooksFirstAndOneThatDoesNotAreCutAlike() {
    PlanSettings settings = settings(512 * MIB);
    List<MergePlan> alone =
        List.of(ties(0.5, settings).plan(), ties(1, settings).plan(), ties(0.2, settings).plan());
    assertThat(spans(alone.get(1))).isNotEqualTo(spans(alone.get(0)));

    List<MergePlan> together = SharedPlans.of(alone, settings).plans();
    assertThat(reads(together.get(1))).isEqualTo(reads(together.get(0)));
    assertThat(reads(together.get(2))).isEqualTo(reads(together.get(0)));
    assertThat(together).allMatch(plan -> plan.scans().isEmpty());
    assertThat(together.get(1).shards().get(0).file())
        .isEqualTo(alone.get(1).shards().get(0).file());
    assertThat(together.get(1).shards().get(0).size())
        .isEqualTo(alone.get(1).shards().get(0).size());
  }

  @Test
  void whatOneTaskCanHoldForOneMergeItMayNotHoldForMany() {
    PlanSettings settings = settings(4 * 12 * MIB + 64 * 1024);
    MergePlan alone = ties(0.5, settings).plan();
    assertThat(alone.scans()).isEmpty();

    MergePlan many = SharedPlans.of(List.of(alone, alone, alone), settings).plans().get(0);
    assertThat(many.scans()).hasSize(1);
    assertThat(many.parts()).hasSizeGreaterThan(alone.parts().size());
  }

  @Test
  void aPlanByItselfStaysAsItIs() {
    PlanSettings settings = settings(512 * MIB);
    MergePlan plan = ties(0.5, settings).plan();
    assertThat(SharedPlans.of(List.of(plan), settings).plans().get(0)).isSameAs(plan);
  }

  private static List<MergePlan> ofTwoPairs(String recipe, PlanSettings settings) {
    List<MergePlan> plans = new ArrayList<>();
    for (String other : List.of("b", "c")) {
      plans.add(
          Planning.of(
                  recipe.replace("OTHER", other), model("a"), model("b"), model("c"), model("base"))
              .with(settings)
              .plan());
    }
    return plans;
  }

  @Test
  void mergesOfOtherInputsAreCutAlikeToo() {
    PlanSettings settings = settings(512 * MIB);
    List<MergePlan> plans = ofTwoPairs(Planning.linear("a", "OTHER"), settings);
    List<MergePlan> together = SharedPlans.of(plans, settings).plans();
    assertThat(spans(together.get(1))).isEqualTo(spans(together.get(0)));
    assertThat(reads(together.get(1))).isNotEqualTo(reads(together.get(0)));
    assertThat(reads(together.get(1)).stream().map(SharedReads::ofAnyInputs))
        .containsExactlyElementsOf(
            reads(together.get(0)).stream().map(SharedReads::ofAnyInputs).toList());
  }

  @Test
  void whatIsLookedAtFirstMustBeTheSame() {
    PlanSettings settings = settings(512 * MIB);
    String recipe =
        "{merge_method: ties, base_model: base, parameters: {weight: 1, density: 0.5},"
            + " models: [{model: a}, {model: OTHER}]}";
    assertThatThrownBy(() -> SharedPlans.of(ofTwoPairs(recipe, settings), settings))
        .isInstanceOf(UnlikePlansException.class)
        .hasMessage(
            "Merge 2 looks at large, which is of other inputs than the first one's, before it makes"
                + " it. Merges in one reading make the same tensors, and look at the same: make it"
                + " by itself");
  }

  @Test
  void refusesMergesIntoOtherTypes() {
    PlanSettings settings = settings(512 * MIB);
    Planning planning = Planning.of(Planning.linear("a"), model("a")).with(settings);
    List<MergePlan> plans =
        List.of(planning.plan(), planning.plan(), planning.dtype(DType.F32).plan());
    assertThatThrownBy(() -> SharedPlans.of(plans, settings))
        .isInstanceOf(UnlikePlansException.class)
        .hasMessageStartingWith(
            "Merge 3 makes large F32 [6, 1048576], where the first one makes large BF16")
        .extracting(thrown -> ((UnlikePlansException) thrown).merge())
        .isEqualTo(2);
  }

  @Test
  void refusesMergesOfMoreTensors() {
    PlanSettings settings = settings(512 * MIB);
    MergePlan small = Planning.of(Planning.linear("a"), model("a")).with(settings).plan();
    MergePlan more =
        Planning.of(Planning.linear("a"), model("a").tensor("z", 3)).with(settings).plan();
    assertThatThrownBy(() -> SharedPlans.of(List.of(small, more), settings))
        .hasMessageStartingWith("Merge 2 makes 3 tensors, the first one 2");
  }

  @Test
  void refusesMoreMergesThanATaskHasMemoryFor() {
    PlanSettings settings = settings(1 << 16);
    List<MergePlan> plans = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      plans.add(Planning.of(Planning.linear("a"), model("a")).with(settings).plan());
    }
    assertThatThrownBy(() -> SharedPlans.of(plans, settings))
        .hasMessageContaining("20 merges at once take")
        .hasMessageContaining("Raise task-memory, or make fewer at once");
    assertThat(SharedPlans.of(plans.subList(0, 3), settings).plans()).hasSize(3);
  }
}
