package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of another tensor along one axis: one of several fused projections, one of several
 * stacked experts.
 *
 * @param begin first place along the axis
 * @param end the place behind the last one
 */
record Section(TensorSource whole, int axis, long begin, long end) implements View {
  public Section {
    requireNonNull(whole, "whole is null");
    View.requireWholeBytes(whole.dtype());
    List<Long> dimensions = whole.shape().dimensions();
    if (axis < 0 || axis >= dimensions.size()) {
      throw new IllegalArgumentException("%s has no axis %s".formatted(whole.shape(), axis));
    }
    if (begin < 0 || end < begin || end > dimensions.get(axis)) {
      throw new IllegalArgumentException(
          "%s to %s along axis %s of %s".formatted(begin, end, axis, whole.shape()));
    }
  }

  @Override
  public List<TensorSource> parts() {
    return List.of(whole);
  }

  @Override
  public Shape shape() {
    return Box.with(whole.shape(), axis, end - begin);
  }

  @Override
  public List<Box> boxes() {
    List<Box> boxes = new ArrayList<>();
    for (Box box : whole.boxes()) {
      box.within(axis, begin, end).ifPresent(kept -> boxes.add(kept.shifted(axis, -begin)));
    }
    return boxes;
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("section", axis, begin, end), parts());
  }
}
