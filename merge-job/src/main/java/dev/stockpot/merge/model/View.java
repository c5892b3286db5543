package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.DType;
import java.util.List;
import java.util.Optional;

/** The elements of other sources in another arrangement, unchanged. */
public sealed interface View extends TensorSource permits Joined, Section, Transposed, Reshaped {

  /** Where each of its elements lies: boxes that fill it, none over another. */
  List<Box> boxes();

  @Override
  default Footprint footprint(ElementSpan span) {
    return Assembly.of(this, span).footprint();
  }

  @Override
  default Optional<String> obstacle() {
    return boxes().stream().flatMap(box -> box.leaf().obstacle().stream()).findFirst();
  }

  @Override
  default boolean isWhole() {
    return boxes().stream().anyMatch(box -> box.leaf().isWhole());
  }

  @Override
  default Place place(long element) {
    return Assembly.of(this, new ElementSpan(element, 1)).place();
  }

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.view(this);
  }

  /** The boxes of a source: its own, or one that is all of it. */
  static List<Box> boxesOf(TensorSource source) {
    return source.accept(
        new Visitor<>() {
          @Override
          public List<Box> stored(Stored stored) {
            return List.of(Box.all(stored));
          }

          @Override
          public List<Box> view(View view) {
            return view.boxes();
          }

          @Override
          public List<Box> made(Made made) {
            return List.of(Box.all(made));
          }

          @Override
          public List<Box> reduced(Reduced reduced) {
            return List.of(Box.all(reduced));
          }

          @Override
          public List<Box> baked(Baked baked) {
            return List.of(Box.all(baked));
          }

          @Override
          public List<Box> gathered(Gathered gathered) {
            return List.of(Box.all(gathered));
          }

          @Override
          public List<Box> dequantised(Dequantised numbers) {
            return List.of(Box.all(numbers));
          }

          @Override
          public List<Box> rowMean(RowMean mean) {
            return List.of(Box.all(mean));
          }
        });
  }

  /** Refuses elements that are parts of bytes, which cannot be taken one by one. */
  static void requireWholeBytes(DType dtype) {
    if (dtype.bits() % Byte.SIZE != 0) {
      throw new IllegalArgumentException(
          "%s elements are packed and cannot be rearranged".formatted(dtype));
    }
  }
}
