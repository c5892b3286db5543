package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is left of a plan when some of its shards are there. */
class RemainingPlanTest {
  private static final String TIES =
      """
      merge_method: ties
      base_model: base
      parameters: {weight: 1, density: 0.5%s}
      models: [{model: a}, {model: b}]
      """;

  /** Each tensor has a shard of its own, and needs more than a task's memory. */
  private static MergePlan plan(String more) {
    return Planning.of(
            TIES.formatted(more),
            ModelHeaders.llama("a", 2),
            ModelHeaders.llama("b", 2),
            ModelHeaders.llama("base", 2))
        .with(new PlanSettings(1, 1, 1, MissingTensors.FAIL, SafetensorsLayout.CHECKPOINT))
        .plan();
  }

  private static List<String> scanned(MergePlan plan) {
    return plan.scans().stream().map(scan -> scan.work().name()).toList();
  }

  @Test
  void partsAndScansOfFinishedShardsAreLeftOut() {
    MergePlan plan = plan("");
    assertThat(scanned(plan)).containsExactlyInAnyOrderElementsOf(names(plan));
    MergePlan rest = plan.without(Set.of(0, 2));

    assertThat(rest.shards()).isEqualTo(plan.shards());
    assertThat(rest.parts())
        .isNotEmpty()
        .allMatch(part -> part.shard() != 0 && part.shard() != 2)
        .hasSize(
            (int)
                plan.parts().stream()
                    .filter(part -> part.shard() != 0 && part.shard() != 2)
                    .count());
    assertThat(scanned(rest))
        .hasSize(plan.shards().size() - 2)
        .doesNotContain(names(plan).get(0), names(plan).get(2));
  }

  @Test
  void aScanOfTheWholeModelStillSeesAllOfIt() {
    MergePlan plan = plan(", reading: paper");

    assertThat(plan.scans()).isNotEmpty();
    assertThat(scanned(plan.without(Set.of(0, 2)))).isEqualTo(scanned(plan));
  }

  @Test
  void nothingIsLeftWhenAllIsThere() {
    MergePlan plan = plan("");
    MergePlan rest =
        plan.without(Set.copyOf(plan.parts().stream().map(PartTask::shard).distinct().toList()));

    assertThat(rest.parts()).isEmpty();
    assertThat(rest.scans()).isEmpty();
  }
}
