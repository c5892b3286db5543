package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.Gathering.Found;
import dev.stockpot.merge.recipe.ParameterLookup;
import dev.stockpot.merge.recipe.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Plans tensors that some model holds as codes, and those beside them.
 *
 * @param dtype of the output, where somebody asked for one
 */
record CodedTensors(
    Recipe recipe,
    ParameterLookup lookup,
    RouteNames names,
    Faults faults,
    CodedInputs coded,
    Copies copies,
    Optional<DType> dtype) {

  /**
   * Another tensor of such models, of which one alone counts: it is taken from that one, so that
   * nothing else is read. Empty if several count, or no model has codes.
   */
  Optional<PlannedTensor> beside(
      Route route, List<TensorSource> inputs, TensorTerms terms, RouteValues values) {
    OptionalInt alone = coded.areThere() ? recipe.method().alone(terms) : OptionalInt.empty();
    if (alone.isEmpty()) {
      return Optional.empty();
    }
    TensorSource input = inputs.get(alone.getAsInt());
    return Optional.of(
        dtype.orElse(input.storedType()) == input.dtype()
            ? Copies.unchanged(route, input, terms.merge(), values.named())
            : copies.converted(route, input));
  }

  /** One of them: taken as it is from one model, or not at all. */
  Optional<PlannedTensor> of(
      Route route, List<Optional<Found>> found, TensorSource chief, long seed) {
    RouteValues values = RouteValues.of(recipe, lookup, route);
    values.report(faults);
    if (!values.isComplete()) {
      return Optional.empty();
    }
    TensorTerms terms = values.terms(chief.shape(), seed, List.of(), names.role(route));
    OptionalInt alone = recipe.method().alone(terms);
    if (alone.isEmpty()) {
      coded.addMerged(route);
      return Optional.empty();
    }
    Optional<Found> only = found.get(alone.getAsInt());
    if (only.isEmpty()) { // what the others hold there belongs to codes that are not taken
      return Optional.empty();
    }
    TensorSource input = only.get().source();
    boolean keepsType = dtype.orElse(input.storedType()) == input.dtype();
    return Optional.of(
        coded.keepBytes(route, alone.getAsInt(), only.get()) || keepsType
            ? Copies.unchanged(route, input, terms.merge(), values.named())
            : copies.converted(route, input));
  }
}
