package dev.stockpot.merge.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Elements that are copied from one row-major run of elements into another. Element {@code i} of
 * the box goes from {@code from + Σ iₐ · fromStrideₐ} to {@code to + Σ iₐ · toStrideₐ}.
 *
 * @param extents of the box along its axes, of which there may be none for a single element
 */
public record Patch(
    long from, long to, List<Long> extents, List<Long> fromStrides, List<Long> toStrides) {
  public Patch {
    extents = List.copyOf(extents);
    fromStrides = List.copyOf(fromStrides);
    toStrides = List.copyOf(toStrides);
  }

  /** A run of elements that stay beside each other. */
  static Patch run(long from, long to, long count) {
    return new Patch(from, to, List.of(count), List.of(1L), List.of(1L));
  }

  /** With as few axes as say the same. */
  Patch simplified() {
    List<Long> sizes = new ArrayList<>();
    List<Long> froms = new ArrayList<>();
    List<Long> tos = new ArrayList<>();
    for (int axis = extents.size() - 1; axis >= 0; axis--) {
      long size = extents.get(axis);
      if (size == 1) {
        continue;
      }
      int inner = 0; // the axis found last, the next one inside
      boolean follows =
          !sizes.isEmpty()
              && fromStrides.get(axis) == froms.get(inner) * sizes.get(inner)
              && toStrides.get(axis) == tos.get(inner) * sizes.get(inner);
      if (follows) {
        sizes.set(inner, sizes.get(inner) * size);
      } else {
        sizes.add(inner, size);
        froms.add(inner, fromStrides.get(axis));
        tos.add(inner, toStrides.get(axis));
      }
    }
    return sizes.isEmpty() ? run(from, to, 1) : new Patch(from, to, sizes, froms, tos);
  }

  /** Whether its elements stay beside each other. */
  boolean isRun() {
    return extents.size() == 1 && fromStrides.get(0) == 1 && toStrides.get(0) == 1;
  }

  long elements() {
    return extents.stream().reduce(1L, Math::multiplyExact);
  }

  /** Whether another run goes on where this one ends, on both sides. */
  boolean isContinuedBy(Patch next) {
    return isRun() && next.isRun() && from + elements() == next.from && to + elements() == next.to;
  }

  Patch movedFrom(long by) {
    return new Patch(from + by, to, extents, fromStrides, toStrides);
  }

  /** The place behind its last element, where it is taken from. */
  long fromEnd() {
    long last = from;
    for (int axis = 0; axis < extents.size(); axis++) {
      last += (extents.get(axis) - 1) * fromStrides.get(axis);
    }
    return last + 1;
  }

  /**
   * Parts of it, none of which leaves out so many elements in a row where it is taken from.
   *
   * @param gap most elements that are left out
   */
  List<Patch> splitAt(long gap) {
    int widest = -1; // of the axes along which there is more than one
    for (int axis = 0; axis < extents.size(); axis++) {
      boolean isWider = widest < 0 || fromStrides.get(axis) > fromStrides.get(widest);
      widest = extents.get(axis) > 1 && isWider ? axis : widest;
    }
    if (widest < 0) {
      return List.of(this);
    }
    List<Long> sizes = new ArrayList<>(extents);
    sizes.set(widest, 1L);
    Patch inner = new Patch(from, to, sizes, fromStrides, toStrides);
    long leftOut = fromStrides.get(widest) - (inner.fromEnd() - from);
    if (leftOut <= gap) {
      return List.of(this);
    }
    List<Patch> parts = new ArrayList<>();
    for (long i = 0; i < extents.get(widest); i++) {
      Patch part =
          new Patch(
              from + i * fromStrides.get(widest),
              to + i * toStrides.get(widest),
              sizes,
              fromStrides,
              toStrides);
      parts.addAll(part.simplified().splitAt(gap));
    }
    return parts;
  }
}
