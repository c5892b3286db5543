package dev.stockpot.merge.model;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a tensor of a model is made of. Sources nest. Who plans asks what they cost; package {@code
 * part} turns spans of them into operands; who merges never learns which kind there is.
 */
public sealed interface TensorSource extends Serializable
    permits Stored,
        View,
        Made,
        Gathered,
        RowMean,
        Baked,
        Reduced,
        Dequantised,
        Unpacked,
        Indexed,
        Generated,
        Initialised,
        Solved,
        Reordered {
  DType dtype();

  /**
   * The type that it would be stored as: what is merged from it has it where nobody asks for
   * another. What is computed on the way has more digits than that, and is rounded at the end.
   */
  default DType storedType() {
    return dtype();
  }

  Shape shape();

  /** The sources that it is made of, in order; none if it is stored. */
  List<TensorSource> parts();

  /** What is read for these elements, and the memory that takes. */
  Footprint footprint(ElementSpan span);

  /**
   * Whether elements that follow each other need stored bytes that do: read a span at a time,
   * nearly nothing is read twice. If not, as many as possible are to be had at once.
   */
  default boolean streams() {
    return parts().stream().allMatch(TensorSource::streams);
  }

  /** Whether some spans take more memory than others of their size. */
  default boolean isUneven() {
    return parts().stream().anyMatch(TensorSource::isUneven);
  }

  /**
   * Whether any of its elements takes all of what it is made of: it is had once for all elements,
   * or else made anew each time.
   */
  default boolean isWhole() {
    return parts().stream().anyMatch(TensorSource::isWhole);
  }

  /**
   * The FP8 codes with scales that it is made of, adapters aside; empty if it is made otherwise, or
   * what it is could not be stored so again.
   */
  default Optional<Dequantised> coded() {
    return Optional.empty();
  }

  /** Why spans of it cannot be had, whatever is read for them. Empty if they can. */
  default Optional<String> obstacle() {
    return parts().stream().flatMap(part -> part.obstacle().stream()).findFirst();
  }

  /** Operations of floating point that it takes beyond some for each element. */
  default double operations() {
    return parts().stream().mapToDouble(TensorSource::operations).sum();
  }

  /** Where each of its elements lies in sources that are no views: boxes that fill it. */
  default List<Box> boxes() {
    return List.of(Box.all(this));
  }

  /** Where an element is stored, or what makes it. */
  ElementPlace place(long element);

  /** What distinguishes it from any other source, in one order: it is printed and hashed. */
  List<Object> identity();

  <R> R accept(Visitor<R> visitor);

  /** A matrix, transposed. */
  default TensorSource transposed() {
    return Transposed.of(this);
  }

  /** This one with two of its axes exchanged. */
  default TensorSource exchanged(int first, int second) {
    return new Transposed(this, first, second);
  }

  /** Places {@code [begin, end)} along one axis. */
  default TensorSource section(int axis, long begin, long end) {
    return new Section(this, axis, begin, end);
  }

  /** Places along one axis in another order; as it is, if that moves nothing. */
  default TensorSource reordered(int axis, Permutation order) {
    boolean isSame = order.moved() == 0 || shape().elements() == 0;
    return isSame ? this : new Reordered(this, axis, order);
  }

  /** The same elements in the same order, under another shape of as many. */
  default TensorSource reshaped(Shape shape) {
    return new Reshaped(this, shape);
  }

  /** This one with a change. Nothing is rounded between changes, nor after the last of them. */
  default Baked changed(Change change) {
    return new Baked(this, List.of(change), DType.F32);
  }

  /** This one in another type, rounded to nearest; as it is, if it has that type. */
  default TensorSource as(DType type) {
    return type == dtype() ? this : new Baked(this, List.of(), type);
  }

  /**
   * Several one behind the other.
   *
   * @param parts of one type, and of one shape but for the axis
   */
  static TensorSource joined(List<TensorSource> parts, int axis) {
    return new Joined(parts, axis);
  }

  /** The identity of what is called by a few words, and is made of these. */
  static List<Object> identity(List<Object> words, List<TensorSource> parts) {
    List<Object> identity = new ArrayList<>(words);
    parts.forEach(part -> identity.addAll(part.identity()));
    return identity;
  }

  /** All bytes of the tensor, were it stored. */
  default long byteCount() {
    return ElementSpan.all(shape()).bytes(dtype()).length();
  }

  /** What can be done with each kind. */
  interface Visitor<R> {
    R stored(Stored source);

    R view(View source);

    R made(Made source);

    R gathered(Gathered source);

    R dequantised(Dequantised source);

    R unpacked(Unpacked source);

    R indexed(Indexed source);

    R rowMean(RowMean source);

    R baked(Baked source);

    R reduced(Reduced source);

    R generated(Generated source);

    R initialised(Initialised source);

    R solved(Solved source);

    R reordered(Reordered source);
  }
}
