package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.List;

/**
 * Codes as the numbers that they stand for, in float32, before any scale. They are packed along the
 * rows, each of which begins with an element of its own, or along the columns of a matrix.
 *
 * @param packed elements that hold several codes each
 * @param shape of the codes
 * @param alongColumns whether an element holds codes that lie one below the other
 */
public record Unpacked(TensorSource packed, Packing packing, Shape shape, boolean alongColumns)
    implements TensorSource {
  public Unpacked {
    requireNonNull(packed, "packed is null");
    requireNonNull(packing, "packing is null");
    requireNonNull(shape, "shape is null");
    long columns = shape.rowElements();
    long rows = columns == 0 ? 0 : shape.elements() / columns;
    long each = packing.perElement();
    long elements = alongColumns ? up(rows, each) * columns : rows * up(columns, each);
    if (!packing.fits(packed.dtype()) || packed.shape().elements() != elements) {
      throw new IllegalArgumentException(
          "%s %s do not hold codes of %s as %s"
              .formatted(packed.dtype(), packed.shape(), shape, packing));
    }
  }

  /** Packed along the rows. */
  public Unpacked(TensorSource packed, Packing packing, Shape shape) {
    this(packed, packing, shape, /* alongColumns= */ false);
  }

  private static long up(long count, long each) {
    return (count + each - 1) / each;
  }

  /** The element that holds a code. */
  public long elementOf(long code) {
    long row = code / shape.rowElements();
    long column = code % shape.rowElements();
    long each = packing.perElement();
    return alongColumns
        ? row / each * shape.rowElements() + column
        : row * up(shape.rowElements(), each) + column / each;
  }

  /** The elements that hold some codes, those between them included. */
  public ElementSpan packedOf(ElementSpan span) {
    if (span.count() == 0) {
      return new ElementSpan(0, 0);
    }
    long first = elementOf(span.first());
    long last = elementOf(span.end() - 1);
    if (alongColumns && span.count() > 1) { // of each column in these rows
      long columns = shape.rowElements();
      boolean isWithin = span.first() / columns == (span.end() - 1) / columns;
      first = isWithin ? first : first / columns * columns;
      last = isWithin ? last : last / columns * columns + columns - 1;
    }
    return new ElementSpan(first, last + 1 - first);
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public List<TensorSource> parts() {
    return List.of(packed);
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    return packed
        .footprint(packedOf(span))
        .plus(new Footprint(List.of(), Footprint.pages(span.bytes(dtype()).length())));
  }

  @Override
  public ElementPlace place(long element) {
    return packed.place(elementOf(element));
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("unpacked", packing, shape, alongColumns), parts());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.unpacked(this);
  }
}
