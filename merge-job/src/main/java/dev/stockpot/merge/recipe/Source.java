package dev.stockpot.merge.recipe;

import static java.util.Collections.unmodifiableMap;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A model's part in a slice.
 *
 * @param layers empty: all of the model's layers
 * @param statistics checkpoints of side inputs of this model, by their kinds
 * @param renames rules by which its tensors are called otherwise, one after the other
 * @param align the model that its units are matched to
 * @param steps which of its folders a pattern stands for; empty: all
 * @param line where the recipe lists it; for a base model that is merged without being listed, the
 *     line that names it as the base
 */
public record Source(
    ModelReference model,
    Optional<LayerRange> layers,
    ParameterBlock parameters,
    Map<String, ModelReference> statistics,
    List<Rename> renames,
    Optional<AlignChoice> align,
    Optional<Steps> steps,
    int line) {
  public Source {
    requireNonNull(align, "align is null");
    requireNonNull(model, "model is null");
    requireNonNull(layers, "layers is null");
    requireNonNull(parameters, "parameters is null");
    requireNonNull(steps, "steps is null");
    renames = List.copyOf(renames);
    statistics = unmodifiableMap(new TreeMap<>(statistics)); // one order, in which they are read
  }

  /** A source that goes by another model's name. */
  public Source of(ModelReference other) {
    return new Source(other, layers, parameters, statistics, renames, align, steps, line);
  }

  /** A source without statistics. */
  public Source(
      ModelReference model, Optional<LayerRange> layers, ParameterBlock parameters, int line) {
    this(model, layers, parameters, Map.of(), List.of(), Optional.empty(), Optional.empty(), line);
  }
}
