package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.List;

/**
 * Columns of a matrix by an index that is stored: {@code out[r, c] = table[r, index[c]]}. Where the
 * index says -1, it is the place of the column's group of equally many.
 *
 * @param table of numbers, a row for each row
 * @param index of each column, I32
 */
public record Indexed(TensorSource table, TensorSource index) implements TensorSource {
  public Indexed {
    requireNonNull(table, "table is null");
    requireNonNull(index, "index is null");
    if (table.shape().dimensions().size() != 2
        || !table.dtype().isReadable()
        || index.dtype() != DType.I32
        || index.shape().dimensions().size() != 1) {
      throw new IllegalArgumentException(
          "%s %s are no columns of %s %s"
              .formatted(index.dtype(), index.shape(), table.dtype(), table.shape()));
    }
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public DType storedType() {
    return table.storedType();
  }

  @Override
  public Shape shape() {
    return Shape.of(table.shape().dimensions().get(0), index.shape().elements());
  }

  /** The whole rows of the table that some elements need. */
  public ElementSpan tableOf(ElementSpan span) {
    long columns = shape().rowElements();
    long width = table.shape().rowElements();
    long first = span.first() / columns;
    long end = (span.end() + columns - 1) / columns;
    return new ElementSpan(first * width, (end - first) * width);
  }

  /** The group that a column lies in. */
  public int group(int said, long column) {
    long width = table.shape().rowElements();
    long group = said == -1 ? column * width / index.shape().elements() : said;
    if (group < 0 || group >= width) {
      throw new IllegalArgumentException(
          "column %s is of group %s, and there are %s".formatted(column, said, width));
    }
    return (int) group;
  }

  @Override
  public List<TensorSource> parts() {
    return List.of(table, index);
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    return table
        .footprint(tableOf(span))
        .plus(index.footprint(ElementSpan.all(index.shape())))
        .plus(new Footprint(List.of(), Footprint.pages(span.bytes(dtype()).length())));
  }

  @Override
  public ElementPlace place(long element) {
    return table.place(element / shape().rowElements() * table.shape().rowElements());
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("indexed"), parts());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.indexed(this);
  }
}
