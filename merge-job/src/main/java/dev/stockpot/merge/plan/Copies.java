package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tensors that are taken from one model, as they are or in another type, and why. */
final class Copies {
  private final Optional<DType> dtype;
  private final TensorWorks works;
  private final Map<String, List<String>> reasons = new LinkedHashMap<>();

  /**
   * Copies for one output.
   *
   * @param dtype the type of its floating-point tensors, where somebody asked for one
   */
  Copies(Optional<DType> dtype, TensorWorks works) {
    this.dtype = dtype;
    this.works = works;
  }

  /** A tensor that is not merged, which the user is told. */
  PlannedTensor of(Route route, TensorSource input, String reason) {
    reasons.computeIfAbsent(reason, any -> new ArrayList<>()).add(route.output());
    return taken(route, input);
  }

  /** A tensor as it is, or in the type that was asked for. */
  PlannedTensor taken(Route route, TensorSource input) {
    return taken(route, input, input.storedType());
  }

  /**
   * The same.
   *
   * @param usual the type that it has where nobody asks for one
   */
  PlannedTensor taken(Route route, TensorSource input, DType usual) {
    DType type = dtype.orElse(usual);
    return type == input.dtype() || !input.dtype().isReadable()
        ? unchanged(route, input, ParameterValues.NONE, List.of())
        : converted(route, input, type);
  }

  /** The bytes of a tensor under the name of the output. */
  static PlannedTensor unchanged(
      Route route,
      TensorSource input,
      ParameterValues merge,
      List<Map.Entry<String, ParameterValues>> values) {
    OutputTensor output = new OutputTensor(route.output(), input.dtype(), input.shape());
    return new PlannedTensor(new Copy(output, input), merge, values);
  }

  /** The numbers of a tensor in the type that was asked for. */
  PlannedTensor converted(Route route, TensorSource input) {
    return converted(route, input, dtype.orElse(input.storedType()));
  }

  private PlannedTensor converted(Route route, TensorSource input, DType type) {
    OutputTensor output = new OutputTensor(route.output(), type, input.shape());
    return PlannedTensor.of(works.conversion(output, input));
  }

  void tell(PlanNotices notices) {
    reasons.forEach(notices::addCopied);
  }
}
