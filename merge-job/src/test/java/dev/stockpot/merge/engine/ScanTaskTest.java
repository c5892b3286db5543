package dev.stockpot.merge.engine;

import static dev.stockpot.kernels.random.Rounding.Mode.NEAREST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.MergePlanner;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How scans are spread over tasks. */
class ScanTaskTest {
  private static final long MIB = 1 << 20;

  private static final String WHOLE_MODELS =
      """
      merge_method: multi_krum
      parameters: {f: 0}
      models: [{model: a}, {model: b}, {model: c}]
      """;
  private static final String TENSORS = WHOLE_MODELS.replace("f: 0", "f: 0, granularity: tensor");

  private static ModelHeaders tiny(String name, int tensors) {
    ModelHeaders model = ModelHeaders.named(name);
    for (int i = 0; i < tensors; i++) {
      model.tensor("tensor.%s".formatted(i), 64);
    }
    return model;
  }

  private static MergePlan plan(
      String recipe, long partBytes, long taskBytes, ModelHeaders... models) {
    Map<ModelReference, Model> opened = new LinkedHashMap<>();
    for (ModelHeaders model : models) {
      Model checkpoint = model.open();
      opened.put(new ModelReference(checkpoint.folder().path(), 0), checkpoint);
    }
    return MergePlanner.plan(
        new RecipeParser(MergeMethods.all()).parse("recipe.yml", recipe),
        opened,
        Map.of(),
        new Problems("recipe.yml"),
        new PlanSettings(
            5_000_000_000L,
            partBytes,
            taskBytes,
            MissingTensors.FAIL,
            SafetensorsLayout.CHECKPOINT),
        Optional.empty(),
        NEAREST,
        0);
  }

  @Test
  void thousandsOfTinyTensorsShareATask() {
    MergePlan plan =
        plan(
            WHOLE_MODELS,
            64 * MIB,
            512 * MIB,
            tiny("a", 5_000),
            tiny("b", 5_000),
            tiny("c", 5_000));

    List<ScanTask> tasks = ScanTask.of(plan.scanPlan());
    assertThat(plan.scans()).hasSize(5_000);
    assertThat(tasks).hasSize(1);
    assertThat(tasks.get(0).slices()).hasSize(5_000);
  }

  @Test
  void noTaskReadsMoreThanTheLargestPart() {
    MergePlan plan =
        plan(WHOLE_MODELS, 8_000, 512 * MIB, tiny("a", 2_000), tiny("b", 2_000), tiny("c", 2_000));

    long most = plan.parts().get(0).bytesRead();
    List<ScanTask> tasks = ScanTask.of(plan.scanPlan());
    assertThat(tasks).hasSizeBetween(plan.parts().size() / 2, 2 * plan.parts().size());
    assertThat(tasks)
        .allMatch(task -> task.slices().stream().mapToLong(SliceTask::bytesRead).sum() <= most);
    assertThat(tasks.stream().flatMap(task -> task.slices().stream()))
        .containsExactlyElementsOf(
            plan.scans().stream().flatMap(tensor -> tensor.slices().stream()).toList());
  }

  @Test
  void slicesOfDifferentTensorsDoNotAddUpWhereEachIsLookedAtAlone() {
    ModelHeaders[] models = {
      ModelHeaders.named("a").tensor("x", 3 * MIB).tensor("y", 3 * MIB),
      ModelHeaders.named("b").tensor("x", 3 * MIB).tensor("y", 3 * MIB),
      ModelHeaders.named("c").tensor("x", 3 * MIB).tensor("y", 3 * MIB)
    };
    MergePlan plan = plan(TENSORS, 6 * MIB, MIB, models);

    assertThat(ScanTask.of(plan.scanPlan()))
        .extracting(task -> task.about().tensor())
        .containsExactly(0, 1);
  }
}
