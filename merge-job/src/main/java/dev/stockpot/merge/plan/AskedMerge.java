package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be planned, whatever becomes of models of codes.
 *
 * @param models as they are stored
 * @param type of the output's floating-point tensors, where somebody asked for one
 */
record AskedMerge(
    Recipe recipe,
    Map<ModelReference, Model> models,
    Map<ModelReference, StatisticsCheckpoint> statistics,
    PlanSettings settings,
    Optional<DType> type,
    Rounding.Mode rounding,
    long seed) {
  AskedMerge {
    requireNonNull(recipe, "recipe is null");
    requireNonNull(type, "type is null");
  }

  /** Whether FP8 is to be written again where the donor has it. */
  boolean isOfFloat8() {
    return type.filter(any -> any == Requantising.TYPE).isPresent();
  }
}
