package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.structure.Structure;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the donor's configuration speaks of and no slice gives, because the donor gives neither the
 * first nor the last: a head, for example, that only it has. Loaders would make it up.
 */
final class LeftBehind {
  private LeftBehind() {}

  /** A route for each of them, as if the last slice gave it. */
  static List<Route> of(Recipe recipe, RouteNames names, List<PlannedTensor> made) {
    boolean isStack = !names.structures().get(recipe.donor()).stacks().isEmpty();
    if (recipe.wholeModels() || !isStack) {
      return List.of();
    }
    Set<String> known = new HashSet<>();
    made.forEach(tensor -> known.add(tensor.output().name()));
    Slice last = recipe.slices().get(recipe.slices().size() - 1);
    Map<String, TensorSource> donor = names.models().get(recipe.donor()).tensors();
    Structure structure = names.structures().get(recipe.donor());
    return names.outsideStacks(recipe.donor()).stream()
        .filter(name -> !known.contains(name) && !structure.isHead(name))
        .filter(name -> donor.get(name).dtype().isReadable())
        .map(name -> new Route(name, last, 0, Collections.nCopies(last.sources().size(), name)))
        .toList();
  }
}
