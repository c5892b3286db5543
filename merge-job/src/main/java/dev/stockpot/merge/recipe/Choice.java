package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A value for the tensors whose names contain a text.
 *
 * @param filter the text; empty, or {@code *}, for every tensor
 */
record Choice(Optional<String> filter, ParameterValue value) {
  public Choice {
    requireNonNull(filter, "filter is null");
    requireNonNull(value, "value is null");
  }

  public boolean matches(String tensor) {
    return filter.isEmpty() || filter.get().equals("*") || tensor.contains(filter.get());
  }
}
