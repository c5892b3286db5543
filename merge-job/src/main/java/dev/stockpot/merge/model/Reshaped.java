package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import java.util.Collections;
import java.util.List;

/**
 * The same elements in the same order, under another shape.
 *
 * @param shape of as many elements
 */
record Reshaped(TensorSource source, Shape shape) implements View {
  public Reshaped {
    requireNonNull(source, "source is null");
    View.requireWholeBytes(source.dtype());
    if (source.shape().elements() != shape.elements()) {
      throw new IllegalArgumentException("%s as %s".formatted(source.shape(), shape));
    }
  }

  @Override
  public List<TensorSource> parts() {
    return List.of(source);
  }

  @Override
  public List<Box> boxes() {
    List<Long> dimensions = shape.dimensions();
    return List.of(
        new Box(
            source,
            Collections.nCopies(dimensions.size(), 0L),
            dimensions,
            0,
            Box.strides(dimensions)));
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("reshaped", shape), parts());
  }
}
