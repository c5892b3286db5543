package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.io.Serializable;
import java.util.List;

/**
 * What becomes of a tensor that is {@link Baked}. The tensor is taken for a matrix: one row for
 * each place along its first axis.
 */
public sealed interface Change extends Serializable permits LowRank, RowLengths, Addition {

  /** The other tensors that it works with, in order. */
  List<TensorSource> sources();

  /** Whether it needs whole rows of the tensor. */
  boolean goesByRows();

  /** What it needs to change some rows, in order: as float32. */
  List<Needed> needed(Shape shape, Rows rows);

  /**
   * Refuses a tensor that it does not fit.
   *
   * @throws IllegalArgumentException if it does not
   */
  void requireFits(Shape shape);

  /** What distinguishes it from any other change, in one order: it is printed and hashed. */
  List<Object> identity();

  <R> R accept(Visitor<R> visitor);

  /** What can be done with each kind. */
  interface Visitor<R> {
    R lowRank(LowRank change);

    R rowLengths(RowLengths change);

    R addition(Addition change);
  }

  /**
   * Consecutive rows of a matrix; whatever has no rows is one.
   *
   * @param columns elements of each
   */
  record Rows(long first, long count, long columns) {
    /** The rows in which elements of a tensor lie. */
    static Rows of(Shape shape, ElementSpan span) {
      long columns = Math.max(1, shape.columns());
      long first = span.first() / columns;
      return new Rows(first, (span.end() + columns - 1) / columns - first, columns);
    }

    /** Their elements. */
    public ElementSpan elements() {
      return span(columns);
    }

    /** The elements of the same rows of another matrix. */
    ElementSpan span(long columns) {
      return new ElementSpan(first * columns, count * columns);
    }
  }

  /** Elements of another tensor. */
  record Needed(TensorSource source, ElementSpan span) {
    /** Whether it must be widened to float32 in a buffer of its own. */
    public boolean isWidened() {
      return source.dtype() != DType.F32;
    }

    Footprint footprint() {
      Footprint stored = source.footprint(span);
      long wide = isWidened() ? Footprint.pages(span.count() * Float.BYTES) : 0;
      return new Footprint(stored.ranges(), stored.memory() + wide);
    }
  }

  /** Refuses a tensor of another number of elements. */
  static void requireElements(TensorSource source, long elements, Shape shape) {
    if (source.shape().elements() != elements || !source.dtype().isReadable()) {
      throw new IllegalArgumentException(
          "%s %s does not fit %s, for which it must have %s elements"
              .formatted(source.dtype(), source.shape(), shape, elements));
    }
  }
}
