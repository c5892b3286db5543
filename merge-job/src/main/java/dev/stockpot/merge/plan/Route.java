package dev.stockpot.merge.plan;

import dev.stockpot.merge.recipe.Slice;
import java.util.List;

/**
 * One output tensor and the tensors that it is made of, by name.
 *
 * @param slice the part of the recipe that it comes from
 * @param depth its layer's place in the slice, 0 to 1, at which gradients are evaluated
 * @param inputs one name for each source of the slice
 */
record Route(String output, Slice slice, double depth, List<String> inputs) {
  Route {
    inputs = List.copyOf(inputs);
    if (inputs.size() != slice.sources().size()) {
      throw new IllegalArgumentException(
          "%s names for %s sources".formatted(inputs.size(), slice.sources().size()));
    }
  }
}
