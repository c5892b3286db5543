package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.List;

/**
 * Rows of other tensors in an order of their own, or of none, which are zero: the embedding of a
 * model under another vocabulary. Where all sources are of one type rows are copied as they are;
 * else they are widened to float32, to be rounded once when all is merged.
 *
 * @param sources rows of one length; the first is the tensor that stands where this one does
 * @param map the source of each row
 * @param axis along which rows follow each other; those before it have a length of one
 */
public record Gathered(List<TensorSource> sources, RowMap map, int axis) implements TensorSource {
  public Gathered {
    sources = List.copyOf(sources);
    requireNonNull(map, "map is null");
    if (sources.isEmpty() || map.lastSource() >= sources.size()) {
      throw new IllegalArgumentException(
          "rows are taken from source %s of %s".formatted(map.lastSource(), sources.size()));
    }
    Shape row = rowOf(sources.get(0).shape(), axis);
    boolean areOfOneType = sources.stream().map(TensorSource::dtype).distinct().count() == 1;
    for (TensorSource source : sources) {
      View.requireWholeBytes(source.dtype());
      if (!rowOf(source.shape(), axis).equals(row)) {
        throw new IllegalArgumentException(
            "rows of %s do not fit into %s".formatted(source.shape(), sources.get(0).shape()));
      }
      if (!areOfOneType && !source.dtype().isReadable()) {
        throw new IllegalArgumentException(
            "%s rows are no numbers and cannot stand beside others".formatted(source.dtype()));
      }
    }
    for (RowMap.Run run : map.runs(0, map.rows())) {
      if (run.source() != RowMap.NOWHERE
          && run.row() + run.count() > rowsOf(sources.get(run.source()), axis)) {
        throw new IllegalArgumentException(
            "row %s of %s"
                .formatted(run.row() + run.count() - 1, sources.get(run.source()).shape()));
      }
    }
  }

  /** The shape of one row, which is the tensor's with a length of one along the axis. */
  private static Shape rowOf(Shape shape, int axis) {
    if (axis >= shape.dimensions().size()
        || shape.dimensions().subList(0, axis).stream().anyMatch(length -> length != 1)) {
      throw new IllegalArgumentException("%s has no rows along axis %s".formatted(shape, axis));
    }
    return Box.with(shape, axis, 1);
  }

  private static long rowsOf(TensorSource source, int axis) {
    return source.shape().dimensions().get(axis);
  }

  /** Elements of a row. */
  long rowElements() {
    return rowOf(sources.get(0).shape(), axis).elements();
  }

  @Override
  public DType dtype() {
    DType first = sources.get(0).dtype();
    return sources.stream().allMatch(source -> source.dtype() == first) ? first : DType.F32;
  }

  @Override
  public DType storedType() {
    return sources.get(0).storedType();
  }

  @Override
  public Shape shape() {
    return Box.with(sources.get(0).shape(), axis, map.rows());
  }

  @Override
  public List<TensorSource> parts() {
    return sources;
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    return Assembly.of(this, span).footprint();
  }

  /** Runs are short or long, here and there. */
  @Override
  public boolean isUneven() {
    return map.runs() > 1 || TensorSource.super.isUneven();
  }

  @Override
  public ElementPlace place(long element) {
    long row = element / rowElements();
    RowMap.Run run = map.runs(row, row + 1).get(0);
    return run.source() == RowMap.NOWHERE
        ? new ElementPlace("no tensor", "a row of zeros", element % rowElements())
        : sources.get(run.source()).place(run.row() * rowElements() + element % rowElements());
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("gathered", axis, map.digest()), parts());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.gathered(this);
  }
}
