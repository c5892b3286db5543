package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Consecutive layers of the output and where they come from.
 *
 * @param base the slice's own base model, in place of the recipe's
 */
public record Slice(
    List<Source> sources, Optional<ModelReference> base, ParameterBlock parameters, int line) {
  public Slice {
    sources = List.copyOf(sources);
    requireNonNull(base, "base is null");
    requireNonNull(parameters, "parameters is null");
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("slice in line %s has no sources".formatted(line));
    }
  }

  public boolean lists(ModelReference model) {
    return sources.stream().anyMatch(source -> source.model().equals(model));
  }
}
