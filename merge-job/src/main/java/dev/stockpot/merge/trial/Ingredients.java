package dev.stockpot.merge.trial;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The models that trials are about.
 *
 * @param stacks of each model by its name, in the order of the recipe, patterns expanded: how many
 *     layers each stack has, by what a recipe calls it
 * @param sliceLayers of the shortest slice, where the recipe has slices
 */
public record Ingredients(Map<String, Map<String, Integer>> stacks, OptionalInt sliceLayers) {
  public Ingredients {
    stacks = new LinkedHashMap<>(stacks);
  }

  List<String> names() {
    return List.copyOf(stacks.keySet());
  }

  int size() {
    return stacks.size();
  }

  /** Over how many layers a parameter can change: those of a slice, or of the longest stack. */
  int layers() {
    return sliceLayers.orElseGet(
        () ->
            stacks.values().stream()
                .flatMap(ofModel -> ofModel.values().stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0));
  }
}
