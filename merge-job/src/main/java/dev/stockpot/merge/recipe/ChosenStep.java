package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.PostStep;

/**
 * A step behind a merge that a recipe asks for.
 *
 * @param parameters what it says of the step's parameters
 * @param line of the step
 */
public record ChosenStep(PostStep step, ParameterBlock parameters, int line) {
  public ChosenStep {
    requireNonNull(step, "step is null");
    requireNonNull(parameters, "parameters is null");
  }
}
