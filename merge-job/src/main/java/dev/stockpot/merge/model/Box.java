package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A rectangular part of a view and where its elements lie in one other tensor. Of element {@code
 * origin + i} that is element {@code base + Σ iₐ · strideₐ}, over the axes {@code a}.
 *
 * @param leaf another source, whose elements are counted as they lie there
 * @param origin first place along each axis of the view
 * @param extent how many there are along each axis
 */
record Box(TensorSource leaf, List<Long> origin, List<Long> extent, long base, List<Long> strides) {
  Box {
    origin = List.copyOf(origin);
    extent = List.copyOf(extent);
    strides = List.copyOf(strides);
  }

  /** A source that is seen as it is. */
  static Box all(TensorSource leaf) {
    List<Long> dimensions = leaf.shape().dimensions();
    return new Box(
        leaf, Collections.nCopies(dimensions.size(), 0L), dimensions, 0, strides(dimensions));
  }

  /** From one place to the next along each axis of a tensor in row-major order. */
  static List<Long> strides(List<Long> dimensions) {
    List<Long> strides = new ArrayList<>(Collections.nCopies(dimensions.size(), 1L));
    for (int axis = dimensions.size() - 2; axis >= 0; axis--) {
      strides.set(axis, strides.get(axis + 1) * dimensions.get(axis + 1));
    }
    return strides;
  }

  /** A shape with another length along one axis. */
  static Shape with(Shape shape, int axis, long length) {
    return new Shape(with(shape.dimensions(), axis, length));
  }

  private static List<Long> with(List<Long> values, int place, long value) {
    List<Long> changed = new ArrayList<>(values);
    changed.set(place, value);
    return changed;
  }

  /** The same elements in a view that holds them further on. */
  Box shifted(int axis, long by) {
    return new Box(leaf, with(origin, axis, origin.get(axis) + by), extent, base, strides);
  }

  /** The part between two places along an axis; empty if there is none. */
  Optional<Box> within(int axis, long begin, long end) {
    long from = Math.max(begin, origin.get(axis));
    long to = Math.min(end, origin.get(axis) + extent.get(axis));
    if (to <= from) {
      return Optional.empty();
    }
    return Optional.of(
        new Box(
            leaf,
            with(origin, axis, from),
            with(extent, axis, to - from),
            base + (from - origin.get(axis)) * strides.get(axis),
            strides));
  }

  /** The same elements, two axes exchanged. */
  Box exchanged(int first, int second) {
    List<List<Long>> swapped = new ArrayList<>();
    for (List<Long> values : List.of(origin, extent, strides)) {
      List<Long> changed = new ArrayList<>(values);
      Collections.swap(changed, first, second);
      swapped.add(changed);
    }
    return new Box(leaf, swapped.get(0), swapped.get(1), base, swapped.get(2));
  }

  /**
   * What it has of another part of the view.
   *
   * @param rows strides of the view
   * @param first element of the view that is counted as the first
   */
  Optional<Patch> patch(SpanBoxes.Range part, List<Long> rows, long first) {
    long from = base;
    long to = -first;
    List<Long> extents = new ArrayList<>();
    for (int axis = 0; axis < extent.size(); axis++) {
      long begin = Math.max(origin.get(axis), part.begin().get(axis));
      long end = Math.min(origin.get(axis) + extent.get(axis), part.end().get(axis));
      if (end <= begin) {
        return Optional.empty();
      }
      from += (begin - origin.get(axis)) * strides.get(axis);
      to += begin * rows.get(axis);
      extents.add(end - begin);
    }
    return Optional.of(new Patch(from, to, extents, strides, rows).simplified());
  }
}
