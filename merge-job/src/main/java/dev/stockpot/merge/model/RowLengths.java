package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import java.util.List;

/**
 * Each row is scaled to a length of its own, by the float32 that is nearest to the quotient of that
 * and the row's Euclidean length: DoRA.
 *
 * @param lengths one for each row
 * @see <a href="https://arxiv.org/abs/2402.09353">DoRA: Weight-Decomposed Low-Rank Adaptation</a>
 */
public record RowLengths(TensorSource lengths) implements Change {
  public RowLengths {
    requireNonNull(lengths, "lengths is null");
  }

  @Override
  public List<TensorSource> sources() {
    return List.of(lengths);
  }

  @Override
  public boolean goesByRows() {
    return true;
  }

  @Override
  public List<Needed> needed(Shape shape, Rows rows) {
    return List.of(new Needed(lengths, rows.span(1)));
  }

  @Override
  public void requireFits(Shape shape) {
    Change.requireElements(lengths, shape.elements() / Math.max(1, shape.columns()), shape);
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("row lengths"), sources());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.rowLengths(this);
  }
}
