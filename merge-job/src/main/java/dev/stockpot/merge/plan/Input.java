package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import java.io.Serializable;

/**
 * What a work reads.
 *
 * @param reach what of it some elements of the work need
 */
public record Input(TensorSource source, Reach reach) implements Serializable {

  /** What of an input some elements of a work need. */
  public enum Reach {
    /** The elements at the same places. */
    SAME_ELEMENTS {
      @Override
      ElementSpan of(TensorSource source, ElementSpan span, Shape shape) {
        return span;
      }
    },
    /** The whole rows in which they lie: rows may be of another length here. */
    SAME_ROWS {
      @Override
      ElementSpan of(TensorSource source, ElementSpan span, Shape shape) {
        long row = Math.max(1, shape.rowElements());
        long ours = source.shape().elements() / Math.max(1, shape.elements() / row);
        long begin = span.first() / row;
        long end = (span.end() + row - 1) / row;
        return new ElementSpan(begin * ours, (end - begin) * ours);
      }
    },
    /** All of it. */
    WHOLE {
      @Override
      ElementSpan of(TensorSource source, ElementSpan span, Shape shape) {
        return ElementSpan.all(source.shape());
      }
    };

    abstract ElementSpan of(TensorSource source, ElementSpan span, Shape shape);
  }

  public Input {
    requireNonNull(source, "source is null");
    requireNonNull(reach, "reach is null");
  }

  /**
   * What is needed of it.
   *
   * @param span elements of the work
   * @param shape of all that the work goes through
   */
  public ElementSpan span(ElementSpan span, Shape shape) {
    return reach.of(source, span, shape);
  }

  Footprint footprint(ElementSpan span, Shape shape) {
    return source.footprint(span(span, shape));
  }
}
