package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A model's part in a slice.
 *
 * @param layers empty: all of the model's layers
 * @param line where the recipe lists it; for a base model that is merged without being listed, the
 *     line that names it as the base
 */
public record Source(
    ModelReference model, Optional<LayerRange> layers, ParameterBlock parameters, int line) {
  public Source {
    requireNonNull(model, "model is null");
    requireNonNull(layers, "layers is null");
    requireNonNull(parameters, "parameters is null");
  }
}
