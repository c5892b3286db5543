package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.recipe.Slice;
import java.util.List;
import java.util.Optional;

/**
 * One output tensor and the tensors that it is made of, by name.
 *
 * @param slice the part of the recipe that it comes from
 * @param depth its layer's place in its stack, or in the slice of it, 0 to 1, at which gradients
 *     are evaluated
 * @param doubt why the depth cannot be told, if it cannot: what depends on it is a problem
 * @param inputs one name for each source of the slice
 */
record Route(
    String output, Slice slice, double depth, Optional<String> doubt, List<String> inputs) {
  Route {
    requireNonNull(doubt, "doubt is null");
    inputs = List.copyOf(inputs);
    if (inputs.size() != slice.sources().size()) {
      throw new IllegalArgumentException(
          "%s names for %s sources".formatted(inputs.size(), slice.sources().size()));
    }
  }

  Route(String output, Slice slice, double depth, List<String> inputs) {
    this(output, slice, depth, Optional.empty(), inputs);
  }
}
