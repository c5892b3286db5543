package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Several tensors one behind the other: fused projections, sharded training checkpoints.
 *
 * @param parts of one type, and of one shape but for the axis
 * @param axis along which they follow each other
 */
record Joined(List<TensorSource> parts, int axis) implements View {
  public Joined {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("nothing is joined along axis " + axis);
    }
    TensorSource first = parts.get(0);
    View.requireWholeBytes(first.dtype());
    if (axis < 0 || axis >= first.shape().dimensions().size()) {
      throw new IllegalArgumentException("%s has no axis %s".formatted(first.shape(), axis));
    }
    for (TensorSource part : parts) {
      if (part.dtype() != first.dtype() || !fits(part.shape(), first.shape(), axis)) {
        throw new IllegalArgumentException(
            "%s %s does not follow %s %s along axis %s"
                .formatted(part.dtype(), part.shape(), first.dtype(), first.shape(), axis));
      }
    }
  }

  private static boolean fits(Shape shape, Shape first, int axis) {
    return shape.dimensions().size() == first.dimensions().size()
        && Box.with(shape, axis, first.dimensions().get(axis)).equals(first);
  }

  @Override
  public Shape shape() {
    long length = parts.stream().mapToLong(part -> part.shape().dimensions().get(axis)).sum();
    return Box.with(parts.get(0).shape(), axis, length);
  }

  @Override
  public List<Box> boxes() {
    List<Box> boxes = new ArrayList<>();
    long begin = 0;
    for (TensorSource part : parts) {
      for (Box box : part.boxes()) {
        boxes.add(box.shifted(axis, begin));
      }
      begin += part.shape().dimensions().get(axis);
    }
    return boxes;
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("joined", axis, parts.size()), parts());
  }
}
