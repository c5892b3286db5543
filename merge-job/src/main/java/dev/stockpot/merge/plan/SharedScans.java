package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks that statistics of several tensors, of the whole model or of a group, add up: all these
 * tensors must look for the same, in the same models.
 */
final class SharedScans {
  private final Recipe recipe;
  private final Problems problems;
  private final String method;

  private SharedScans(Recipe recipe, Problems problems) {
    this.recipe = recipe;
    this.problems = problems;
    this.method = recipe.method().name();
  }

  /** Adds what is wrong to the problems. */
  static void check(Recipe recipe, List<PlannedTensor> tensors, Problems problems) {
    Map<ScanScope, Together> scopes = new LinkedHashMap<>();
    for (PlannedTensor tensor : tensors) {
      tensor
          .work()
          .scan()
          .filter(wanted -> wanted.scope().isShared())
          .ifPresent(
              wanted ->
                  scopes
                      .computeIfAbsent(wanted.scope(), any -> new Together())
                      .add(wanted.scan(), tensor));
    }
    SharedScans check = new SharedScans(recipe, problems);
    scopes.forEach(check::check);
  }

  /** What the tensors of one scope look for, and in which models, with an example of each. */
  private static final class Together {
    private final Map<Scan, String> scans = new LinkedHashMap<>();
    private final Map<List<String>, String> models = new LinkedHashMap<>();

    void add(Scan scan, PlannedTensor tensor) {
      scans.putIfAbsent(scan, tensor.work().name());
      models.putIfAbsent(
          tensor.models().stream().map(Map.Entry::getKey).toList(), tensor.work().name());
    }
  }

  private void check(ScanScope scope, Together together) {
    Slice first = recipe.slices().get(0);
    if (scope.isModel()) {
      for (Slice slice : recipe.slices()) {
        if (!models(slice).equals(models(first))) {
          problems.add(
              slice.line(),
              "%s looks at whole models here, so all slices must have the same models in one order"
                  .formatted(method));
          return;
        }
      }
    } else if (together.models.size() > 1) {
      problems.add(
          first.line(),
          "%s, so they must be made of the same models in one order (%s differ)"
              .formatted(looks(scope), examples(together.models)));
      return;
    }
    problems.addIf(
        together.scans.size() > 1,
        first.line(),
        "%s, so what it looks for must be the same for all tensors; give its parameters no gradients and no filters (%s differ)"
            .formatted(looks(scope), examples(together.scans)));
  }

  private String looks(ScanScope scope) {
    return scope.isModel()
        ? method + " looks at whole models here"
        : "%s looks at the tensors of %s together".formatted(method, scope);
  }

  private static String examples(Map<?, String> differing) {
    return String.join(", ", differing.values().stream().limit(2).toList());
  }

  private static List<ModelReference> models(Slice slice) {
    return slice.sources().stream().map(Source::model).toList();
  }
}
