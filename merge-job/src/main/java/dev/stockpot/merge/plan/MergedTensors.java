package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans tensors that all models hold in one shape.
 *
 * @param dtype of the output; empty if each tensor keeps that of its chief input
 */
record MergedTensors(
    MergeMethod method,
    Optional<DType> dtype,
    TensorWorks works,
    Faults faults,
    Float8Inputs float8,
    Steps steps,
    Treatments treatments) {

  MergedTensors(
      MergeMethod method,
      Optional<DType> dtype,
      TensorWorks works,
      Faults faults,
      Float8Inputs float8,
      Steps steps) {
    this(method, dtype, works, faults, float8, steps, new Treatments(method));
  }

  /** Tells what becomes of which tensors. */
  void tell(PlanNotices notices) {
    treatments.notices().forEach(notices::add);
    steps.tell(notices);
  }

  /** What steps behind the merge read beside models. */
  List<Statistics> statistics() {
    return steps.statistics();
  }

  /**
   * The tensor; empty if it cannot be merged, which is told then.
   *
   * @param inputs of each model
   * @param beside of each of its side inputs
   * @param chief the one that gives the type
   * @param named the parameters of each model, by its path
   */
  Optional<PlannedTensor> of(
      Route route,
      List<TensorSource> inputs,
      List<TensorSource> beside,
      TensorSource chief,
      TensorTerms terms,
      List<Map.Entry<String, ParameterValues>> named) {
    Optional<Steps.OfTensor> after = steps.of(route, terms);
    if (after.isEmpty()) {
      return Optional.empty();
    }
    boolean sameType =
        dtype.orElse(chief.storedType()) == chief.dtype() || !chief.dtype().isReadable();
    if (method.keepsBytes(terms) && sameType && after.get().isEmpty()) {
      return Optional.of(Copies.unchanged(route, chief, terms.merge(), named));
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (!inputs.get(i).dtype().isReadable()) {
        faults.addUnreadable(route, route.slice().sources().get(i), inputs.get(i));
        return Optional.empty();
      }
    }
    Optional<String> problem = method.problemWith(terms);
    if (problem.isPresent()) {
      faults.add(route.slice().line(), problem.get(), route.output());
      return Optional.empty();
    }
    DType type = dtype.orElse(Float8Inputs.mergedType(chief));
    OutputTensor output = new OutputTensor(route.output(), type, chief.shape());
    TensorWork work = works.of(method, terms, output, inputs, beside, after.get());
    if (dtype.isEmpty() && type != chief.storedType()) {
      float8.addWidened(route.output());
    }
    treatments.add(terms);
    return Optional.of(new PlannedTensor(work, after.get().with(terms.merge()), named));
  }
}
