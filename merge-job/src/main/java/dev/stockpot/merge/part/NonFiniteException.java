package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.kernels.number.Float8;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.TensorSource;

/** An input holds NaN or infinity, and the user asked to know. */
final class NonFiniteException extends UserException {
  private static final long serialVersionUID = 1;

  private NonFiniteException(TensorSource.Place place, double value) {
    super(
        "%s: element %s of %s is %s. Repair the model, or merge with check-finite=false"
            .formatted(place.origin(), place.element(), place.tensor(), value));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }

  static void check(TensorSource source, long firstElement, Operand operand) {
    for (int i = 0; i < operand.elements(); i++) {
      double value =
          switch (operand.dtype()) {
            case F8_E4M3 -> Float8.e4m3ToFloat(operand.bytes().get(i));
            case F8_E5M2 -> Float8.e5m2ToFloat(operand.bytes().get(i));
            case BF16 -> Bfloat16.toFloat(operand.shorts().get(i));
            case F16 -> Float16.toFloat(operand.shorts().get(i));
            case F32 -> operand.floats().get(i);
            case F64 -> operand.doubles().get(i);
            default -> throw new IllegalStateException(operand.dtype() + " in an operand");
          };
      if (!Double.isFinite(value)) {
        throw new NonFiniteException(source.place(firstElement + i), value);
      }
    }
  }
}
