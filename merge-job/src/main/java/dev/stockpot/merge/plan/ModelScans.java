package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.Scan;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks that statistics of the whole model are of one model: all tensors must look for the same,
 * in the same models, or what they find does not add up.
 */
final class ModelScans {
  private ModelScans() {}

  /** Adds what is wrong to the problems. */
  static void check(Recipe recipe, List<PlannedTensor> tensors, Problems problems) {
    Map<Scan, String> examples = new LinkedHashMap<>();
    for (PlannedTensor tensor : tensors) {
      tensor
          .work()
          .scan()
          .filter(wanted -> wanted.scope().isModel())
          .ifPresent(wanted -> examples.putIfAbsent(wanted.scan(), tensor.work().name()));
    }
    if (examples.isEmpty()) {
      return;
    }
    Slice first = recipe.slices().get(0);
    for (Slice slice : recipe.slices()) {
      if (!models(slice).equals(models(first))) {
        problems.add(
            slice.line(),
            "%s looks at whole models here, so all slices must have the same models in one order"
                .formatted(recipe.method().name()));
        return;
      }
    }
    problems.addIf(
        examples.size() > 1,
        first.line(),
        "%s looks at whole models here, so what it looks for must be the same for all tensors;"
                .formatted(recipe.method().name())
            + " give its parameters no gradients and no filters (%s differ)"
                .formatted(String.join(", ", examples.values().stream().limit(2).toList())));
  }

  private static List<ModelReference> models(Slice slice) {
    return slice.sources().stream().map(Source::model).toList();
  }
}
