package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import java.util.List;

/**
 * The product of two thin matrices is added: a LoRA. {@code out[i, j] = in[i, j] + scale · Σₖ
 * left[i, k] · right[k, j]}, each product and sum rounded to float32, the sum in the order of
 * {@code k}.
 *
 * @param left of as many rows as the tensor has, and {@code rank} columns
 * @param right of {@code rank} rows, and as many columns as the tensor has; as many such matrices
 *     one behind the other as there are batches
 * @param batches consecutive parts of the tensor's rows, all of a size, each of which has a right
 *     side of its own: experts
 * @see <a href="https://arxiv.org/abs/2106.09685">LoRA: Low-Rank Adaptation of Large Language
 *     Models</a>
 */
public record LowRank(TensorSource left, TensorSource right, long rank, float scale, long batches)
    implements Change {
  public LowRank {
    requireNonNull(left, "left is null");
    requireNonNull(right, "right is null");
    if (rank < 1 || batches < 1 || !Float.isFinite(scale)) {
      throw new IllegalArgumentException(
          "rank %s, scale %s, %s batches".formatted(rank, scale, batches));
    }
  }

  /** One of the whole tensor. */
  public LowRank(TensorSource left, TensorSource right, long rank, float scale) {
    this(left, right, rank, scale, 1);
  }

  /** Rows of each batch. */
  public long rowsPerBatch() {
    return left.shape().elements() / rank / batches;
  }

  @Override
  public List<TensorSource> sources() {
    return List.of(left, right);
  }

  @Override
  public boolean goesByRows() {
    return true;
  }

  @Override
  public List<Needed> needed(Shape shape, Rows rows) {
    long first = rows.first() / rowsPerBatch();
    long last = (rows.first() + rows.count() - 1) / rowsPerBatch();
    long matrix = rank * shape.columns();
    return List.of(
        new Needed(left, rows.span(rank)),
        new Needed(right, new ElementSpan(first * matrix, (last - first + 1) * matrix)));
  }

  @Override
  public void requireFits(Shape shape) {
    long rows = shape.elements() / Math.max(1, shape.columns());
    Change.requireElements(left, rows * rank, shape);
    Change.requireElements(right, batches * shape.columns() * rank, shape);
    if (rows % batches != 0) {
      throw new IllegalArgumentException("%s rows in %s batches".formatted(rows, batches));
    }
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("low rank", rank, scale, batches), sources());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.lowRank(this);
  }
}
