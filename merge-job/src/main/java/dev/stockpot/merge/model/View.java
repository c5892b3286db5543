package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.DType;
import java.util.List;
import java.util.Optional;

/** The elements of other sources in another arrangement, unchanged. */
public sealed interface View extends TensorSource permits Joined, Section, Transposed, Reshaped {

  /** None lies over another. */
  @Override
  List<Box> boxes();

  @Override
  default DType dtype() {
    return parts().get(0).dtype();
  }

  @Override
  default DType storedType() {
    return parts().get(0).storedType();
  }

  @Override
  default Footprint footprint(ElementSpan span) {
    return Assembly.of(this, span).footprint();
  }

  /** Only what it shows can be in the way. */
  @Override
  default Optional<String> obstacle() {
    return boxes().stream().flatMap(box -> box.leaf().obstacle().stream()).findFirst();
  }

  @Override
  default ElementPlace place(long element) {
    return Assembly.of(this, new ElementSpan(element, 1)).place();
  }

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.view(this);
  }

  /** Refuses elements that are parts of bytes, which cannot be taken one by one. */
  static void requireWholeBytes(DType dtype) {
    if (dtype.bits() % Byte.SIZE != 0) {
      throw new IllegalArgumentException(
          "%s elements are packed and cannot be rearranged".formatted(dtype));
    }
  }
}
