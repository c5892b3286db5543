package dev.stockpot.merge.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive elements of a tensor as rectangular parts of it: the end of a row, whole rows, the
 * beginning of a row, and so for every axis.
 */
final class SpanBoxes {
  private final List<Long> dimensions;
  private final List<Long> strides;
  private final List<Range> boxes = new ArrayList<>();

  /** A part of a tensor: places along each axis. */
  record Range(List<Long> begin, List<Long> end) {
    Range {
      begin = List.copyOf(begin);
      end = List.copyOf(end);
    }
  }

  private SpanBoxes(List<Long> dimensions) {
    this.dimensions = dimensions;
    this.strides = Box.strides(dimensions);
  }

  /** The parts, in order. */
  static List<Range> of(List<Long> dimensions, ElementSpan span) {
    SpanBoxes cuts = new SpanBoxes(dimensions);
    if (span.count() > 0) {
      cuts.cut(List.of(), span.first(), span.end());
    }
    return cuts.boxes;
  }

  /**
   * Cuts elements of a part that is one place along each of the first axes.
   *
   * @param fixed these places
   * @param begin first of the elements, counted from the beginning of the part
   */
  private void cut(List<Long> fixed, long begin, long end) {
    int axis = fixed.size();
    if (axis == dimensions.size()) {
      add(fixed, fixed.stream().map(place -> place + 1).toList());
      return;
    }
    long stride = strides.get(axis);
    long first = begin / stride;
    long last = (end - 1) / stride;
    boolean isWhole = begin % stride == 0 && end % stride == 0;
    if (isWhole) {
      addRows(fixed, first, last + 1);
    } else if (first == last) {
      cut(with(fixed, first), begin - first * stride, end - first * stride);
    } else {
      long rest = begin % stride;
      if (rest != 0) {
        cut(with(fixed, first), rest, stride);
      }
      long from = rest == 0 ? first : first + 1;
      long to = end % stride == 0 ? last + 1 : last;
      if (to > from) {
        addRows(fixed, from, to);
      }
      if (end % stride != 0) {
        cut(with(fixed, last), 0, end - last * stride);
      }
    }
  }

  /** Whole ones from one place to another along the axis that follows. */
  private void addRows(List<Long> fixed, long from, long to) {
    List<Long> begin = with(fixed, from);
    List<Long> end = new ArrayList<>(fixed.stream().map(place -> place + 1).toList());
    end.add(to);
    for (int axis = begin.size(); axis < dimensions.size(); axis++) {
      end.add(dimensions.get(axis));
    }
    while (begin.size() < dimensions.size()) {
      begin = with(begin, 0);
    }
    add(begin, end);
  }

  private void add(List<Long> begin, List<Long> end) {
    boxes.add(new Range(begin, end));
  }

  private static List<Long> with(List<Long> places, long next) {
    List<Long> more = new ArrayList<>(places);
    more.add(next);
    return more;
  }
}
