package dev.stockpot.merge.part;

import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.ElementPlace;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;

/** An input or an output holds NaN or infinity, and the user asked to know. */
final class NonFiniteException extends UserException {
  private static final long serialVersionUID = 1;

  private NonFiniteException(String message) {
    super(message + ", or merge with check-finite=false");
  }

  private NonFiniteException(ElementPlace place, double value) {
    this(
        "%s: element %s of %s is %s. Repair the model"
            .formatted(place.origin(), place.element(), place.tensor(), value));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }

  /** Refuses elements of the output that would not be finite, and inputs that became infinite. */
  static void check(NonFiniteTally tally, OutputTensor output) {
    if (tally.found().overflowed() > 0) {
      throw new NonFiniteException(
          "%s: float64 inputs have %s elements that are too large for float32, in which merges compute. Repair the model"
              .formatted(output.name(), tally.found().overflowed()));
    }
    if (tally.first().isPresent()) {
      NonFiniteTally.First first = tally.first().get();
      String element = "element %s of %s".formatted(first.element(), output.name());
      throw new NonFiniteException(
          switch (first.cause()) {
            case NARROWED ->
                "%s would be stored as infinity: %s is too large for %s. Merge with --dtype bfloat16 or float32"
                    .formatted(element, first.result(), output.dtype());
            case CARRIED ->
                "%s would be %s, as it is in an input. Repair the model"
                    .formatted(element, first.result());
            case MADE ->
                "%s would be %s, though no input is: the arithmetic goes beyond float32. Change weights"
                    .formatted(element, first.result());
          });
    }
  }

  static void check(TensorSource source, long firstElement, Operand operand) {
    for (int i = 0; i < operand.elements(); i++) {
      double value = operand.at(i);
      if (!Double.isFinite(value)) {
        throw new NonFiniteException(source.place(firstElement + i), value);
      }
    }
  }
}
