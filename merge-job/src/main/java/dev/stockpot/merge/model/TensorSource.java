package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What a tensor of a model is made of. Sources nest. Who plans asks what they cost; package {@code
 * part} turns spans of them into operands; who merges never learns which kind there is.
 */
public sealed interface TensorSource extends Serializable permits Stored, View, Made, Baked {
  DType dtype();

  Shape shape();

  /** What is read for these elements, and the memory that takes. */
  Footprint footprint(ElementSpan span);

  /**
   * Whether elements that follow each other need stored bytes that do: read a span at a time,
   * nearly nothing is read twice. If not, as many as possible are to be had at once.
   */
  boolean streams();

  /** Why spans of it cannot be had, whatever is read for them. Empty if they can. */
  default Optional<String> obstacle() {
    return Optional.empty();
  }

  /** Where an element is stored, or what makes it. */
  Place place(long element);

  /** What distinguishes it from any other source, in one order: it is printed and hashed. */
  List<Object> identity();

  <R> R accept(Visitor<R> visitor);

  /** All bytes of the tensor, were it stored. */
  default long byteCount() {
    return ElementSpan.all(shape()).bytes(dtype()).length();
  }

  /**
   * Where an element comes from.
   *
   * @param origin the file, or what makes the tensor
   * @param element its place in that tensor
   */
  record Place(String origin, String tensor, long element) {}

  /** What can be done with each kind. */
  interface Visitor<R> {
    R stored(Stored source);

    R view(View source);

    R made(Made source);

    R baked(Baked source);
  }
}
